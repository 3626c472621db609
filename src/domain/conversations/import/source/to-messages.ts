import { jsonText } from '#adapters/exact-json.ts';
import type { MessageRole } from '#generated/prisma/enums.ts';
import { joinTexts, readContent } from './content-parts.ts';
import type { SourceMessage } from './conversation.ts';
import type { Omit } from './omissions.ts';
import type { Piece } from './pieces.ts';

/** The common fields of the messages of one turn. */
export type Turn = { role: MessageRole; sentAt: string | null; model: string | null };

/** Fields of a message beside its pieces: calls in the form of OpenAI, and the id of the call that it answers. */
export type ToolFields = { toolCalls?: unknown[] | null; toolCallId?: string | null };

/**
 * Converts the pieces of a turn to messages. The result of a tool is a message of its own, so a turn with calls of tools becomes several.
 * An empty turn is counted as skipped.
 */
export function toMessages(
  turn: Turn,
  pieces: readonly Piece[],
  omit: Omit,
  { toolCalls = null, toolCallId = null }: ToolFields = {},
): SourceMessage[] {
  if (turn.role === 'TOOL' && !pieces.some((piece) => 'result' in piece)) {
    const text = joinTexts(pieces);
    return [{ ...createMessage(turn, text), toolCallId, toolResult: text === '' ? '' : null }];
  }
  const messages: SourceMessage[] = [];
  let open = toolCalls?.length ? { ...createMessage(turn, ''), toolCalls: [...toolCalls] } : null;
  let lastCallId: string | null = null;
  const close = () => {
    if (open) messages.push(open);
    open = null;
  };
  for (const piece of pieces) {
    if ('result' in piece) {
      close();
      messages.push(toToolMessage(turn, piece.result.callId ?? lastCallId, piece.result.output, omit));
      continue;
    }
    open ??= createMessage(turn, '') as SourceMessage & { toolCalls: unknown[] };
    if ('text' in piece) {
      open.content = open.content === '' ? piece.text : `${open.content}\n${piece.text}`;
    } else {
      lastCallId = piece.call.id ?? `call_${messages.length}_${open.toolCalls?.length ?? 0}`;
      open.toolCalls ??= [];
      open.toolCalls.push(toOpenAiCall(lastCallId, piece.call.name, piece.call.arguments));
    }
  }
  close();
  if (messages.length === 0) omit('EMPTY_MESSAGE');
  return messages;
}

/** Returns a call of a tool in the form of OpenAI's chat messages, whose arguments are JSON text. */
export function toOpenAiCall(id: string, name: string, given: unknown) {
  return { id, type: 'function', function: { name, arguments: typeof given === 'string' ? given : jsonText(given) } };
}

/** Creates the message of a tool's result: text if it is text, otherwise JSON. */
export function toToolMessage(turn: Turn, callId: string | null, output: unknown, omit: Omit): SourceMessage {
  const isText = typeof output === 'string' || Array.isArray(output);
  const pieces = isText ? readContent(output, omit) : [];
  const inner = pieces.find((piece) => 'result' in piece)?.result;
  if (inner) return toToolMessage(turn, callId ?? inner.callId, inner.output, omit);
  const text = joinTexts(pieces);
  const toolResult = text === '' ? (isText || output === undefined ? '' : output) : null;
  return { ...createMessage({ ...turn, role: 'TOOL', model: null }, text), toolCallId: callId, toolResult };
}

const createMessage = ({ role, sentAt, model }: Turn, content: string): SourceMessage => ({
  role,
  content,
  sentAt,
  model,
  toolCalls: null,
  toolCallId: null,
  toolResult: null,
});
