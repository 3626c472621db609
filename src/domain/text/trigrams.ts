/**
 * Returns trigrams as pg_trgm has them, for the letters of every script: of words, two blanks before and one after, without case
 * and marks. A text without words is one trigram: itself.
 */
export function extractTrigrams(text: string): Set<string> {
  const normal = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const words = normal.match(/[\p{L}\p{N}]+/gu)?.map((word) => `  ${word} `);
  if (!words) return new Set([normal]);
  return new Set(words.flatMap((word) => Array.from({ length: word.length - 2 }, (_, at) => word.slice(at, at + 3))));
}
