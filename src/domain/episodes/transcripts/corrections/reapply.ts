import { lowerBound } from '#domain/core/lower-bound.ts';
import type { SegmentPages } from '#domain/episodes/transcripts/segments/pages.ts';
import { correctRows, decodeSegmentRows } from '#domain/episodes/transcripts/segments/rows.ts';
import { MAX_SEGMENT_LENGTH } from '#domain/episodes/transcripts/segments/split-long.ts';
import { splitWords } from '#domain/episodes/transcripts/text/clean-text.ts';
import { alignContext, type BareWord } from '#domain/episodes/transcripts/words/align-context.ts';
import { bareWord } from '#domain/episodes/transcripts/words/match.ts';
import { iterateWords } from '#domain/episodes/transcripts/words/times.ts';
import { correctSegment } from './correct-segment.ts';
import { type Change, CONTEXT_WORDS, type Correction, type Difference, listChanges } from './list-changes.ts';

/** A transcript with its corrections, and the rows of another one of the same recording. */
export type ReapplyRequest = { pages: SegmentPages; corrections: readonly Correction[]; rows: readonly Uint8Array[] };

/** A word of the new transcript, and which of which segment it is. */
type PlacedWord = BareWord & { text: string; segment: number; place: number };

/** Where a change belongs, by places among the new words: one side of it is a guess where nothing is known of that. */
type Place = { start: number; end: number; hasBefore: boolean; hasAfter: boolean };

/** Words of one new segment that others take the place of. */
type Edit = { segment: number; from: number; to: number; words: string[] };

/** The share of the words around a change that has to be the same. */
const LEAST_SHARE = 0.4;
/** How far from its time a word is looked for: seconds, and words of them. */
const REACH_SECONDS = 45;
const MAX_WORDS = 1_000;
/** How many words more the new transcript may have where some were corrected. */
const MORE_WORDS = 3;
/** Words of a change that is carried over at most: what it takes to find one grows with them. */
const MAX_CHANGED_WORDS = 200;
/** Words that are held of the new transcript: 30 hours of speech. */
const MAX_KEPT = 300_000;

/**
 * Lays corrections over another transcript, where the words on both sides of them are found again: what a user has corrected stays,
 * whatever the new transcript hears there; where it says the same already, its own spelling stays. Returns the rows.
 */
export function reapplyCorrections({ pages, corrections, rows }: ReapplyRequest): Uint8Array[] {
  const { old, changes } = listChanges(pages, corrections);
  const words = listWordsNear(
    rows,
    changes.map(({ from }) => (old[from] ?? old[from - 1])?.startSeconds ?? 0),
  );
  const edits = Map.groupBy(
    changes.flatMap((change) => findEdits(change, old, words)),
    ({ segment }) => segment,
  );
  return correctRows(rows, (segment, index) => {
    const text = applyEdits(splitWords(segment.text), edits.get(index) ?? []);
    const isFit = text !== segment.text && text !== '' && text.length <= MAX_SEGMENT_LENGTH;
    return isFit ? correctSegment(segment, text) : null;
  });
}

function listWordsNear(rows: readonly Uint8Array[], seconds: readonly number[]): PlacedWord[] {
  const words: PlacedWord[] = [];
  let [segment, next] = [-1, 0];
  for (const parsed of decodeSegmentRows(rows)) {
    segment += 1;
    while (next < seconds.length && (seconds[next] as number) < parsed.startSeconds - REACH_SECONDS) next += 1;
    if (next === seconds.length || words.length >= MAX_KEPT) break;
    if ((seconds[next] as number) > parsed.endSeconds + REACH_SECONDS) continue;
    let place = 0;
    for (const { text, startSeconds, endSeconds } of iterateWords(parsed)) {
      words.push({ bare: bareWord(text), text, startSeconds, endSeconds, segment, place });
      place += 1;
    }
  }
  return words;
}

