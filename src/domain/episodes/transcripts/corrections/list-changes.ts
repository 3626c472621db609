import { decodePages, type SegmentPages } from '#domain/episodes/transcripts/segments/pages.ts';
import type { ParsedSegment } from '#domain/episodes/transcripts/segments/segments.ts';
import { splitWords } from '#domain/episodes/transcripts/text/clean-text.ts';
import type { BareWord } from '#domain/episodes/transcripts/words/align-context.ts';
import { bareWord, matchWords } from '#domain/episodes/transcripts/words/match.ts';
import { iterateWords } from '#domain/episodes/transcripts/words/times.ts';
import { correctSegment } from './correct-segment.ts';

/** A corrected segment of a transcript: its position, and the text of its source. */
export type Correction = { index: number; heardText: string };

/** Words of the old transcript, from one place to another, that were corrected; none are left out where some were added. */
export type Difference = { from: number; to: number; words: string[]; opensSegment: boolean };

/** Differences that touch, where one segment ends and the next begins, as they are looked for together. */
export type Change = Difference & { parts: Difference[] };

/** A segment of the old transcript, and what its source said there. */
type HeardSegment = { segment: ParsedSegment; heardText: string };

/** Words on each side of a change by which its place is known again. */
export const CONTEXT_WORDS = 10;

/** Lists what was corrected, by places among the words of the old transcript's source around it. */
export function listChanges(
  pages: SegmentPages,
  corrections: readonly Correction[],
): { old: BareWord[]; changes: Change[] } {
  const old: BareWord[] = [];
  const changes: Change[] = [];
  for (const { segment, heardText } of listHeardNear(pages, corrections)) {
    for (const { from, to, words } of listDifferences(splitWords(heardText), splitWords(segment.text)))
      addDifference(changes, { from: old.length + from, to: old.length + to, words, opensSegment: from === 0 });
    const source = heardText === segment.text ? segment : correctSegment(segment, heardText);
    for (const { text, startSeconds, endSeconds } of iterateWords(source))
      old.push({ bare: bareWord(text), startSeconds, endSeconds });
  }
  return { old, changes };
}

/** Yields the segments that were corrected, and so many around each that they have the words of its context. */
function* listHeardNear(pages: SegmentPages, corrections: readonly Correction[]): Generator<HeardSegment> {
  const heard = new Map(corrections.map(({ index, heardText }) => [index, heardText]));
  const before: ParsedSegment[] = [];
  let [index, wordsAfter] = [-1, CONTEXT_WORDS];
  for (const segment of decodePages(pages)) {
    index += 1;
    const heardText = heard.get(index);
    if (heardText !== undefined) {
      for (const earlier of before.splice(0)) yield { segment: earlier, heardText: earlier.text };
      yield { segment, heardText };
      wordsAfter = 0;
    } else if (wordsAfter < CONTEXT_WORDS) {
      yield { segment, heardText: segment.text };
      wordsAfter += countWords([segment]);
    } else {
      before.push(segment);
      while (countWords(before.slice(1)) >= CONTEXT_WORDS) before.shift();
    }
  }
}

const countWords = (segments: readonly ParsedSegment[]) =>
  segments.reduce((sum, { words, text }) => sum + (words?.length ?? splitWords(text).length), 0);

/**
 * Joins a difference to the one that it touches where words were added in one of them: they are side by side in what knows them already.
 */
function addDifference(changes: Change[], difference: Difference): void {
  const last = changes.at(-1);
  const { from, to, words } = difference;
  const isJoined = last && last.to === from && (from === to || last.from === last.to);
  if (!isJoined) changes.push({ ...difference, parts: [difference] });
  else changes.splice(-1, 1, { ...last, to, words: [...last.words, ...words], parts: [...last.parts, difference] });
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
