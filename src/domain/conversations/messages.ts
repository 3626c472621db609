import { v7 as uuidv7 } from 'uuid';
import { messageChannel } from '#domain/core/channels.ts';
import type { Deps, NewMessageRow } from '#domain/core/deps.ts';
import { BadUserInput, NotFound } from '#domain/core/errors.ts';
import { assertSameRequest, inputHash, validateIdempotencyKey } from '#domain/core/idempotency.ts';
import { checkOptionalText, checkText, checkWholeNumber } from '#domain/core/validation.ts';
import type { Message } from '#generated/prisma/client.ts';
import type { MessageRole } from '#generated/prisma/enums.ts';

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

export type NewMessages = {
  conversationId: string;
  messages: readonly NewMessage[];
  idempotencyKey?: string | null | undefined;
};

export const MAX_MESSAGES_AT_ONCE = 100;
/** Characters of one message. */
export const MAX_CONTENT = 200_000;
/** UTF-16 units, of the name of a model and of a `toolCallId`. */
export const MAX_NAME_LENGTH = 255;
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
    'message.add',
    input,
    input.messages.map((message, index) => toRow(message, `input.messages.${index}`)),
  );
}

/** Like addMessages, for one message, whose fields stand in the input itself. */
export async function addMessage(deps: Deps, input: NewMessage & Omit<NewMessages, 'messages'>): Promise<Message> {
  const [message] = await append(deps, 'message.add', { ...input, messages: [input] }, [toRow(input, 'input')]);
  return message as Message;
}

async function append(deps: Deps, action: string, input: NewMessages, rows: NewMessageRow[]): Promise<Message[]> {
  const { conversationId } = input;
  const key = validateIdempotencyKey(input.idempotencyKey);
  const once = key
    ? { key, inputHash: inputHash({ conversationId, messages: rows.map(({ id: _, ...said }) => said) }) }
    : null;
  const appended = await deps.messageLog.append({ conversationId, actor: deps.actor, action, messages: rows, once });
  if (appended.outcome === 'missing') throw new NotFound('conversation');
  if (appended.outcome === 'repeated') return firstAnswer(deps, action, once as NonNullable<typeof once>);
  deps.pubsub.publish(messageChannel(conversationId));
  const place = { conversationId, ownerId: deps.actor.userId, createdAt: appended.createdAt };
  return rows.map((row, index) => toMessage(row, { ...place, sequence: appended.firstSequence + index }));
}

/** What the key's first use stored. */
async function firstAnswer(
  deps: Deps,
  action: string,
  once: { key: string; inputHash: Uint8Array<ArrayBuffer> },
): Promise<Message[]> {
  const { prisma } = deps.database;
  const first = await prisma.idempotencyKey.findUniqueOrThrow({
    where: { userId_key: { userId: deps.actor.userId, key: once.key } },
  });
  assertSameRequest(first, { action, inputHash: once.inputHash });
  const messages = await prisma.message.findMany({
    where: { id: { in: first.result as string[] } },
    orderBy: { sequence: 'asc' },
  });
  if (messages.length === 0) throw new NotFound('conversation');
  return messages;
}

function toRow(message: NewMessage, field: string): NewMessageRow {
  const bare = message.toolCalls == null && message.toolResult == null;
  return {
    id: uuidv7(),
    role: message.role,
    content: checkText(`${field}.content`, message.content, { min: bare ? 1 : 0, max: MAX_CONTENT }),
    toolCalls: jsonText(message.toolCalls),
    toolCallId: checkOptionalText(`${field}.toolCallId`, message.toolCallId, { max: MAX_NAME_LENGTH }),
    toolResult: jsonText(message.toolResult),
    model: checkOptionalText(`${field}.model`, message.model, { max: MAX_NAME_LENGTH }),
    tokensInput: tokens(`${field}.tokensInput`, message.tokensInput),
    tokensOutput: tokens(`${field}.tokensOutput`, message.tokensOutput),
    metadata: jsonText(message.metadata),
    sentAt: message.sentAt?.toISOString() ?? null,
  };
}

function tokens(field: string, value: number | null | undefined): number | null {
  return value == null ? null : checkWholeNumber(field, value, { min: 0, max: MAX_TOKENS });
}

function jsonText(value: unknown): string | null {
  return value == null ? null : JSON.stringify(value);
}

type Place = Pick<Message, 'conversationId' | 'ownerId' | 'sequence' | 'createdAt'>;

function toMessage(row: NewMessageRow, place: Place): Message {
  const json = (text: string | null) => (text === null ? null : JSON.parse(text));
  return {
    ...row,
    ...place,
    status: 'COMPLETE',
    toolCalls: json(row.toolCalls),
    toolResult: json(row.toolResult),
    metadata: json(row.metadata),
    citations: null,
    textOffset: 0,
    latencyMs: null,
    sentAt: row.sentAt ? new Date(row.sentAt) : place.createdAt,
  };
}
