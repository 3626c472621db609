import { isShown, splitWords } from '#domain/episodes/transcripts/text/clean-text.ts';
import { isTooLate, MAX_END_SECONDS, toMillisecond } from '#domain/episodes/transcripts/text/timestamps.ts';
import type { ParsedSegment, SourceSegment, TimedWord } from './segments.ts';
import { splitLongSegment } from './split-long.ts';

/**
 * Words a minute where a source does not say when a piece ends: ordinary English conversation (National Center for
 * Voice and Speech, "Voice Qualities").
 */
const WORDS_PER_MINUTE = 150;

/**
 * Puts segments in the order of their starts, so that no two overlap and every time is a whole millisecond, finite and
 * not negative:
 * - segments without visible text, or that start at no time or after 1,000 hours, are dropped; a start before 0 is 0;
 * - an end that is missing or not after its start is estimated from the words, at 150 a minute;
 * - where the next segment starts earlier, the one before it ends there;
 * - segments that start together share the time up to the latest of their ends in proportion to their text;
 * - word times are kept within their segment and in order;
 * - segments that are longer than MAX_SEGMENT_LENGTH are split.
 */
export function normalizeSegments(sources: readonly SourceSegment[]): ParsedSegment[] {
  const segments = sources
    .filter((segment) => isShown(segment.text) && !isTooLate(segment.startSeconds))
    .map((segment) => ({ ...segment, startSeconds: Math.max(0, toMillisecond(segment.startSeconds)) }))
    .toSorted((a, b) => a.startSeconds - b.startSeconds);
  const ordered: ParsedSegment[] = [];
  for (let first = 0, next: number; first < segments.length; first = next) {
    next = first + 1;
    while (segments[next]?.startSeconds === segments[first]?.startSeconds) next += 1;
    const limit = segments[next]?.startSeconds ?? MAX_END_SECONDS;
    for (const segment of shareTime(segments.slice(first, next), limit)) ordered.push(...splitLongSegment(segment));
  }
  return ordered;
}

/** Gives segments with one start their parts of the time up to the latest end, at most `limitSeconds`. */
function shareTime(together: SourceSegment[], limitSeconds: number): ParsedSegment[] {
  const start = together[0]?.startSeconds ?? 0;
  const knownEnds = together.reduce((latest, segment) => Math.max(latest, segment.endSeconds ?? 0), 0);
  const end = knownEnds > start ? knownEnds : start + estimateSeconds(together);
  const duration = toMillisecond(Math.min(end, limitSeconds)) - start;
  const characters = together.reduce((sum, segment) => sum + segment.text.length, 0);
  let before = 0;
  return together.map((segment) => {
    const startSeconds = toMillisecond(start + (duration * before) / characters);
    before += segment.text.length;
    const endSeconds = toMillisecond(start + (duration * before) / characters);
    const words = segment.words && clampWords(segment.words, startSeconds, endSeconds);
    return { ...segment, startSeconds, endSeconds, words };
  });
}

/** How long it takes to say the text of segments, in seconds. */
function estimateSeconds(segments: readonly SourceSegment[]): number {
  return (segments.reduce((words, segment) => words + splitWords(segment.text).length, 0) * 60) / WORDS_PER_MINUTE;
}

/** Keeps word times within the segment's, to the millisecond, and in order. */
function clampWords(words: readonly TimedWord[], startSeconds: number, endSeconds: number): TimedWord[] {
  let earliest = startSeconds;
  const within = (seconds: number) => Math.min(endSeconds, Math.max(earliest, toMillisecond(seconds)));
  return words.map((word) => {
    earliest = within(word.startSeconds);
    const wordStart = earliest;
    earliest = within(word.endSeconds);
    return { ...word, startSeconds: wordStart, endSeconds: earliest };
  });
}
