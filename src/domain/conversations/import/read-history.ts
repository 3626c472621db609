import { MAX_CONTENT, MAX_NAME_LENGTH } from '#domain/conversations/messages.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import { checkOptionalText, checkText, isBlank } from '#domain/core/validation.ts';
import type { MessageRole } from '#generated/prisma/enums.ts';
import { readContent } from './source/content-parts.ts';
import type { SourceMessage } from './source/conversation.ts';
import type { Omit } from './source/omissions.ts';
import type { Piece } from './source/pieces.ts';
import { toMessages, toToolMessage } from './source/to-messages.ts';

/** One turn of a history: either a message, or the older pair { user, agent }, which is one or two messages. */
export type HistoryTurn = {
  role?: MessageRole | null | undefined;
  content?: string | null | undefined;
  /** The content as OpenAI and Anthropic have it, in parts. */
  contentParts?: unknown;
  toolCalls?: unknown;
  toolCallId?: string | null | undefined;
  toolResult?: unknown;
  /** As OpenAI spells them. */
  tool_calls?: unknown;
  tool_call_id?: string | null | undefined;
  model?: string | null | undefined;
  user?: string | null | undefined;
  agent?: string | null | undefined;
  sentAt?: Date | null | undefined;
};

/** Turns of one history. */
export const MAX_TURNS = 10_000;

/** Returns the messages of a history, which are some. Throws BadUserInput, with the turn's path. */
export function readHistory(history: readonly HistoryTurn[], omit: Omit): SourceMessage[] {
  if (history.length < 1 || history.length > MAX_TURNS) {
    throw new BadUserInput('input.history', `Give 1 to ${MAX_TURNS} turns.`);
  }
  const messages = history.flatMap((turn, index) => readTurn(turn, `input.history.${index}`, omit));
  if (messages.length === 0) throw new BadUserInput('input.history', 'There is nothing in these turns.');
  return messages;
}

function readTurn(turn: HistoryTurn, field: string, omit: Omit): SourceMessage[] {
  const isPair = turn.user != null || turn.agent != null;
  const isMessage = [turn.role, turn.content, turn.contentParts, callsOf(turn), callIdOf(turn), turn.toolResult].some(
    (value) => value != null,
  );
  if (isPair === isMessage || (isMessage && !isWhole(turn))) {
    throw new BadUserInput(
      field,
      'A turn is either { user, agent } with at least one of the two, or { role } with `content`, `contentParts`, `toolCalls` or `toolResult`; one of the role ASSISTANT may be empty.',
    );
  }
  return isPair ? readPair(turn, field, omit) : readMessage(turn, turn.role as MessageRole, field, omit);
}

const callsOf = (turn: HistoryTurn): unknown => turn.toolCalls ?? turn.tool_calls;

const callIdOf = (turn: HistoryTurn): string | null | undefined => turn.toolCallId ?? turn.tool_call_id;

/** Only an assistant says nothing: in exports, its turn was stopped or called tools. */
function isWhole(turn: HistoryTurn): boolean {
  if (turn.role == null || (turn.content != null && turn.contentParts != null)) return false;
  const hasContent = [turn.content, turn.contentParts, callsOf(turn), turn.toolResult].some((value) => value != null);
  return hasContent || turn.role === 'ASSISTANT';
}

function readPair({ user, agent, sentAt }: HistoryTurn, field: string, omit: Omit): SourceMessage[] {
  const common = { sentAt: sentAt?.toISOString() ?? null, model: null };
  const asked = checkOptionalText(`${field}.user`, user, { max: MAX_CONTENT });
  const answered = checkOptionalText(`${field}.agent`, agent, { min: 0, max: MAX_CONTENT });
  return [
    ...(asked === null ? [] : toMessages({ ...common, role: 'USER' }, toPieces(asked), omit)),
    ...(answered === null ? [] : toMessages({ ...common, role: 'ASSISTANT' }, toPieces(answered), omit)),
  ];
}

/** A text without anything to read is none: its turn is counted as empty. */
const toPieces = (text: string): Piece[] => (isBlank(text) ? [] : [{ text }]);

function readMessage(turn: HistoryTurn, role: MessageRole, field: string, omit: Omit): SourceMessage[] {
  const model = checkOptionalText(`${field}.model`, turn.model, { max: MAX_NAME_LENGTH });
  const toolCallId = checkOptionalText(`${field}.toolCallId`, callIdOf(turn), { max: MAX_NAME_LENGTH });
  const calls = callsOf(turn);
  const common = { role, sentAt: turn.sentAt?.toISOString() ?? null, model };
  const min = role === 'ASSISTANT' || calls != null || turn.toolResult != null ? 0 : 1;
  const content = checkOptionalText(`${field}.content`, turn.content, { min, max: MAX_CONTENT });
  if (role === 'TOOL' && turn.contentParts == null) {
    const message = toToolMessage(common, toolCallId, content ?? undefined, omit);
    return [{ ...message, toolResult: turn.toolResult ?? message.toolResult }];
  }
  const pieces = content == null ? readContent(turn.contentParts, omit) : toPieces(content);
  const toolCalls = calls == null ? null : Array.isArray(calls) ? calls : [calls];
  const messages = toMessages(common, pieces, omit, { toolCalls, toolCallId });
  for (const [index, message] of messages.entries()) {
    checkText(`${field}.contentParts`, message.content, { min: 0, max: MAX_CONTENT });
    messages[index] = { ...message, toolCallId: message.toolCallId ?? toolCallId };
  }
  return messages;
}
