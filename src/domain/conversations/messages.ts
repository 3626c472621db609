import { v7 as uuidv7 } from 'uuid';
import { parseJson } from '#adapters/exact-json.ts';
import { changesChannel, messageChannel } from '#domain/core/channels.ts';
import type { Deps, NewMessageRow } from '#domain/core/deps.ts';
import { BadUserInput, NotFound } from '#domain/core/errors.ts';
import {
  createIdempotencyClaim,
  findFirstResult,
  type IdempotencyClaim,
  type WithIdempotencyKey,
} from '#domain/core/idempotency.ts';
import { withExactJson } from '#domain/core/json-columns.ts';
import { checkOptionalText, checkReadableText, checkText, checkWholeNumber } from '#domain/core/validation.ts';
import type { Message, Prisma } from '#generated/prisma/client.ts';
import type { MessageRole } from '#generated/prisma/enums.ts';

/** A message to add. */
export type NewMessage = {
  role: MessageRole;
  content: string;
  sentAt?: Date | null | undefined;
  toolCalls?: unknown;
  toolCallId?: string | null | undefined;
  toolResult?: unknown;
  model?: string | null | undefined;
  tokensInput?: number | null | undefined;
  tokensOutput?: number | null | undefined;
  metadata?: unknown;
};

/** What a client calls a message of its own: unique in the conversation. */
export type ClientId = { clientId?: string | null | undefined };

/** Messages to add to one conversation, in their order. */
export type NewMessages = WithIdempotencyKey & {
  conversationId: string;
  messages: readonly NewMessage[];
};

/** The audit row's action of added messages, and what their idempotency keys are bound to. */
const ACTION = 'message.add';
/** Messages of one request. */
export const MAX_MESSAGES_AT_ONCE = 100;
/** UTF-16 units of one message's text. */
export const MAX_CONTENT = 200_000;
/** UTF-16 units of the name of a model, of a `toolCallId`, and of a `clientId`. */
export const MAX_NAME_LENGTH = 255;
/** The highest number that PostgreSQL's `integer` holds. */
const MAX_TOKENS = 2 ** 31 - 1;

/**
 * Adds messages at the end of a conversation, with consecutive numbers, all or none. Safe to repeat with the same
 * idempotency key. Throws BadUserInput, NotFound, IdempotencyConflict.
 */
export async function addMessages(deps: Deps, input: NewMessages): Promise<Message[]> {
  if (input.messages.length < 1 || input.messages.length > MAX_MESSAGES_AT_ONCE) {
    throw new BadUserInput('input.messages', `Give 1 to ${MAX_MESSAGES_AT_ONCE} messages at once.`);
  }
  return append(
    deps,
    input,
    input.messages.map((message, index) => toRow(message, `input.messages.${index}`)),
  );
}

/**
 * Like addMessages, for one message, whose fields stand in the input itself. Where the conversation has a message with its
 * `clientId`, that is returned, and nothing is stored.
 */
export async function addMessage(
  deps: Deps,
  input: NewMessage & ClientId & Omit<NewMessages, 'messages'>,
): Promise<Message> {
  const [message] = await append(deps, input, [toRow(input, 'input')]);
  return message as Message;
}

async function append(
  deps: Deps,
  { conversationId, idempotencyKey, ...input }: ClientId & Omit<NewMessages, 'messages'>,
  rows: NewMessageRow[],
): Promise<Message[]> {
  const clientId = checkClientId(input);
  const messages = rows.map(({ id: _, ...row }) => row);
  const content = { conversationId, messages, ...(clientId !== null && { clientId }) };
  const once = createIdempotencyClaim(deps.actor, ACTION, { key: idempotencyKey, input: content });
  const appended = await deps.messageLog.append({
    conversationId,
    actor: deps.actor,
    action: ACTION,
    messages: rows,
    clientId,
    once,
  });
  if (appended.outcome === 'missing') throw new NotFound('conversation');
  if (appended.outcome === 'repeated') return loadFirstMessages(deps, once ?? [appended.messageId as string]);
  for (const channel of [messageChannel(conversationId), changesChannel(deps.actor.userId)])
    deps.pubsub.publish(channel);
  const place = { conversationId, ownerId: deps.actor.userId, createdAt: appended.createdAt, clientId };
  return rows.map((row, index) => toMessage(row, { ...place, sequence: appended.firstSequence + index }));
}

/**
 * Returns the messages of these ids, or those that a key's first use has given. Throws NotFound where they are gone, IdempotencyConflict.
 */
async function loadFirstMessages(
  { database: { prisma } }: Deps,
  source: IdempotencyClaim | string[],
): Promise<Message[]> {
  const ids = Array.isArray(source) ? source : await findFirstResult<string[]>(prisma, source);
  const messages = await prisma.message.findMany({ where: { id: { in: ids } }, orderBy: { sequence: 'asc' } });
  if (messages.length === 0) throw new NotFound('conversation');
  return withExactJson(prisma, 'messages', messages);
}

/** Throws BadUserInput. Only a message that calls tools, or holds what one returned, may be without text. */
function toRow(message: NewMessage, field: string): NewMessageRow {
  const needsContent = message.toolCalls == null && message.toolResult == null;
  return {
    id: uuidv7(),
    role: message.role,
    content: needsContent
      ? checkReadableText(`${field}.content`, message.content, { max: MAX_CONTENT })
      : checkText(`${field}.content`, message.content, { min: 0, max: MAX_CONTENT }),
    toolCalls: toJsonText(message.toolCalls),
    toolCallId: checkOptionalText(`${field}.toolCallId`, message.toolCallId, { max: MAX_NAME_LENGTH }),
    toolResult: toJsonText(message.toolResult),
    model: checkOptionalText(`${field}.model`, message.model, { max: MAX_NAME_LENGTH }),
    tokensInput: checkTokenCount(`${field}.tokensInput`, message.tokensInput),
    tokensOutput: checkTokenCount(`${field}.tokensOutput`, message.tokensOutput),
    metadata: toJsonText(message.metadata),
    sentAt: message.sentAt?.toISOString() ?? null,
  };
}

/** Throws BadUserInput. */
export const checkClientId = ({ clientId }: ClientId): string | null =>
  checkOptionalText('input.clientId', clientId, { max: MAX_NAME_LENGTH });

function checkTokenCount(field: string, value: number | null | undefined): number | null {
  return value == null ? null : checkWholeNumber(field, value, { min: 0, max: MAX_TOKENS });
}

function toJsonText(value: unknown): string | null {
  return value == null ? null : JSON.stringify(value);
}

type Place = Pick<Message, 'conversationId' | 'ownerId' | 'sequence' | 'createdAt' | 'clientId'>;

function toMessage(row: NewMessageRow, place: Place): Message {
  const parse = (text: string | null) => (text === null ? null : (parseJson(text) as Prisma.JsonValue));
  return {
    ...row,
    ...place,
    status: 'COMPLETE',
    toolCalls: parse(row.toolCalls),
    toolResult: parse(row.toolResult),
    metadata: parse(row.metadata),
    reasoning: null,
    citations: null,
    textOffset: 0,
    rating: null,
    ratingComment: null,
    updateNumber: 0,
    latencyMs: null,
    editedAt: null,
    discardedFrom: null,
    sentAt: row.sentAt ? new Date(row.sentAt) : place.createdAt,
  };
}
