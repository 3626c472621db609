export type Language = 'en' | 'he';

/** Returns Hebrew where half of the words are, else English: names in a Hebrew question are often written in Latin letters. */
export function languageOf(text: string): Language {
  const words = text.match(/\p{L}+/gu) ?? [];
  const hebrew = words.filter((word) => /^\p{Script=Hebrew}/u.test(word)).length;
  return hebrew > 0 && hebrew >= words.length / 2 ? 'he' : 'en';
}
