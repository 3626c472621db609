import type { ParsedSegment, TimedWord } from '#domain/episodes/transcripts/segments/segments.ts';
import { splitWords } from '#domain/episodes/transcripts/text/clean-text.ts';
import { toMillisecond } from '#domain/episodes/transcripts/text/timestamps.ts';
import { fillWordTimes } from '#domain/episodes/transcripts/words/fill-times.ts';
import { matchWords } from '#domain/episodes/transcripts/words/match.ts';

/** A new word between two old ones gets this much time of theirs, where there is none between them: seconds. */
const LEAST_SECONDS = 0.05;

/**
 * Returns a segment with another text, which is clean. Words that are in both keep their times; new ones share the time of those that
 * they replace, in proportion to their characters. A segment without times of words has none afterwards either.
 */
export function correctSegment(segment: ParsedSegment, text: string): ParsedSegment {
  if (!segment.words) return { ...segment, text };
  const texts = splitWords(text);
  const kept: (TimedWord | null)[] = texts.map(() => null);
  const places = matchWords(
    segment.words.map((word) => word.text),
    texts,
  );
  for (const [index, place] of places.entries()) if (place >= 0) kept[place] = segment.words[index] as TimedWord;
  makeRoom(kept);
  const heard = texts.map((word, index) => {
    const { startSeconds = null, endSeconds = null, confidence = null } = kept[index] ?? {};
    return { text: word, startSeconds, endSeconds, confidence, speaker: null };
  });
  const words = fillWordTimes(heard, segment).map((word) => ({
    ...word,
    startSeconds: toMillisecond(word.startSeconds),
    endSeconds: toMillisecond(word.endSeconds),
  }));
  return { ...segment, text, words: words.length > 0 ? words : null };
}

/** Lets the old word before a run of new ones share its time with them, where they would have none. */
function makeRoom(kept: (TimedWord | null)[]): void {
  for (let index = 1; index < kept.length; index += 1) {
    const before = kept[index - 1];
    if (!before || kept[index]) continue;
    let next = index;
    while (next < kept.length && !kept[next]) next += 1;
    const until = kept[next]?.startSeconds;
    if (until !== undefined && until - before.endSeconds < LEAST_SECONDS * (next - index)) kept[index - 1] = null;
  }
}
