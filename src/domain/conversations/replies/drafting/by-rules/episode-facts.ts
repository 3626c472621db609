import type { Turn } from './answer-parts.ts';

/** A speaker with a name, and the fraction (0 to 1) of all the speech that is theirs. */
export type SpeakerShare = { name: string; share: number };

/** Returns who speaks in an episode, whoever speaks most first; speech without a speaker counts in the sum only. */
export async function computeSpeakerShares({ deps }: Turn, episodeId: string): Promise<SpeakerShare[]> {
  return deps.database.sql<SpeakerShare>(
    `SELECT name, share FROM (
       SELECT speaker AS name, min(index) AS first_index,
         coalesce(sum(end_seconds - start_seconds) / nullif(sum(sum(end_seconds - start_seconds)) OVER (), 0), 0) AS share
       FROM transcripts t JOIN transcript_segments s ON s.transcript_id = t.id
       WHERE t.episode_id = $1 AND s.owner_id = $2 GROUP BY speaker
     ) AS speakers WHERE name IS NOT NULL ORDER BY share DESC, first_index`,
    [episodeId, deps.actor.userId],
  );
}