/** Finds what has to change among the new words; nothing where the place of a correction is not found, or they say the same already. */
function findEdits(change: Change, old: readonly BareWord[], all: PlacedWord[]): Edit[] {
  const { from, to, words, parts } = change;
  if (Math.max(to - from, words.length) > MAX_CHANGED_WORDS) return [];
  const seconds = (old[from] ?? old[from - 1])?.startSeconds ?? 0;
  const begin = lowerBound(all, ({ startSeconds }) => startSeconds >= seconds - REACH_SECONDS);
  const near = all
    .slice(begin, begin + MAX_WORDS)
    .filter(({ startSeconds }) => startSeconds <= seconds + REACH_SECONDS);
  const place = findPlace(change, old, near);
  if (!place || isKnown(change, old, near, place)) return [];
  const { start, end } = place;
  if (end - start !== to - from) return placeWords(change, near, start, end);
  return parts.flatMap((part) => placeWords(part, near, start + part.from - from, start + part.to - from));
}

/** Finds the new words that stand where a change belongs, by the words on both sides of it; null where these are not there. */
function findPlace({ from, to }: Change, old: readonly BareWord[], near: readonly PlacedWord[]): Place | null {
  const first = Math.max(0, from - CONTEXT_WORDS);
  const context = old.slice(first, to + CONTEXT_WORDS);
  const places = alignContext(context, near);
  const isSame = (index: number) => near[places[index] as number]?.bare === context[index]?.bare;
  const [before, after] = [from - first - 1, to - first];
  const around = [...context.keys()].filter((index) => index <= before || index >= after);
  const [hasBefore, hasAfter] = [before >= 0, after < context.length];
  if ((!hasBefore && !hasAfter) || (hasBefore && !isSame(before)) || (hasAfter && !isSame(after))) return null;
  if (around.filter(isSame).length < LEAST_SHARE * around.length) return null;
  const start = hasBefore ? (places[before] as number) + 1 : Math.max(0, (places[after] as number) - (to - from));
  const end = hasAfter ? (places[after] as number) : Math.min(near.length, start + to - from);
  return end < start || end - start > to - from + MORE_WORDS ? null : { start, end, hasBefore, hasAfter };
}

/** Whether the new transcript says what the old one was corrected to, and its source did not say. */
function isKnown({ from, to, words }: Change, old: readonly BareWord[], near: PlacedWord[], place: Place): boolean {
  const { start, end, hasBefore, hasAfter } = place;
  const wanted = words.map(bareWord).join(' ');
  if (wanted === bareOf(old.slice(from, to))) return false;
  const isWanted = (first: number, last: number) => bareOf(near.slice(Math.max(0, first), last)) === wanted;
  if (isWanted(start, end)) return true;
  if (words.length <= to - from) return false;
  return (!hasBefore && isWanted(end - words.length, end)) || (!hasAfter && isWanted(start, start + words.length));
}

const bareOf = (list: readonly BareWord[]) => list.map(({ bare }) => bare).join(' ');

/** Puts the words of a difference where some of the new ones are, or between two of them. */
function placeWords(
  { words, opensSegment }: Difference,
  near: readonly PlacedWord[],
  start: number,
  end: number,
): Edit[] {
  if (end > start) return replaceWords(near.slice(start, end), words);
  const [previous, following] = [near[start - 1], near[end]];
  if (following && (opensSegment || !previous))
    return [{ segment: following.segment, from: following.place, to: following.place, words }];
  return previous ? [{ segment: previous.segment, from: previous.place + 1, to: previous.place + 1, words }] : [];
}

/** The first segment that has some of the words gets the new ones. */
function replaceWords(there: readonly PlacedWord[], words: string[]): Edit[] {
  return [...Map.groupBy(there, ({ segment }) => segment)].map(([segment, own], index) => {
    const places = own.map(({ place }) => place);
    return { segment, from: Math.min(...places), to: Math.max(...places) + 1, words: index === 0 ? words : [] };
  });
}

function applyEdits(words: string[], edits: readonly Edit[]): string {
  let end = words.length;
  // From the last to the first, also of those at one place.
  for (const edit of edits.toReversed().toSorted((a, b) => b.from - a.from)) {
    if (edit.to > end) continue; // two corrections of the same words: the later one stands
    words.splice(edit.from, edit.to - edit.from, ...edit.words);
    end = edit.from;
  }
  return words.join(' ');
}
