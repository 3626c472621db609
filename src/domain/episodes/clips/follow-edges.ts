import { lowerBound } from '#domain/core/lower-bound.ts';
import type { ParsedSegment, TimeRange } from '#domain/episodes/transcripts/segments/segments.ts';
import { toMillisecond } from '#domain/episodes/transcripts/text/timestamps.ts';
import { alignContext, type BareWord } from '#domain/episodes/transcripts/words/align-context.ts';
import { bareWord } from '#domain/episodes/transcripts/words/match.ts';
import { iterateWords } from '#domain/episodes/transcripts/words/times.ts';

/** Words on each side of an edge by which its place in another transcript is known again. */
const CONTEXT_WORDS = 10;
/** How far from its time a word is looked for in another transcript of the same recording: seconds, and words of them. */
const REACH_SECONDS = 45;
const MAX_WORDS = 1_000;
/** The share of the words around an edge that have to be the same. */
const LEAST_SHARE = 0.4;

/** Words around edges that are kept of a transcript at most: 30 hours of speech. */
const MAX_KEPT = 300_000;

/** Returns the words of a transcript that are near the edges of clips, in order. */
export function listWordsNear(segments: Iterable<ParsedSegment>, clips: readonly TimeRange[]): BareWord[] {
  const edges = clips.flatMap(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]).sort((a, b) => a - b);
  const words: BareWord[] = [];
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
  before: readonly BareWord[],
  after: readonly BareWord[],
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
  before: readonly BareWord[],
  place: number,
  after: readonly BareWord[],
  edge: 'start' | 'end',
): BareWord | null {
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
