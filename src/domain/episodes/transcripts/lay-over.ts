import { lowerBound } from '#domain/core/lower-bound.ts';
import { alignContext, type BareWord } from './align-words.ts';
import { splitWords } from './clean-text.ts';
import { correctSegment } from './correct-segment.ts';
import { bareWord, matchWords } from './match-words.ts';
import { decodePages, type SegmentPages } from './segment-pages.ts';
import { correctRows, decodeSegmentRows } from './segment-rows.ts';
import { MAX_SEGMENT_LENGTH } from './split-long-segments.ts';
import { iterateWords } from './word-times.ts';

/** A segment of a transcript that was corrected: its place there, and what its source says instead. */
export type Correction = { index: number; heardText: string };

/** A transcript with its corrections, and the rows of another one of the same recording. */
export type LayOverRequest = { pages: SegmentPages; corrections: readonly Correction[]; rows: readonly Uint8Array[] };

/** Words of the old transcript, from one place to another, that were corrected; none are left out where some were added. */
type Change = { from: number; to: number; words: string[]; opensSegment: boolean };

/** A word of the new transcript, and which of which segment it is. */
type PlacedWord = BareWord & { text: string; segment: number; place: number };

/** Words of one new segment that others take the place of. */
type Edit = { segment: number; from: number; to: number; words: string[] };

/** Words on each side by which a place is known again, and the share of them that has to be the same. */
const CONTEXT_WORDS = 10;
const LEAST_SHARE = 0.4;
/** How far from its time a word is looked for: seconds, and words of them. */
const REACH_SECONDS = 45;
const MAX_WORDS = 1_000;
/** How many words more the new transcript may have where some were corrected. */
const MORE_WORDS = 3;
/** Segments on each side of a correction that its context may come from. */
const NEIGHBOURS = 2;
/** Words that are held of the new transcript: 30 hours of speech. */
const MAX_KEPT = 300_000;

/**
 * Lays corrections over another transcript, where the words on both sides of them are found again: what a user has corrected stays, whatever
 * the new transcript hears there; where it says the same already, its own spelling stays. Returns the rows.
 */
export function layCorrectionsOver({ pages, corrections, rows }: LayOverRequest): Uint8Array[] {
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

/** Lists what was corrected, by places among the words of the old transcript's source around it. */
function listChanges(pages: SegmentPages, corrections: readonly Correction[]): { old: BareWord[]; changes: Change[] } {
  const heard = new Map(corrections.map(({ index, heardText }) => [index, heardText]));
  const isNear = (index: number) => {
    for (let step = -NEIGHBOURS; step <= NEIGHBOURS; step += 1) if (heard.has(index + step)) return true;
    return false;
  };
  const old: BareWord[] = [];
  const changes: Change[] = [];
  let index = -1;
  for (const segment of decodePages(pages)) {
    index += 1;
    if (!isNear(index)) continue;
    const heardText = heard.get(index) ?? segment.text;
    for (const { from, to, words } of listDifferences(splitWords(heardText), splitWords(segment.text)))
      changes.push({ from: old.length + from, to: old.length + to, words, opensSegment: from === 0 });
    const source = heardText === segment.text ? segment : correctSegment(segment, heardText);
    for (const { text, startSeconds, endSeconds } of iterateWords(source))
      old.push({ bare: bareWord(text), startSeconds, endSeconds });
  }
  return { old, changes };
}

/** Yields the words of a text that were replaced, and by what; a word that is only spelt otherwise was replaced, too. */
function* listDifferences(before: string[], after: string[]): Generator<{ from: number; to: number; words: string[] }> {
  const places = matchWords(before, after);
  const isKept = (index: number) => (places[index] as number) >= 0 && before[index] === after[places[index] as number];
  for (let from = 0, next = 0; from < before.length || next < after.length; ) {
    let to = from;
    while (to < before.length && !isKept(to)) to += 1;
    const until = to < before.length ? (places[to] as number) : after.length;
    if (to > from || until > next) yield { from, to, words: after.slice(next, until) };
    [from, next] = [to + 1, until + 1];
  }
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

/** Finds where a correction belongs among the new words; none where it is not found, or nothing is left to correct. */
function findEdits({ from, to, words, opensSegment }: Change, old: readonly BareWord[], all: PlacedWord[]): Edit[] {
  const seconds = (old[from] ?? old[from - 1])?.startSeconds ?? 0;
  const begin = lowerBound(all, ({ startSeconds }) => startSeconds >= seconds - REACH_SECONDS);
  const near = all
    .slice(begin, begin + MAX_WORDS)
    .filter(({ startSeconds }) => startSeconds <= seconds + REACH_SECONDS);
  const first = Math.max(0, from - CONTEXT_WORDS);
  const context = old.slice(first, to + CONTEXT_WORDS);
  const places = alignContext(context, near);
  const isSame = (index: number) => near[places[index] as number]?.bare === context[index]?.bare;
  const [before, after] = [from - first - 1, to - first];
  const around = [...context.keys()].filter((index) => index <= before || index >= after);
  const [hasBefore, hasAfter] = [before >= 0, after < context.length];
  if ((!hasBefore && !hasAfter) || (hasBefore && !isSame(before)) || (hasAfter && !isSame(after))) return [];
  if (around.filter(isSame).length < LEAST_SHARE * around.length) return [];
  const start = hasBefore ? (places[before] as number) + 1 : Math.max(0, (places[after] as number) - (to - from));
  const end = hasAfter ? (places[after] as number) : Math.min(near.length, start + to - from);
  const there = near.slice(start, end);
  if (end < start || there.length > to - from + MORE_WORDS) return [];
  const bareOf = (list: readonly BareWord[]) => list.map(({ bare }) => bare).join(' ');
  const isRight = bareOf(there) === words.map(bareWord).join(' ');
  if (isRight && bareOf(there) !== bareOf(old.slice(from, to))) return [];
  if (there.length > 0) return replaceWords(there, words);
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
  for (const edit of edits.toSorted((a, b) => b.from - a.from)) {
    if (edit.to > end) continue; // two corrections of the same words: the later one stands
    words.splice(edit.from, edit.to - edit.from, ...edit.words);
    end = edit.from;
  }
  return words.join(' ');
}
