import { type Fields, idOf, isFields, textOf } from './conversation.ts';
import type { Omit } from './omissions.ts';

/** What the content of a message is made of, once what cannot be imported is passed over. */
export type Piece =
  | { text: string }
  | { call: { id: string | null; name: string; arguments: unknown } }
  | { result: { callId: string | null; output: unknown } };

/**
 * Reads the content of a message, whoever wrote it: a text, or parts in the forms of OpenAI (chat messages and responses),
 * Anthropic, ChatGPT and LibreChat.
 */
export function readContent(content: unknown, omit: Omit): Piece[] {
  if (Array.isArray(content)) return content.flatMap((part) => readPart(part, omit));
  if (content === null || content === undefined) return [];
  return readPart(content, omit);
}

export function joinTexts(pieces: readonly Piece[]): string {
  return pieces.flatMap((piece) => ('text' in piece ? [piece.text] : [])).join('\n');
}

function readPart(part: unknown, omit: Omit): Piece[] {
  if (typeof part === 'string') return toText(part);
  if (!isFields(part)) {
    omit('UNKNOWN_CONTENT');
    return [];
  }
  if (isFields(part.part)) return readPart({ ...part.part, type: part.part.pt }, omit); // big-AGI
  const type = typeOf(part);
  if (part.thought === true || part.phase === 'think' || kindOf(type) === 'REASONING') {
    omit('REASONING', kindOf(type) === 'REASONING' ? type : null);
    return [];
  }
  const read = READERS.get(type) ?? (type.startsWith('tool-') ? readToolPart : undefined);
  if (read) return read(part, omit);
  const text = toText(textIn(part));
  if (text.length === 0) omit(kindOf(type), fileNameOf(part) ?? type);
  return text;
}

/** Gemini's parts have no type, and what they are under its name. */
const GEMINI_PARTS = [
  'functionCall',
  'functionResponse',
  'executableCode',
  'codeExecutionResult',
  'inlineData',
  'fileData',
];

function typeOf(part: Fields): string {
  const type = part.type ?? part.content_type ?? GEMINI_PARTS.find((name) => isFields(part[name]));
  const { inlineData: data } = part;
  if (type === 'inlineData' && isFields(data)) return textOf(data.mimeType) ?? 'file';
  return type === undefined || type === null ? 'text' : (textOf(type) ?? 'unknown');
}

type ReadPart = (part: Fields, omit: Omit) => Piece[];

const readTextPart: ReadPart = (part) => toText(textIn(part));

const READERS = new Map<string, ReadPart>(
  Object.entries<ReadPart>({
    text: readTextPart,
    input_text: readTextPart,
    output_text: readTextPart,
    audio_transcription: readTextPart,
    refusal: ({ refusal }) => toText(refusal),
    tool_use: ({ id, name, input }) => [toCall(id, name, input)],
    server_tool_use: ({ id, name, input }) => [toCall(id, name, input)],
    function_call: ({ call_id, name, arguments: given }) => [toCall(call_id, name, given)],
    tool_result: ({ tool_use_id, content }) => [toResult(tool_use_id, content)],
    function_call_output: ({ call_id, output }) => [toResult(call_id, output)],
    tool_call: readLibreChatCall,
    toolCallRequest: ({ callId, id, name, parameters, arguments: given }) => [
      toCall(idOf(callId ?? id), name, parameters ?? given),
    ],
    toolCallResult: ({ callId, toolCallId, content }) => [toResult(idOf(callId ?? toolCallId), content)],
    functionCall: ({ functionCall: call }) => (isFields(call) ? [toCall(call.id, call.name, call.args)] : []),
    functionResponse: ({ functionResponse: given }) => (isFields(given) ? [toResult(given.id, given.response)] : []),
    executableCode: ({ executableCode: code }) => (isFields(code) ? [toCall(code.id, 'code', code.code)] : []),
    codeExecutionResult: ({ codeExecutionResult: given }) =>
      isFields(given) ? [toResult(given.id, given.output)] : [],
    'dynamic-tool': readToolPart,
    'tool-invocation': readToolPart,
    'step-start': () => [],
  }),
);

/** The AI SDK keeps what a tool returned with its call, whose name is in the type of newer ones. */
function readToolPart(part: Fields): Piece[] {
  const call = isFields(part.toolInvocation) ? part.toolInvocation : part;
  const name = textOf(call.toolName) ?? textOf(part.type)?.replace(/^tool-/, '');
  const output = call.output ?? call.result ?? call.errorText;
  const asked = toCall(call.toolCallId, name, call.input ?? call.args);
  return output === null || output === undefined ? [asked] : [asked, toResult(call.toolCallId, output)];
}

/** LibreChat keeps what a tool returned with its call. */
function readLibreChatCall(part: Fields): Piece[] {
  const call = isFields(part.tool_call) ? part.tool_call : part;
  const of = isFields(call.function) ? call.function : call;
  const output = call.output ?? of.output;
  const asked = toCall(call.id, of.name, of.args ?? of.arguments);
  return output === null || output === undefined ? [asked] : [asked, toResult(call.id, output)];
}

const toText = (value: unknown): Piece[] => {
  const text = textOf(value);
  return text === null ? [] : [{ text }];
};

const toCall = (id: unknown, name: unknown, given: unknown): Piece => ({
  call: { id: textOf(id), name: textOf(name) ?? 'unknown', arguments: given },
});

const toResult = (callId: unknown, output: unknown): Piece => ({ result: { callId: textOf(callId), output } });

/** LibreChat and OpenAI's assistants have a text's value one level deeper. */
function textIn({ text, content }: Fields): unknown {
  return isFields(text) ? text.value : (text ?? content);
}

function kindOf(type: string) {
  if (/think|thought|reasoning/.test(type)) return 'REASONING';
  if (/image/.test(type)) return 'IMAGE';
  if (/audio|voice/.test(type)) return 'AUDIO';
  return /file|document|attachment|video|pdf/.test(type) ? 'ATTACHMENT' : 'UNKNOWN_CONTENT';
}

/** Returns what the file of a part, or of a message, is called. */
export function fileNameOf(file: Fields): string | null {
  const inside = isFields(file.file) ? file.file : {};
  return (
    textOf(file.file_name) ??
    textOf(file.filename) ??
    textOf(file.name) ??
    textOf(file.fileName) ??
    textOf(inside.filename) ??
    textOf(inside.name)
  );
}
