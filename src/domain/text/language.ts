export type Language = 'en' | 'he';

/** How many characters the language of a text is detected from. */
const MAX_READ = 2_000;

/** Returns Hebrew if at least half of the words are Hebrew, else English: names in a Hebrew question are often in Latin letters. */
export function languageOf(text: string): Language {
  const words = text.slice(0, MAX_READ).match(/\p{L}+/gu) ?? [];
  const hebrew = words.filter((word) => /^\p{Script=Hebrew}/u.test(word)).length;
  return hebrew > 0 && hebrew >= words.length / 2 ? 'he' : 'en';
}
