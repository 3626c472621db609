import { normalizeSearchWord, SEARCH_WORDS } from '#domain/text/tokenizers.ts';
import type { Excerpt } from './excerpts.ts';
import type { Highlight } from './search-result.ts';

/** The approximate length of a snippet in characters: two lines in a list of results. */
export const SNIPPET_LENGTH = 200;
/** The maximum number of letters by which an English word differs from its stem at the end, as in `accordingly` or `parties`. */
const LONGEST_ENDING = 5;

/** `normal` is the word's normalized form if it matches, else null. */
type Word = { from: number; to: number; normal: string | null };

/**
 * Returns where an excerpt matches a query: the passage with the most distinct matching words, and these words. `lexemes` are what
 * `search_vector` produces for the words of the query: normalized forms and stems.
 */
export function highlight({ text, isCutBefore, isCutAfter }: Excerpt, lexemes: readonly string[]): Highlight {
  const words = matchWords(text, new Set(lexemes));
  const passage = findBestPassage(text, words);
  const shown: string[] = [];
  const matchedWords = new Set<string>();
  let at = passage.from;
  for (const { from, to, normal } of words) {
    if (normal === null || from < at || to > passage.to) continue;
    const word = text.slice(from, to);
    shown.push(escapeMarks(text.slice(at, from)), `«${word}»`);
    matchedWords.add(word.toLowerCase());
    at = to;
  }
  shown.push(escapeMarks(text.slice(at, passage.to)));
  const whole = shown.join('').toWellFormed().replace(/\s+/g, ' ').trim();
  const [before, after] = [isCutBefore || passage.from > 0, isCutAfter || passage.to < text.length];
  return { snippet: `${before ? '… ' : ''}${whole}${after ? ' …' : ''}`, matchedWords, excerpt: text };
}

const escapeMarks = (text: string) => text.replaceAll('«', '‹').replaceAll('»', '›');

/** Splits a text into words, and marks those that match. */
function matchWords(text: string, lexemes: ReadonlySet<string>): Word[] {
  return Array.from(text.matchAll(SEARCH_WORDS), (match) => {
    const normal = normalizeSearchWord(match[0]);
    const [from, to] = [match.index, match.index + match[0].length];
    return { from, to, normal: isMatch(normal, lexemes) ? normal : null };
  });
}

/** Returns whether the word is a lexeme, or an English word whose stem is one. PostgreSQL's stemmer is approximated from its results. */
function isMatch(word: string, lexemes: ReadonlySet<string>): boolean {
  if (lexemes.has(word)) return true;
  if (!/^[a-z]{4,}$/.test(word)) return false;
  for (let length = word.length - 1; length >= Math.max(3, word.length - LONGEST_ENDING); length -= 1) {
    const stem = word.slice(0, length);
    if (lexemes.has(stem) && ENDING.test(word.slice(length))) return true;
    if (lexemes.has(`${stem}i`) && word.startsWith(`${stem}y`)) return true;
  }
  return false;
}

/** What may follow a stem: a doubled letter, and a common ending. */
const ENDING =
  /^[a-z]?(?:e|es|s|ed|ing|ings|er|ers|ly|al|ally|ation|ations|ion|ions|ive|ment|ments|ness|able|ful|y|ies|ity)$/;

/** Returns the run of whole words with the most distinct matches; the first in a tie. */
function findBestPassage(text: string, words: readonly Word[]): { from: number; to: number } {
  if (text.length <= SNIPPET_LENGTH) return { from: 0, to: text.length };
  const matching = words.filter(({ normal }) => normal !== null);
  let best = { first: 0, last: 0, different: 0 };
  for (let first = 0, last = 0; first < matching.length; first += 1) {
    const limit = (matching[first] as Word).from + SNIPPET_LENGTH;
    while (last < matching.length && (matching[last] as Word).to <= limit) last += 1;
    const different = new Set(matching.slice(first, last).map(({ normal }) => normal)).size;
    if (different > best.different) best = { first, last, different };
  }
  const [head, tail] = [matching[best.first], matching[best.last - 1]];
  if (!head || !tail) return { from: 0, to: endBefore(words, SNIPPET_LENGTH) };
  const room = Math.max(0, SNIPPET_LENGTH - (tail.to - head.from));
  const start = Math.max(0, head.from - Math.floor(room / 2));
  const from = words.find((word) => word.from >= start)?.from ?? head.from;
  return {
    from: from <= start + MAX_WORD ? from : head.from,
    to: Math.max(tail.to, endBefore(words, from + SNIPPET_LENGTH)),
  };
}

/** A passage begins at a whole word if one begins within this many characters. */
const MAX_WORD = 40;

/** Returns the end of the last whole word before an index, or the index itself if there is none. */
function endBefore(words: readonly Word[], limit: number): number {
  return words.findLast(({ to }) => to <= limit)?.to ?? limit;
}
