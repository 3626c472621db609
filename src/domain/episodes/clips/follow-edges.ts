import { lowerBound } from '#domain/core/lower-bound.ts';
import { bareWord } from '#domain/episodes/transcripts/match-words.ts';
import type { ParsedSegment, TimeRange } from '#domain/episodes/transcripts/segments.ts';
import { toMillisecond } from '#domain/episodes/transcripts/timestamps.ts';
import { iterateWords } from '#domain/episodes/transcripts/word-times.ts';

/** A word as edges follow it. */
export type EdgeWord = TimeRange & { bare: string };

/** Words on each side of an edge by which its place in another transcript is known again. */
const CONTEXT_WORDS = 10;
/** How far from its time a word is looked for in another transcript of the same recording: seconds, and words of them. */
const REACH_SECONDS = 45;
const MAX_WORDS = 1_000;
/** The share of the words around an edge that have to be the same. */
const LEAST_SHARE = 0.4;
/** What a second of distance costs where words fit twice: less than a word in a minute. */
const COST_PER_SECOND = 0.02;

/** Words around edges that are kept of a transcript at most: 30 hours of speech. */
const MAX_KEPT = 300_000;

/** Returns the words of a transcript that are near the edges of clips, in order. */
export function listWordsNear(segments: Iterable<ParsedSegment>, clips: readonly TimeRange[]): EdgeWord[] {
  const edges = clips.flatMap(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]).sort((a, b) => a - b);
  const words: EdgeWord[] = [];
  let next = 0;
  for (const segment of segments) {
    while (next < edges.length && (edges[next] as number) < segment.startSeconds - REACH_SECONDS) next += 1;
    if (next === edges.length || words.length >= MAX_KEPT) break;
    if ((edges[next] as number) > segment.endSeconds + REACH_SECONDS) continue;
    for (const { text, startSeconds, endSeconds } of iterateWords(segment))
      words.push({ bare: bareWord(text), startSeconds, endSeconds });
  }
  return words;
}

/**
 * Moves the edges of a clip with the words that it begins and ends with, from one transcript of a recording to another: it begins with
 * the first word whose middle is behind its start, ends with the last whose middle is before its end, and keeps the room that it has
 * beside them. An edge is null where its words are not found again. Both lists are in order of time.
 */
export function followEdges(
  { startSeconds, endSeconds }: TimeRange,
  before: readonly EdgeWord[],
  after: readonly EdgeWord[],
): { startSeconds: number | null; endSeconds: number | null } {
  const first = lowerBound(before, (word) => middleOf(word) >= startSeconds);
  const last = lowerBound(before, (word) => middleOf(word) > endSeconds) - 1;
  const [start, end] = [locate(before, first, after, 'start'), locate(before, last, after, 'end')];
  const [oldStart, oldEnd] = [before[first], before[last]];
  return {
    startSeconds:
      start && oldStart ? toMillisecond(Math.max(0, startSeconds + start.startSeconds - oldStart.startSeconds)) : null,
    endSeconds: end && oldEnd ? toMillisecond(endSeconds + end.endSeconds - oldEnd.endSeconds) : null,
  };
}

const middleOf = ({ startSeconds, endSeconds }: TimeRange) => (startSeconds + endSeconds) / 2;

/** Finds the word at a place again, by those around it. */
function locate(
  before: readonly EdgeWord[],
  place: number,
  after: readonly EdgeWord[],
  edge: 'start' | 'end',
): EdgeWord | null {
  const word = before[place];
  if (!word) return null;
  const from = Math.max(0, place - CONTEXT_WORDS);
  const context = before.slice(from, place + CONTEXT_WORDS + 1);
  const begin = lowerBound(after, ({ startSeconds }) => startSeconds >= word.startSeconds - REACH_SECONDS);
  const near = after
    .slice(begin, begin + MAX_WORDS)
    .filter(({ startSeconds }) => startSeconds <= word.startSeconds + REACH_SECONDS);
  const places = alignContext(context, near);
  const same = [...places.entries()].filter(([index, to]) => to >= 0 && context[index]?.bare === near[to]?.bare);
  if (same.length < LEAST_SHARE * context.length) return null;
  const own = place - from;
  if (same.some(([index]) => index === own)) return near[places[own] as number] ?? null;
  // The word itself is another now, or several: the edge is behind the last that is the same, or before the next.
  const [earlier, later] = [same.findLast(([index]) => index < own), same.find(([index]) => index > own)];
  if (edge === 'start') return near[earlier ? earlier[1] + 1 : (places[own] as number)] ?? null;
  return near[later ? later[1] - 1 : (places[own] as number)] ?? null;
}

const [DIAGONAL, UP, LEFT] = [1, 2, 3];

/**
 * Fits a few words into many (Needleman and Wunsch 1970, with free ends of the longer side), the nearest of places that fit alike.
 * Returns for each of the few its place among the many, -1 where it has none.
 */
function alignContext(few: readonly EdgeWord[], many: readonly EdgeWord[]): Int32Array {
  const width = many.length + 1;
  const scores = new Float64Array((few.length + 1) * width);
  const steps = new Uint8Array(scores.length);
  for (let i = 1; i <= few.length; i += 1) {
    scores[i * width] = -i;
    steps[i * width] = UP;
    for (let j = 1; j < width; j += 1) {
      const fits = few[i - 1]?.bare === many[j - 1]?.bare ? 2 : -1;
      const diagonal = (scores[(i - 1) * width + j - 1] as number) + fits;
      const up = (scores[(i - 1) * width + j] as number) - 1;
      const left = (scores[i * width + j - 1] as number) - 1;
      const best = Math.max(diagonal, up, left);
      scores[i * width + j] = best;
      steps[i * width + j] = best === diagonal ? DIAGONAL : best === up ? UP : LEFT;
    }
  }
  let end = 0;
  let bestFit = Number.NEGATIVE_INFINITY;
  const expected = few.at(-1)?.startSeconds ?? 0;
  for (let j = 1; j < width; j += 1) {
    const distance = Math.abs((many[j - 1] as EdgeWord).startSeconds - expected);
    const fit = (scores[few.length * width + j] as number) - COST_PER_SECOND * distance;
    if (fit > bestFit) [bestFit, end] = [fit, j];
  }
  return traceBack(steps, few.length, end, width);
}

function traceBack(steps: Uint8Array, rows: number, end: number, width: number): Int32Array {
  const places = new Int32Array(rows).fill(-1);
  for (let i = rows, j = end; i > 0; ) {
    const step = steps[i * width + j];
    if (step === DIAGONAL) places[i - 1] = j - 1;
    if (step !== LEFT) i -= 1;
    if (step !== UP) j -= 1;
  }
  return places;
}
