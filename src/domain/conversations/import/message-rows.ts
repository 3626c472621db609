import { v7 as uuidv7 } from 'uuid';
import { MAX_NAME_LENGTH } from '#domain/conversations/messages.ts';
import { assertStorableJson } from '#domain/core/json.ts';
import { sliceByBytes } from '#domain/core/row-slices.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { Prisma } from '#generated/prisma/client.ts';
import type { SourceMessage } from './source/conversation.ts';

/** Encodes the messages of a conversation in their order as slices of rows, which are JSON in UTF-8. */
export function encodeMessages(messages: Iterable<SourceMessage>, conversationId: string): Uint8Array[] {
  const rows = Iterator.from(messages).map((message, index) => toMessageJson(message, conversationId, index + 1));
  const slices = sliceByBytes(rows, (json) => Buffer.byteLength(json));
  return slices.map((slice) => new TextEncoder().encode(slice.join(',')));
}

function toMessageJson(message: SourceMessage, conversationId: string, sequence: number): string {
  const { toolCalls, toolResult } = message;
  return JSON.stringify({
    id: uuidv7(),
    conversation_id: conversationId,
    sequence,
    role: message.role,
    content: sanitize(message.content),
    tool_calls: toolCalls && toStorableText(toolCalls),
    tool_call_id: message.toolCallId && sanitizeName(message.toolCallId),
    tool_result: toolResult === null ? null : toStorableText(toolResult),
    model: message.model && sanitizeName(message.model),
    sent_at: message.sentAt,
  });
}

const toStorableText = (json: unknown): string => JSON.stringify(assertStorableJson(json));

/** PostgreSQL holds no NUL, and no half of a surrogate pair. */
export const sanitize = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');

/** Returns a name or an id as it is stored. */
export const sanitizeName = (name: string): string => sanitize(name).slice(0, MAX_NAME_LENGTH).toWellFormed();

/** The table of the rows, and their columns; JSON comes as text and is cast, so that it is stored as it was sent. */
export const MESSAGE_ROWS = Prisma.sql`m(id uuid, conversation_id uuid, sequence int, role message_role, content text, tool_calls text,
  tool_call_id text, tool_result text, model text, sent_at timestamptz)`;
export const MESSAGE_COLUMNS = Prisma.sql`id, conversation_id, owner_id, sequence, role, content, tool_calls, tool_call_id, tool_result,
  model, sent_at`;

/** What of a row goes into which column. */
export const messageValues = (
  ownerId: string,
) => Prisma.sql`m.id, m.conversation_id, ${ownerId}::uuid, m.sequence, m.role, m.content,
  m.tool_calls::json, m.tool_call_id, m.tool_result::json, m.model, coalesce(m.sent_at, now())`;

/** Returns the rows of slices as one JSON list. */
export const toJsonList = (slices: readonly Uint8Array[]): string =>
  `[${slices.map((slice) => new TextDecoder().decode(slice)).join(',')}]`;

/** Writes one slice of the messages of a conversation. */
export function insertMessages(tx: Tx, ownerId: string, slice: Uint8Array): Promise<number> {
  return tx.$executeRaw`
    INSERT INTO messages (${MESSAGE_COLUMNS})
    SELECT ${messageValues(ownerId)} FROM json_to_recordset(${toJsonList([slice])}::json) AS ${MESSAGE_ROWS}`;
}
