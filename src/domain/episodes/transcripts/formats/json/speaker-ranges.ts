import { type Fields, listOf, readTimes, speakerOf } from './fields.ts';

/** Returns words with whoever speaks at their time, as ranges without a text say (Trint, Hyperaudio): those are in the order of time. */
export function nameWordsByRanges(words: unknown, ranges: readonly unknown[], unit: number): Fields[] {
  const parts = listOf(ranges).map((range) => ({
    start: readTimes(range, unit).startSeconds,
    speaker: speakerOf(range),
  }));
  let at = 0;
  return listOf(words).map((word) => {
    const { startSeconds } = readTimes(word, unit);
    for (let next = parts[at + 1]; next && hasBegun(next.start, startSeconds); next = parts[at + 1]) at += 1;
    return { speaker: parts[at]?.speaker, ...word };
  });
}

const hasBegun = (start: number | null, now: number | null): boolean => start !== null && now !== null && start <= now;
