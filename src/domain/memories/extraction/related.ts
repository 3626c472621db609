import type { Deps } from '#domain/core/deps.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { SEARCH_STOP_WORDS } from '#domain/text/stop-words.ts';

/** A memory that may be about what a message says. */
export type RelatedMemory = {
  id: string;
  content: string;
  topic: string | null;
  tags: string[];
  sourceMessageId: string | null;
  /** When it was said; when it was saved where no message says so. */
  saidAt: Date;
  isActive: boolean;
};

/** Memories or messages that are compared with one fact: those that share most with it come first. */
const MAX_RELATED = 50;
/** Characters of one that are compared: what is longer is more than a fact. */
const MAX_CONTENT = 1_000;

/** A query for any of the words of $2 that are no stop words; null where there is none. */
const ANY_WORD = `(SELECT string_agg('''' || replace(replace(lexeme, '\\', '\\\\'), '''', '''''') || '''', ' | ')::tsquery
  FROM unnest(to_tsvector('english', search_normal($2))) WHERE NOT lexeme = ANY($3::text[]))`;

const COLUMNS = `m.id, left(m.content, ${MAX_CONTENT}) AS content, m.topic, m.tags, m.source_message_id AS "sourceMessageId",
  coalesce(s.sent_at, m.created_at) AS "saidAt",
  m.superseded_by_id IS NULL AND (m.expires_at IS NULL OR m.expires_at > now()) AS "isActive"`;

/** Returns the actor's memories of a topic, or with words of a text, those that share most first; ended and superseded ones too. */
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

/** Returns the actor's memories with these ids. */
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

/** Returns what the actor said before a moment with words of a text, those that share most first. */
export function findRelatedMessages(
  tx: Pick<Tx, '$queryRawUnsafe'>,
  { actor }: Deps,
  { text, before }: { text: string; before: Date },
): Promise<{ id: string; content: string }[]> {
  return tx.$queryRawUnsafe<{ id: string; content: string }[]>(
    `SELECT m.id, left(m.content, ${MAX_CONTENT}) AS content
     FROM messages m CROSS JOIN (SELECT ${ANY_WORD} AS words) AS q
     WHERE m.owner_id = $1::uuid AND m.role = 'USER' AND m.sent_at <= $4::timestamptz AND m.search @@ q.words
       AND NOT EXISTS (SELECT FROM forgotten_messages f WHERE f.message_id = m.id)
     ORDER BY ts_rank(m.search, q.words) DESC, m.sent_at DESC
     LIMIT ${MAX_RELATED}`,
    actor.userId,
    text,
    SEARCH_STOP_WORDS,
    before,
  );
}

/** Messages of a conversation among which the one is looked for that taught something last. */
const MAX_LAST = 5;

/**
 * Returns what the actor said last in a conversation, before a message: of the last few messages that were not forgotten the
 * newest from which something was learned, else the newest; with its memories. Null where there is none.
 */
export async function findLastSaid(
  tx: Pick<Tx, '$queryRawUnsafe'>,
  deps: Deps,
  { conversationId, sequence }: { conversationId: string; sequence: number },
): Promise<{ messageId: string; memories: RelatedMemory[] } | null> {
  const rows = await tx.$queryRawUnsafe<{ id: string; memoryIds: string[] }[]>(
    `SELECT m.id, ARRAY(SELECT id FROM memories WHERE source_message_id = m.id) AS "memoryIds"
     FROM messages m
     WHERE m.owner_id = $1::uuid AND m.conversation_id = $2::uuid AND m.role = 'USER' AND m.sequence < $3
       AND NOT EXISTS (SELECT FROM forgotten_messages f WHERE f.message_id = m.id)
     ORDER BY m.sequence DESC LIMIT ${MAX_LAST}`,
    deps.actor.userId,
    conversationId,
    sequence,
  );
  const last = rows.find(({ memoryIds }) => memoryIds.length > 0) ?? rows[0];
  return last ? { messageId: last.id, memories: await findMemoriesById(tx, deps, last.memoryIds) } : null;
}
