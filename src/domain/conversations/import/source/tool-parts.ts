import { type Fields, fieldsOf, idOf, isFields, textOf } from './conversation.ts';
import { type Piece, toAnsweredCall, toCall, toResult } from './pieces.ts';

type ReadPart = (part: Fields) => Piece[];

/** Readers of the parts with calls and results of tools, by the types of each provider. */
const READERS = new Map<string, ReadPart>(
  Object.entries<ReadPart>({
    tool_use: ({ id, name, input }) => [toCall(id, name, input)],
    server_tool_use: ({ id, name, input }) => [toCall(id, name, input)],
    mcp_tool_use: ({ id, name, input }) => [toCall(id, name, input)],
    tool_result: readAnthropicResult,
    tool_call: readLibreChatCall,
    toolCallRequest: ({ callId, id, name, parameters, arguments: given }) => [
      toCall(idOf(callId ?? id), name, parameters ?? given),
    ],
    toolCallResult: ({ callId, toolCallId, content }) => [toResult(idOf(callId ?? toolCallId), content)],
    functionCall: inside('functionCall', ({ id, name, args }) => [toCall(id, name, args)]),
    functionResponse: inside('functionResponse', ({ id, response }) => [toResult(id, response)]),
    executableCode: inside('executableCode', ({ id, code }) => [toCall(id, 'code', code)]),
    codeExecutionResult: inside('codeExecutionResult', ({ id, output }) => [toResult(id, output)]),
    toolUse: inside('toolUse', ({ toolUseId, name, input }) => [toCall(toolUseId, name, input)]),
    toolResult: inside('toolResult', ({ toolUseId, content }) => [toResult(toolUseId, openJson(content))]),
    tool: ({ callID, tool, state }) => {
      const { input, output, error } = isFields(state) ? state : {};
      return toAnsweredCall(callID, tool, input, output ?? error); // OpenCode
    },
    'dynamic-tool': readToolPart,
    'tool-invocation': readToolPart,
  }),
);

/** Types of items with calls and results of tools in OpenAI's responses. */
const CALL_ITEM =
  /^(?:function|custom_tool|local_shell|shell|apply_patch|web_search|file_search|tool_search|code_interpreter|mcp|computer)_call(?:_output)?$/;

/** Whether a type is that of an item with a call or result of a tool in OpenAI's responses; these are not parts of a message. */
export const isCallItemType = (type: unknown): boolean => typeof type === 'string' && CALL_ITEM.test(type);

/** Returns the reader of a type of parts; undefined for types without calls or results. */
export function toolReaderOf(type: string): ReadPart | undefined {
  if (type.endsWith('_tool_result')) return readAnthropicResult; // web_search_tool_result, mcp_tool_result
  return (
    READERS.get(type) ?? (CALL_ITEM.test(type) ? readCallItem : type.startsWith('tool-') ? readToolPart : undefined)
  );
}

function readAnthropicResult({ tool_use_id, content }: Fields): Piece[] {
  return [toResult(tool_use_id, content)];
}

/** Reads the field of a part whose name is its type: Gemini, Bedrock. */
function inside(name: string, read: ReadPart): ReadPart {
  return ({ [name]: value }) => (isFields(value) ? read(value) : []);
}

/** Bedrock has one value of JSON as a list of one part. */
function openJson(content: unknown): unknown {
  const [part, ...others] = fieldsOf(content);
  return part && others.length === 0 && part.json !== undefined ? part.json : content;
}

/** Reads an item; each kind has its arguments and its result in fields of its own. */
function readCallItem(item: Fields): Piece[] {
  const type = textOf(item.type) ?? '';
  const id = item.call_id ?? item.id;
  const output = item.output ?? item.results ?? item.outputs;
  if (type.endsWith('_output')) return [toResult(id, output)];
  const given = item.arguments ?? item.input ?? item.action ?? item.code ?? item.queries;
  return toAnsweredCall(id, textOf(item.name) ?? type.replace(/_call$/, ''), given, output);
}

/** Reads a part of the AI SDK, which has the result with the call; newer ones have the tool's name in the type. */
function readToolPart(part: Fields): Piece[] {
  const call = isFields(part.toolInvocation) ? part.toolInvocation : part;
  const name = textOf(call.toolName) ?? textOf(part.type)?.replace(/^tool-/, '');
  return toAnsweredCall(call.toolCallId, name, call.input ?? call.args, call.output ?? call.result ?? call.errorText);
}

/** Reads a call of LibreChat, which has the result with the call. */
function readLibreChatCall(part: Fields): Piece[] {
  const call = isFields(part.tool_call) ? part.tool_call : part;
  const of = isFields(call.function) ? call.function : call;
  return toAnsweredCall(call.id, of.name, of.args ?? of.arguments, call.output ?? of.output);
}
