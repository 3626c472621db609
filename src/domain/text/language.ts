export type Language = 'en' | 'he';

/** Characters that a text's language is found by. */
const MAX_READ = 2_000;

/** Returns Hebrew where half of the words are, else English: names in a Hebrew question are often written in Latin letters. */
export function languageOf(text: string): Language {
  const words = text.slice(0, MAX_READ).match(/\p{L}+/gu) ?? [];
  const hebrew = words.filter((word) => /^\p{Script=Hebrew}/u.test(word)).length;
  return hebrew > 0 && hebrew >= words.length / 2 ? 'he' : 'en';
}
