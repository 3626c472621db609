/**
 * Returns the trigrams of a text as pg_trgm defines them, but for the letters of every script: each word is padded with two blanks before
 * and one after, and case and diacritics are ignored. A text without words is its own single trigram.
 */
export function extractTrigrams(text: string): Set<string> {
  const normal = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const words = normal.match(/[\p{L}\p{N}]+/gu)?.map((word) => `  ${word} `);
  if (!words) return new Set([normal]);
  return new Set(words.flatMap((word) => Array.from({ length: word.length - 2 }, (_, at) => word.slice(at, at + 3))));
}
