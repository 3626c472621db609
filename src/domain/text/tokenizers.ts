/*
 * Three tokenizers: `tokenize` for speech, `normalizedWords` for users' messages to the rules that reply, and SEARCH_WORDS with
 * `normalizeSearchWord` for what the database's search vectors hold. The tokens of language models are in llm-tokens.ts.
 */

/** Sentences have at most 200 words; anything longer is no speech, and not worth the time. */
export const MAX_SENTENCE_CHARACTERS = 4000;

/** Returns the words of a sentence in lower case, without surrounding punctuation. Apostrophes are written as `'`. */
export function tokenize(text: string): string[] {
  const sentence = text.slice(0, MAX_SENTENCE_CHARACTERS);
  return (
    sentence
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}'״׳-]*[\p{L}\p{M}\p{N}])?/gu) ?? []
  );
}

/** The maximum in characters. Longer messages contain pasted text, and the question comes first. */
const MAX_CHARACTERS = 2_000;

/** Words and dates with inner punctuation, such as `dog's`, `צה״ל`, `e-cash`, `3/5/2026`. */
const WORD_OR_DATE = /[\p{L}\p{N}](?:(?:['"״׳-]|(?<=\d)[./:](?=\d)|[\p{L}\p{N}])*[\p{L}\p{N}])?/gu;
const NIQQUD = /[\u0591-\u05bd\u05bf-\u05c7]/g;

const CONTRACTIONS: readonly (readonly [RegExp, string])[] = [
  [/^(what|who|where|when|how|it|that|there|here)'s$/, '$1 is'],
  [/^(.+)n't$/, '$1 not'],
  [/^(.+)'re$/, '$1 are'],
  [/^(.+)'ve$/, '$1 have'],
  [/^(.+)'ll$/, '$1 will'],
  [/^i'm$/, 'i am'],
];

/**
 * Returns the words of a text in the form that rules compare: in lower case, with contractions expanded, without niqqud and punctuation.
 */
export function normalizedWords(text: string): string[] {
  const plain = text.slice(0, MAX_CHARACTERS).normalize('NFC').toLowerCase().replaceAll('’', "'").replace(NIQQUD, '');
  return (plain.match(WORD_OR_DATE) ?? []).flatMap(expandContraction);
}

function expandContraction(word: string): string[] {
  const contraction = CONTRACTIONS.find(([form]) => form.test(word));
  return contraction ? word.replace(...contraction).split(' ') : [word];
}

/** Accents and niqqud. */
const MARKS = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]/g;
const QUOTES_IN_HEBREW = /["'״׳”’]/g;
const FINAL_LETTERS: Record<string, string> = { ך: 'כ', ם: 'מ', ן: 'נ', ף: 'פ', ץ: 'צ' };

/**
 * Matches the words of a text that search can highlight. A quote between Hebrew letters is part of its word, as in צה"ל, and a symbol is a
 * word.
 */
export const SEARCH_WORDS = /[\p{L}\p{M}\p{N}]+(?:["'״׳”’](?=[א-ת])[\p{L}\p{M}\p{N}]+)*|[\p{Sm}\p{Sc}\p{So}]/gu;
const SYMBOL = /^[\p{Sm}\p{Sc}\p{So}]$/u;

/** Normalizes a word as the database function `search_normal` does. */
export function normalizeSearchWord(word: string): string {
  const plain = word.normalize('NFKD').toLowerCase();
  if (SYMBOL.test(plain)) return `0u${plain.codePointAt(0)?.toString(16)}`;
  return plain
    .replaceAll('ς', 'σ')
    .replace(MARKS, '')
    .replace(QUOTES_IN_HEBREW, '')
    .replace(/[ךםןףץ]/g, (letter) => FINAL_LETTERS[letter] as string);
}
