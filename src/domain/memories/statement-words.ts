import { wordSet } from '#domain/text/word-set.ts';

/**
 * Function words that can be dropped from a statement: articles, forms of the copula in the present, the auxiliary "do", words that
 * introduce a clause. Prepositions, negations, pronouns and adverbs change the meaning, so they stay.
 */
const FUNCTION_WORDS = wordSet('the a an that which am is are be do does of and את של');

const CONTRACTIONS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:can'?t|cannot)\b/gi, 'can not'],
  [/\bwon't\b/gi, 'will not'],
  [/\b(do|does|did|is|are|was|were|would|could|should|has|have|had|must|need)n'?t\b/gi, '$1 not'],
  [/\bi'?m\b/gi, 'I am'],
  [/(?<=\p{L})'re\b/giu, ' are'],
  [/(?<=\p{L})'ve\b/giu, ' have'],
  [/(?<=\p{L})'ll\b/giu, ' will'],
  [/(?<=\p{L})'s\b/giu, ''],
];

const FINAL_LETTERS: Record<string, string> = { ך: 'כ', ם: 'מ', ן: 'נ', ף: 'פ', ץ: 'צ' };

/** A number with its sign, a word, or a sign that carries meaning: "C++" is not "C". */
const WORD = /(?<![\p{L}\p{N}])-?\p{N}+(?:[.,:]\p{N}+)*|\p{N}+(?:[.,:]\p{N}+)*|\p{L}+|[+#%<>=°\p{Sc}\p{So}]/gu;

/** From the first letter to the last. */
const LETTERS = /\p{L}(?:.*\p{L})?/su;

/** The maximum in UTF-16 units: three times the maximum length of a memory, because Hangul is decomposed into jamo. */
const MAX_PLAIN_LENGTH = 32_768;

/** Whether a text is too long to be split into words once its letters are decomposed. U+FDFA is one letter to a user, and eighteen then. */
export const isExpansive = (text: string): boolean => text.normalize('NFKD').length > MAX_PLAIN_LENGTH;

/**
 * Returns the words of a statement in order, in their letter case, without diacritics and function words. A hyphen between two words is
 * replaced as given. The "a" of "team-a" or "Vitamin A" is no article.
 */
export function statementWords(text: string, hyphen: ' ' | '' = ' '): string[] {
  const chunks = normalize(text).split(/\s+/);
  return chunks.flatMap((chunk, index) => {
    const [word = ''] = LETTERS.exec(chunk) ?? [];
    const isLetter = word === 'A' && index > 0;
    const isFunctionWord = FUNCTION_WORDS.has(word.toLowerCase()) && !isLetter && index < chunks.length - 1;
    if (isFunctionWord && !/\p{N}/u.test(chunk)) return [];
    return chunk.replace(/(?<=\p{L})-(?=\p{L})/gu, hyphen).match(WORD) ?? [];
  });
}

function normalize(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[’‘ʼ׳]/g, "'")
    .replace(/[־‐‑–−]/g, '-')
    .replace(/(?<=[א-ת])["״”'](?=[א-ת])/g, '')
    .replace(/[ךםןףץ]/g, (letter) => FINAL_LETTERS[letter] as string)
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, '');
  return CONTRACTIONS.reduce((words, [contracted, whole]) => words.replace(contracted, whole), plain).trim();
}
