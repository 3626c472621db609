import type { Deps } from '#domain/core/deps.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { SEARCH_STOP_WORDS } from '#domain/text/stop-words.ts';
import { isTelling, splitSentences } from './sentences.ts';

/** A memory that may be about something that a message says. */
export type RelatedMemory = {
  id: string;
  content: string;
  topic: string | null;
  tags: string[];
  sourceMessageId: string | null;
  /** When it was said, or when it was saved if it has no message. */
  saidAt: Date;
  isActive: boolean;
};

/** How many memories or messages are compared with one fact, those with most words in common first. */
const MAX_RELATED = 50;
/** How many characters of each are compared: anything longer is more than a fact. */
const MAX_CONTENT = 1_000;

/** A tsquery for any of the words of $2 that are not stop words; null if there are none. */
const ANY_WORD = `(SELECT string_agg('''' || replace(replace(lexeme, '\\', '\\\\'), '''', '''''') || '''', ' | ')::tsquery
  FROM unnest(to_tsvector('english', search_normal($2))) WHERE NOT lexeme = ANY($3::text[]))`;

const COLUMNS = `m.id, left(m.content, ${MAX_CONTENT}) AS content, m.topic, m.tags, m.source_message_id AS "sourceMessageId",
  coalesce(s.sent_at, m.created_at) AS "saidAt",
  m.superseded_by_id IS NULL AND (m.expires_at IS NULL OR m.expires_at > now()) AS "isActive"`;

/** Returns the actor's memories of a topic or with words of a text, those with most in common first. Includes ended and superseded ones. */
export function findRelatedMemories(
  tx: Pick<Tx, '$queryRawUnsafe'>,
  { actor }: Deps,
  { text, topic }: { text: string; topic: string | null },
): Promise<RelatedMemory[]> {
  return tx.$queryRawUnsafe<RelatedMemory[]>(
    `SELECT ${COLUMNS}
     FROM memories m CROSS JOIN (SELECT ${ANY_WORD} AS words) AS q LEFT JOIN messages s ON s.id = m.source_message_id
     WHERE m.owner_id = $1::uuid AND (m.topic = $4 OR m.search @@ q.words)
     ORDER BY m.topic = $4 DESC NULLS LAST, ts_rank(m.search, q.words) DESC NULLS LAST, m.created_at DESC
     LIMIT ${MAX_RELATED}`,
    actor.userId,
    text,
    SEARCH_STOP_WORDS,
    topic,
  );
}

export function findMemoriesById(
  tx: Pick<Tx, '$queryRawUnsafe'>,
  { actor }: Deps,
  ids: readonly string[],
): Promise<RelatedMemory[]> {
  return tx.$queryRawUnsafe<RelatedMemory[]>(
    `SELECT ${COLUMNS} FROM memories m LEFT JOIN messages s ON s.id = m.source_message_id
     WHERE m.owner_id = $1::uuid AND m.id = ANY($2::uuid[])`,
    actor.userId,
    ids,
  );
}

/**
 * Returns what the actor said before a moment with words of a text, those messages with most in common first. Calls are excluded, because
 * the lead speaks there.
 */
export function findRelatedMessages(
  tx: Pick<Tx, '$queryRawUnsafe'>,
  { actor }: Deps,
  { text, before }: { text: string; before: Date },
): Promise<{ id: string; content: string }[]> {
  return tx.$queryRawUnsafe<{ id: string; content: string }[]>(
    `SELECT m.id, left(m.content, ${MAX_CONTENT}) AS content
     FROM messages m CROSS JOIN (SELECT ${ANY_WORD} AS words) AS q
     WHERE m.owner_id = $1::uuid AND m.role = 'USER' AND m.sent_at <= $4::timestamptz AND m.search @@ q.words
       AND NOT EXISTS (SELECT FROM conversations c WHERE c.id = m.conversation_id AND c.channel = 'PHONE' AND c.lead_id IS NOT NULL)
       AND NOT EXISTS (SELECT FROM forgotten_messages f WHERE f.message_id = m.id)
     ORDER BY ts_rank(m.search, q.words) DESC, m.sent_at DESC
     LIMIT ${MAX_RELATED}`,
    actor.userId,
    text,
    SEARCH_STOP_WORDS,
    before,
  );
}

