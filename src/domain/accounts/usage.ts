import type { Services } from '#domain/core/deps.ts';

/** A user's usage: counts, tokens, bytes and seconds of media. */
export type Usage = {
  conversations: number;
  messages: number;
  tokensInput: bigint;
  tokensOutput: bigint;
  storageBytes: bigint;
  mediaSeconds: number;
  callSeconds: number;
};

/** Whose usage, and of what was added when: from `since` (inclusive) to `until` (exclusive); null for no bound. */
export type UsageKey = { userId: string; since: Date | null; until: Date | null };

/**
 * Sums usages, in total or of a period, in the order of the keys. Bytes are those of media files; seconds are those of episodes, and of
 * calls while they were connected.
 */
export function measureUsage({ database }: Pick<Services, 'database'>, keys: readonly UsageKey[]): Promise<Usage[]> {
  return database.sql<Usage>(MEASURE_USAGE, [
    keys.map(({ userId }) => userId),
    keys.map(({ since }) => since),
    keys.map(({ until }) => until),
  ]);
}

/** A condition that a row was added in the period of a key; of all rows if it has none. */
const during = (column: string) => `${column} >= k.since AND ${column} < k.until`;

/**
 * The messages of all time are not read: their conversations have the sums. Of a period, those of conversations that were changed since it
 * began are: a message is never older than its conversation, nor younger than its last change.
 */
const MEASURE_USAGE = /* sql */ `
SELECT m.conversations::int, m.messages::int, m.tokens_input::bigint AS "tokensInput", m.tokens_output::bigint AS "tokensOutput",
  coalesce(f.bytes, 0)::bigint AS "storageBytes", coalesce(e.seconds, 0)::float8 AS "mediaSeconds",
  coalesce(a.seconds, 0)::float8 AS "callSeconds"
FROM (SELECT id, ordinal, coalesce(since, '-infinity') AS since, coalesce(until, 'infinity') AS until,
    since IS NULL AND until IS NULL AS is_total
  FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) WITH ORDINALITY AS k(id, since, until, ordinal)) k
CROSS JOIN LATERAL (
  SELECT * FROM (
    SELECT count(*) AS conversations, coalesce(sum(last_sequence - discarded_numbers), 0) AS messages,
      coalesce(sum(tokens_input), 0) AS tokens_input, coalesce(sum(tokens_output), 0) AS tokens_output
    FROM conversations WHERE owner_id = k.id) of_conversations WHERE k.is_total
  UNION ALL
  SELECT * FROM (
    SELECT count(DISTINCT c.id) FILTER (WHERE ${during('c.created_at')}), count(m.id),
      coalesce(sum(m.tokens_input), 0), coalesce(sum(m.tokens_output), 0)
    FROM conversations c LEFT JOIN messages m ON m.conversation_id = c.id AND ${during('m.created_at')}
    WHERE c.owner_id = k.id AND c.updated_at >= k.since AND c.created_at < k.until) of_messages WHERE NOT k.is_total) m
CROSS JOIN LATERAL (SELECT sum(size_bytes) AS bytes FROM media_files WHERE owner_id = k.id AND ${during('created_at')}) f
CROSS JOIN LATERAL (SELECT sum(duration_seconds) AS seconds FROM episodes WHERE owner_id = k.id AND ${during('created_at')}) e
CROSS JOIN LATERAL (SELECT sum(extract(epoch FROM ended_at - started_at)) AS seconds
  FROM calls WHERE owner_id = k.id AND ${during('queued_at')}) a
ORDER BY k.ordinal`;
