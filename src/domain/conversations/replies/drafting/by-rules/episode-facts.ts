import { toParsedSegment } from '#domain/episodes/transcripts/segments.ts';
import { splitIntoSentences } from '#domain/episodes/transcripts/sentences.ts';
import type { Turn } from './answer-parts.ts';
import { keyWordsOf } from './key-words.ts';

/** About ten hours of speech: what comes after is about the same. */
const MAX_SEGMENTS = 10_000;

export type SpeakerShare = { name: string | null; share: number };

/** Who speaks in an episode, and what part of the speech is theirs; most first. */
export async function speakersOf({ deps }: Turn, episodeId: string): Promise<SpeakerShare[]> {
  return deps.database.sql<SpeakerShare>(
    `SELECT speaker AS name, coalesce(sum(end_seconds - start_seconds) / nullif(sum(sum(end_seconds - start_seconds)) OVER (), 0), 0) AS share
     FROM transcript_segments WHERE episode_id = $1 AND owner_id = $2 GROUP BY speaker ORDER BY share DESC, min(index)`,
    [episodeId, deps.actor.userId],
  );
}

/** The words that tell most what an episode speaks of. */
export async function episodeKeyWords({ deps, asked }: Turn, episodeId: string, count: number): Promise<string[]> {
  const segments = await deps.database.prisma.transcriptSegment.findMany({
    where: { episodeId, ownerId: deps.actor.userId },
    orderBy: { index: 'asc' },
    take: MAX_SEGMENTS,
  });
  const speakers = new Set(segments.map(({ speaker }) => speaker?.toLowerCase()));
  const words = await keyWordsOf(
    splitIntoSentences(segments.map(toParsedSegment)),
    count + speakers.size,
    asked.signal,
  );
  return words.filter((word) => !speakers.has(word.toLowerCase())).slice(0, count);
}
