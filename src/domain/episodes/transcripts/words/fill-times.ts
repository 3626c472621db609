import type { TimedWord } from '#domain/episodes/transcripts/segments/segments.ts';

/** A word with the times of its source in seconds; null if these are missing or no numbers. */
export type HeardWord = {
  text: string;
  startSeconds: number | null;
  endSeconds: number | null;
  confidence: number | null;
  speaker: string | null;
};

/** A segment's words may reach a little out of it; a time farther away than this is a mistake. */
const TOLERANCE_SECONDS = 5;

/** The time range of the words, if it is known. */
type Around = { startSeconds: number | null; endSeconds: number | null };

/**
 * Gives a time to words that have none, or one that cannot be: out of the segment, or in front of what comes after. Only
 * these change: they share the time between their neighbours in proportion to their characters. Returns none where no word
 * has a time.
 */
export function fillWordTimes(heard: readonly HeardWord[], around: Around): TimedWord[] {
  const words = dropUnordered(heard.map((word) => dropImpossible(word, around)));
  if (words.every(({ startSeconds }) => startSeconds === null)) return [];
  const filled: TimedWord[] = [];
  let clock = around.startSeconds ?? 0;
  for (let index = 0; index < words.length; ) {
    let next = index;
    while (next < words.length && words[next]?.startSeconds === null) next += 1;
    const until = words[next]?.startSeconds ?? Math.max(clock, around.endSeconds ?? clock);
    filled.push(...spread(words.slice(index, next), clock, until));
    const word = words[next];
    if (word) {
      const startSeconds = word.startSeconds ?? until;
      clock =
        word.endSeconds ?? words[next + 1]?.startSeconds ?? Math.max(startSeconds, around.endSeconds ?? startSeconds);
      filled.push({ text: word.text, startSeconds, endSeconds: clock, confidence: word.confidence });
    }
    index = next + 1;
  }
  return filled;
}

function dropImpossible(word: HeardWord, { startSeconds, endSeconds }: Around): HeardWord {
  const isPossible = (seconds: number | null) =>
    seconds !== null &&
    seconds >= (startSeconds ?? 0) - TOLERANCE_SECONDS &&
    seconds <= (endSeconds ?? Number.POSITIVE_INFINITY) + TOLERANCE_SECONDS;
  const start = isPossible(word.startSeconds) ? word.startSeconds : null;
  const end = isPossible(word.endSeconds) && (word.endSeconds ?? 0) >= (start ?? 0) ? word.endSeconds : null;
  return { ...word, startSeconds: start, endSeconds: end };
}

/** A word that starts after the next one, which itself follows the one before, is the odd one of the three. */
function dropUnordered(words: readonly HeardWord[]): HeardWord[] {
  let before = Number.NEGATIVE_INFINITY;
  const nextStarts = listNextStarts(words);
  return words.map((word, index) => {
    const start = word.startSeconds;
    if (start === null) return word;
    const next = nextStarts[index] ?? null;
    const isOdd = start < before || (next !== null && start > next && next >= before);
    if (isOdd) return { ...word, startSeconds: null, endSeconds: null };
    before = start;
    return word;
  });
}

/** Returns the next known start after each word. */
function listNextStarts(words: readonly HeardWord[]): (number | null)[] {
  const starts: (number | null)[] = Array(words.length).fill(null);
  for (let index = words.length - 2; index >= 0; index -= 1) {
    starts[index] = words[index + 1]?.startSeconds ?? starts[index + 1] ?? null;
  }
  return starts;
}

function spread(words: readonly HeardWord[], from: number, to: number): TimedWord[] {
  const characters = words.reduce((sum, { text }) => sum + text.length, 0);
  const secondsEach = Math.max(0, to - from) / characters;
  let clock = from;
  return words.map(({ text, confidence }) => {
    const startSeconds = clock;
    clock += text.length * secondsEach;
    return { text, startSeconds, endSeconds: clock, confidence };
  });
}