/** What was said last: the messages, newest first, and what was learned from the oldest of them. */
export type LastStatement = { messageIds: string[]; memories: RelatedMemory[] };

/** How many messages of a conversation are searched for the last one that says something. */
const MAX_LAST = 5;

type Position = { conversationId: string; sequence: number };

/**
 * Returns what the actor said last in a conversation before a message: its newest messages, back to the first one that says something, but
 * not beyond a forgotten one. A newest message that memories may still be extracted from is returned alone. Null if there are none.
 */
export async function findLastStatement(
  tx: Pick<Tx, '$queryRawUnsafe'>,
  deps: Deps,
  { conversationId, sequence }: Position,
): Promise<LastStatement | null> {
  const rows = await tx.$queryRawUnsafe<
    { id: string; content: string; memoryIds: string[]; isForgotten: boolean; isUnread: boolean }[]
  >(
    `SELECT m.id, left(m.content, ${MAX_CONTENT}) AS content,
       ARRAY(SELECT id FROM memories WHERE source_message_id = m.id) AS "memoryIds",
       EXISTS (SELECT FROM forgotten_messages f WHERE f.message_id = m.id) AS "isForgotten",
       EXISTS (SELECT FROM jobs j WHERE j.kind = 'EXTRACT_MEMORIES' AND j.subject_id = m.id
         AND j.status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELLED'))
       OR EXISTS (SELECT FROM messages r WHERE r.conversation_id = m.conversation_id AND r.sequence > m.sequence
         AND r.sequence < $3 AND r.status = 'STREAMING') AS "isUnread"
     FROM messages m
     WHERE m.owner_id = $1::uuid AND m.conversation_id = $2::uuid AND m.role = 'USER' AND m.sequence < $3
     ORDER BY m.sequence DESC LIMIT ${MAX_LAST}`,
    deps.actor.userId,
    conversationId,
    sequence,
  );
  const forgotten = rows.findIndex(({ isForgotten }) => isForgotten);
  const remaining = forgotten < 0 ? rows : rows.slice(0, forgotten);
  const telling = remaining.findIndex((row) => row.isUnread || row.memoryIds.length > 0 || tellsSomething(row.content));
  const last = remaining.slice(0, Math.max(telling, 0) + 1);
  if (last.length === 0) return null;
  return {
    messageIds: last.map(({ id }) => id),
    memories: await findMemoriesById(tx, deps, last.at(-1)?.memoryIds ?? []),
  };
}

/**
 * Returns the message that the actor sent just before another, and the memories that were created from it, not those that it only
 * refreshed. Null if there is no such message, or if it was forgotten.
 */
export async function findEarlierStatement(
  tx: Pick<Tx, '$queryRawUnsafe'>,
  deps: Deps,
  { conversationId, sequence }: Position,
): Promise<LastStatement | null> {
  const [before] = await tx.$queryRawUnsafe<{ id: string; memoryIds: string[]; isForgotten: boolean }[]>(
    `SELECT m.id, ARRAY(SELECT id FROM memories WHERE source_message_id = m.id AND created_at >= m.sent_at) AS "memoryIds",
       EXISTS (SELECT FROM forgotten_messages f WHERE f.message_id = m.id) AS "isForgotten"
     FROM messages m
     WHERE m.owner_id = $1::uuid AND m.conversation_id = $2::uuid AND m.role = 'USER' AND m.sequence < $3
     ORDER BY m.sequence DESC LIMIT 1`,
    deps.actor.userId,
    conversationId,
    sequence,
  );
  if (!before || before.isForgotten) return null;
  return { messageIds: [before.id], memories: await findMemoriesById(tx, deps, before.memoryIds) };
}

const tellsSomething = (text: string) => splitSentences(text).some(isTelling);
