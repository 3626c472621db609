import { findKeyWords } from '#domain/text/key-words.ts';
import type { TimedSentence } from '#domain/text/tf-idf.ts';
import { MAX_SENTENCE_CHARACTERS } from '#domain/text/tokenizers.ts';
import type { Turn } from './answer-parts.ts';

/** Segments that are read: about ten hours of speech, and what comes after is about the same. */
const MAX_SEGMENTS = 10_000;

/** Characters of a segment that are read: a recording without captions may be one segment. */
const MAX_TEXT = 200_000;

/** A speaker with a name, and the fraction (0 to 1) of all the speech that is theirs. */
export type SpeakerShare = { name: string; share: number };

/** Returns who speaks in an episode, whoever speaks most first; speech without a speaker counts in the sum only. */
export async function computeSpeakerShares({ deps }: Turn, episodeId: string): Promise<SpeakerShare[]> {
  return deps.database.sql<SpeakerShare>(
    `SELECT name, share FROM (
       SELECT speaker AS name, min(index) AS first_index,
         coalesce(sum(end_seconds - start_seconds) / nullif(sum(sum(end_seconds - start_seconds)) OVER (), 0), 0) AS share
       FROM transcript_segments WHERE episode_id = $1 AND owner_id = $2 GROUP BY speaker
     ) AS speakers WHERE name IS NOT NULL ORDER BY share DESC, first_index`,
    [episodeId, deps.actor.userId],
  );
}

/** Returns the `count` words that say most about what an episode speaks of, without the names of its speakers. */
export async function findEpisodeKeyWords(
  { deps, request }: Turn,
  episodeId: string,
  count: number,
): Promise<string[]> {
  const segments = await deps.database.sql<TimedSentence & { speaker: string | null }>(
    `SELECT left(text, ${MAX_TEXT}) AS text, start_seconds AS "startSeconds", end_seconds AS "endSeconds", speaker
     FROM transcript_segments WHERE episode_id = $1 AND owner_id = $2 ORDER BY index LIMIT ${MAX_SEGMENTS}`,
    [episodeId, deps.actor.userId],
  );
  const speakers = new Set(segments.map(({ speaker }) => speaker?.toLowerCase()));
  const words = await findKeyWords(segments.flatMap(cutText), count + speakers.size, request.signal);
  return words.filter((word) => !speakers.has(word.toLowerCase())).slice(0, count);
}

/** Cuts a text that is longer than a sentence can be into such pieces, with times by proportion. */
function cutText({ text, startSeconds, endSeconds }: TimedSentence): TimedSentence[] {
  const secondsOfCharacter = (endSeconds - startSeconds) / text.length;
  return Array.from({ length: Math.ceil(text.length / MAX_SENTENCE_CHARACTERS) }, (_, index) => {
    const from = index * MAX_SENTENCE_CHARACTERS;
    const piece = text.slice(from, from + MAX_SENTENCE_CHARACTERS);
    const at = (place: number) => startSeconds + place * secondsOfCharacter;
    return { text: piece, startSeconds: at(from), endSeconds: at(from + piece.length) };
  });
}
