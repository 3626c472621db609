import { wordSet } from '#domain/text/word-set.ts';
import { isSameWord } from './spelling.ts';
import { isExpansive, statementWords } from './statement-words.ts';

/** Hebrew pronouns that act as a copula, and may be omitted there: "השם שלי הוא דנה". */
const COPULAS = wordSet('הוא היא המ הנ זה');

/**
 * Whether two texts say the same: the same words in the same order. They may differ only in function words, spelling, letter case and
 * punctuation: "Ruth is older than Naomi" has all the words of its reverse. Texts that are too long once their letters are decomposed may
 * only differ in white space.
 */
export function isSameStatement(a: string, b: string): boolean {
  if (isExpansive(a) || isExpansive(b)) return normalizeSigns(a) === normalizeSigns(b);
  const words = statementWords(a);
  if (words.length === 0) return statementWords(b).length === 0 && normalizeSigns(a) === normalizeSigns(b);
  return areAligned(words, statementWords(b)) || areAligned(statementWords(a, ''), statementWords(b, ''));
}

const normalizeSigns = (text: string) => text.normalize('NFKC').replace(/\s+/g, '');

/** Whether the words are the same one by one, apart from omitted copulas. */
function areAligned(a: readonly string[], b: readonly string[]): boolean {
  let [at, other] = [0, 0];
  while (at < a.length && other < b.length) {
    if (isSame(a[at], b[other])) [at, other] = [at + 1, other + 1];
    else if (canSkip(a, at, b[other])) at += 1;
    else if (canSkip(b, other, a[at])) other += 1;
    else return false;
  }
  return at === a.length && other === b.length;
}

const isSame = (a: string | undefined, b: string | undefined) => a !== undefined && b !== undefined && isSameWord(a, b);

/**
 * Whether a copula may be skipped, because the word after it continues as the other text does. At the beginning of a sentence it is a
 * pronoun.
 */
const canSkip = (words: readonly string[], at: number, goesOnWith: string | undefined) =>
  at > 0 && COPULAS.has(words[at] as string) && isSame(words[at + 1], goesOnWith);
