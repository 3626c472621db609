import { roleOf } from './chat-message.ts';
import { type Fields, fieldsOf, idOf, isFields, textOf } from './conversation.ts';
import type { Piece } from './pieces.ts';
import { toOpenAiCall } from './to-messages.ts';

/** The calls of a message outside of its content: those in OpenAI's form, and others as parts of the AI SDK. */
export type Calls = { toolCalls: unknown[] | null; parts: Fields[] };

/** A call that is not in the form of OpenAI, with its result if the message has it. */
type OtherCall = { id: string | null; name: string; input: unknown; output: unknown };

/**
 * Returns the calls beside the content of a message (LangChain, Gemini CLI, ElevenLabs, older AI SDK). A call that is also among the
 * `pieces` of its content counts once; arguments that are missing there are added.
 */
export function callsOf(message: Fields, pieces: readonly Piece[]): Calls {
  const said = new Map(pieces.flatMap((piece) => ('call' in piece ? [[piece.call.id, piece.call]] : [])));
  const list = [message.tool_calls, message.toolCalls, message.toolInvocations].find(Array.isArray) ?? [];
  const ofLobeChat = fieldsOf(message.tools).filter(({ apiName }) => textOf(apiName) !== null);
  const results = resultsOf(message);
  const toolCalls: unknown[] = [];
  const parts: Fields[] = [];
  for (const call of [...list, ...ofLobeChat, ...ownCallOf(message)]) {
    const other = isFields(call) ? readOther(call, results) : null;
    const id = other ? other.id : isFields(call) ? idOf(call.id) : null;
    const before = id === null ? undefined : said.get(id);
    if (before && other && isEmpty(before.arguments)) before.arguments = other.input;
    if (before) continue;
    if (other) parts.push({ type: 'dynamic-tool', toolCallId: id, toolName: other.name, ...other });
    else toolCalls.push(call);
  }
  for (const [id, output] of results) parts.push({ type: 'tool_result', tool_use_id: id, content: output });
  const { function_call: only } = message;
  if (toolCalls.length === 0 && isFields(only))
    toolCalls.push(toOpenAiCall('call_0', textOf(only.name) ?? 'unknown', only.arguments));
  return { toolCalls: toolCalls.length > 0 ? toolCalls : null, parts };
}

/** Reads a call, and removes its result from the results. */
function readOther(call: Fields, results: Map<string | null, unknown>): OtherCall | null {
  const name =
    [call.name, call.toolName, call.tool_name, call.apiName].map(textOf).find((found) => found !== null) ?? null;
  if (isFields(call.function) || name === null) return null;
  const id = idOf(call.id ?? call.toolCallId ?? call.request_id);
  const output = call.result ?? results.get(id);
  results.delete(id);
  return { id, name, input: call.args ?? call.arguments ?? call.params_as_json ?? call.input, output };
}

/** ElevenLabs has the results of tools in a list beside their calls. */
const resultsOf = ({ tool_results }: Fields): Map<string | null, unknown> =>
  new Map(fieldsOf(tool_results).map((result) => [idOf(result.request_id), result.result_value ?? result.result]));

/** Retell has a call as a message of its own. */
function ownCallOf(message: Fields): Fields[] {
  const isCall =
    textOf(message.name) !== null && message.arguments !== undefined && roleOf(message.role) === 'ASSISTANT';
  return isCall ? [{ id: message.tool_call_id, name: message.name, arguments: message.arguments }] : [];
}

const isEmpty = (given: unknown): boolean =>
  given === undefined || given === null || (isFields(given) && Object.keys(given).length === 0);
