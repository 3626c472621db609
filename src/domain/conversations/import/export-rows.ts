import { createHash } from 'node:crypto';
import { v5 as uuidv5 } from 'uuid';
import { MAX_TITLE_LENGTH } from '#domain/conversations/conversations.ts';
import { MAX_CONTENT } from '#domain/conversations/messages.ts';
import { fillTimes } from './fill-times.ts';
import { encodeMessages, sanitize, sanitizeName } from './message-rows.ts';
import type { ExportFormat, SourceConversation, SourceMessage } from './source/conversation.ts';

/** A conversation's row, without its owner; `metadata` is JSON text. */
export type ConversationRow = {
  id: string;
  source_id: string;
  /** Other ids by which the conversation may have been imported. */
  former_ids: string[];
  title: string | null;
  pinned: boolean;
  archived: boolean;
  metadata: string;
  last_sequence: number;
  created_at: string;
  last_activity_at: string;
};

/** A conversation as it is written: `slices` are the rows of its messages, JSON in UTF-8 for writing them. */
export type EncodedConversation = { row: ConversationRow; slices: Uint8Array[] };

/** Encodes a conversation, which counts as begun at `importedAt` if there is no time in it. */
export type Encode = (conversation: SourceConversation, importedAt: string) => EncodedConversation;

/**
 * Encodes conversations for one job. Their ids are derived from the job's id and from their own, so that an attempt of the job recognizes
 * what the previous one has written; if an export has no ids, from their content.
 */
export function createEncoder(jobId: string): Encode {
  const equals = new Map<string, number>();
  const hashWithoutId = ({ sourceId, title, messages }: SourceConversation): string => {
    const hash = sha256(JSON.stringify([title, messages]));
    if (sourceId !== null) return hash;
    const before = equals.get(hash) ?? 0;
    equals.set(hash, before + 1);
    return `${hash}${before === 0 ? '' : `:${before + 1}`}`;
  };
  const toIds = (conversation: SourceConversation): Pick<ConversationRow, 'source_id' | 'former_ids'> => {
    const { format, sourceId } = conversation;
    const id = sourceId === null ? null : hashLong(sourceId);
    if (id !== null && !ONCE_OPENAI.includes(format)) return { source_id: `${format}:${id}`, former_ids: [] };
    const hash = hashWithoutId(conversation);
    const source_id = `${format}:${id ?? hash}`;
    return { source_id, former_ids: ONCE_OPENAI.includes(format) ? formerIds(format, { id, hash }) : [] };
  };
  return (conversation, importedAt) => {
    const { createdAt, updatedAt } = conversation;
    const messages = conversation.messages.flatMap(splitLong);
    const times = messages.flatMap(({ sentAt }) => sentAt ?? []).sort();
    const begunAt = createdAt ?? times[0] ?? updatedAt ?? importedAt;
    const range = { created_at: begunAt, last_activity_at: times.at(-1) ?? updatedAt ?? begunAt };
    const ids = toIds(conversation);
    const id = uuidv5(ids.source_id, jobId);
    return {
      row: { ...toConversationRow(conversation, messages), ...ids, ...range, id },
      slices: encodeMessages(fillTimes(messages, begunAt), id),
    };
  };
}

/** Formats that were once read as those of OpenAI's chat messages. */
const ONCE_OPENAI: readonly ExportFormat[] = ['ANYTHING_LLM', 'BOT_FRAMEWORK', 'COPILOT_STUDIO', 'TRAINING_SET'];

/** Returns the ids that conversations of these formats were given then: that of the activities around them, or none. */
function formerIds(format: ExportFormat, { id, hash }: { id: string | null; hash: string }): string[] {
  const byId = id !== null && format === 'COPILOT_STUDIO' ? [`OPENAI:${id}`] : [];
  return [`OPENAI:${hash}`, ...byId, ...(id === null ? [] : [`${format}:${hash}`])];
}

function toConversationRow(
  { format, title, pinned, archived }: SourceConversation,
  messages: readonly SourceMessage[],
): Pick<ConversationRow, 'title' | 'pinned' | 'archived' | 'metadata' | 'last_sequence'> {
  const models = [...new Set(messages.flatMap(({ model }) => (model === null ? [] : sanitizeName(model))))];
  return {
    title: title && sanitize(title).slice(0, MAX_TITLE_LENGTH).toWellFormed(),
    pinned,
    archived,
    metadata: JSON.stringify({ importedFrom: format, models }),
    last_sequence: messages.length,
  };
}

/** Splits a text that is longer than a message may be. */
function splitLong(message: SourceMessage): SourceMessage[] {
  const { content } = message;
  if (content.length <= MAX_CONTENT) return [message];
  const parts: SourceMessage[] = [];
  for (let start = 0; start < content.length; ) {
    const end = endOfPart(content, start);
    const rest = parts.length === 0 ? {} : { toolCalls: null };
    parts.push({ ...message, ...rest, content: content.slice(start, end) });
    start = end;
  }
  return parts;
}

/** Ends a part before a surrogate pair that it would cut. */
function endOfPart(text: string, start: number): number {
  const end = Math.min(start + MAX_CONTENT, text.length);
  const isPair = end < text.length && /[\uD800-\uDBFF]/.test(text.charAt(end - 1));
  return isPair ? end - 1 : end;
}

/** The maximum length of a source's id that is stored unchanged, because keys of an index are limited; longer ones are hashed. */
const MAX_SOURCE_ID = 200;

const hashLong = (id: string): string => (id.length > MAX_SOURCE_ID ? sha256(id) : sanitize(id));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
