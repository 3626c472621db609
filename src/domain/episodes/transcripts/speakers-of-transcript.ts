import type { Tx } from '#domain/core/transaction.ts';

/** A speaker of a transcript: how long they speak, and in how many segments. */
export type TranscriptSpeaker = { name: string; spokenSeconds: number; segmentCount: number };

/** Speakers of a transcript that are listed, of those who speak longest: a file can name another one in each of 50,000 segments. */
export const MAX_SPEAKERS = 100;

/** The speakers of transcript `t` as JSON, whoever speaks longest first. */
export const SPEAKERS = /* sql */ `(SELECT coalesce(jsonb_agg(to_jsonb(listed) - 'first' ORDER BY "spokenSeconds" DESC, first), '[]'::jsonb)
FROM (SELECT speaker AS name, round(sum(end_seconds - start_seconds)::numeric, 3)::float8 AS "spokenSeconds",
    count(*)::int AS "segmentCount", min(index) AS first
  FROM transcript_segments s WHERE s.transcript_id = t.id AND s.speaker IS NOT NULL
  GROUP BY speaker ORDER BY 2 DESC, 4 LIMIT ${MAX_SPEAKERS}) AS listed)`;

/** Stores the speakers that a transcript has by now, so that lists of episodes show them without reading its segments. */
export async function storeSpeakers(tx: Pick<Tx, '$executeRawUnsafe'>, transcriptId: string): Promise<void> {
  await tx.$executeRawUnsafe(`UPDATE transcripts t SET speakers = ${SPEAKERS} WHERE t.id = $1::uuid`, transcriptId);
}
