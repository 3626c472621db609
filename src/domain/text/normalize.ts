const MARKS = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]/g;
const QUOTES_IN_HEBREW = /["'״׳”’]/g;
const FINAL_LETTERS: Record<string, string> = { ך: 'כ', ם: 'מ', ן: 'נ', ף: 'פ', ץ: 'צ' };

/** Words as a text has them; a quote between Hebrew letters is a part of its word, as in צה"ל. */
export const WORDS = /[\p{L}\p{M}\p{N}]+(?:["'״׳”’](?=[א-ת])[\p{L}\p{M}\p{N}]+)*/gu;

/** One word as `search_normal` spells it. */
export function normalizeWord(word: string): string {
  return word
    .normalize('NFKD')
    .toLowerCase()
    .replace(MARKS, '')
    .replace(QUOTES_IN_HEBREW, '')
    .replace(/[ךםןףץ]/g, (letter) => FINAL_LETTERS[letter] as string);
}
