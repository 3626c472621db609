import type { HeardSegment } from '#adapters/transcriber/transcriber.ts';
import type { TimeRange } from '#domain/episodes/transcripts/segments/segments.ts';
import { matchWords } from '#domain/episodes/transcripts/words/match.ts';
import { listWords } from '#domain/episodes/transcripts/words/times.ts';

/** Seconds beside what two pieces have in common within which its words are looked for: times of words may be estimated. */
const SLACK_SECONDS = 1;
/** Seconds between the times at which two pieces have one and the same word. */
const MAX_SHIFT_SECONDS = 2;

/** A word with its place among those of its piece, and its middle in seconds. */
type PlacedWord = { text: string; place: number; middle: number };

/** The first word of the piece before that goes, and the first of the piece after that stays. */
type Seam = { end: number; start: number };

/**
 * Joins what was heard in two pieces that have a stretch in common, so that its words are there once: the piece before is left at the
 * word, nearest to the middle of the stretch, that both have; where they have none, at the middle. Where a segment has no word times,
 * these are estimated. Returns what is left of both.
 */
export function joinPieces(
  before: readonly HeardSegment[],
  after: readonly HeardSegment[],
  common: TimeRange,
): [HeardSegment[], HeardSegment[]] {
  const [own, others] = [placeWords(before), placeWords(after)];
  if (own.length === 0 || others.length === 0) return [[...before], [...after]];
  const tail = own.filter(({ middle }) => middle >= common.startSeconds - SLACK_SECONDS);
  const head = others.filter(({ middle }) => middle < common.endSeconds + SLACK_SECONDS);
  const middle = (common.startSeconds + common.endSeconds) / 2;
  const { end, start } = findCommonWord(tail, head, middle) ?? {
    end: own.filter((word) => word.middle < middle).length,
    start: others.filter((word) => word.middle < middle).length,
  };
  return [keepWords(before, 0, end), keepWords(after, start, others.length)];
}

const placeWords = (segments: readonly HeardSegment[]): PlacedWord[] =>
  segments
    .flatMap(listWords)
    .map(({ text, startSeconds, endSeconds }, place) => ({ text, place, middle: (startSeconds + endSeconds) / 2 }));

function findCommonWord(tail: readonly PlacedWord[], head: readonly PlacedWord[], middle: number): Seam | null {
  const places = matchWords(
    tail.map(({ text }) => text),
    head.map(({ text }) => text),
  );
  let nearest: Seam | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, word] of tail.entries()) {
    const same = head[places[index] ?? -1];
    const distance = Math.abs(word.middle - middle);
    if (!same || distance >= least || Math.abs(same.middle - word.middle) > MAX_SHIFT_SECONDS) continue;
    nearest = { end: word.place + 1, start: same.place + 1 };
    least = distance;
  }
  return nearest;
}

/** Returns what is left of segments with the words from one place to before another. */
function keepWords(segments: readonly HeardSegment[], from: number, to: number): HeardSegment[] {
  let place = 0;
  return segments.flatMap((segment) => {
    const all = listWords(segment);
    const [first, end] = [Math.max(0, from - place), Math.max(0, to - place)];
    place += all.length;
    const kept = all.slice(first, end);
    const [start, last] = [kept[0], kept.at(-1)];
    if (!start || !last) return [];
    if (kept.length === all.length) return [segment];
    const text = kept.map((word) => word.text).join(' ');
    const words = segment.words?.slice(first, end) ?? null;
    return [{ ...segment, text, words, startSeconds: start.startSeconds, endSeconds: last.endSeconds }];
  });
}
