/**
 * Makes text fit for storing and showing: takes out control characters (NUL among them) and halves of surrogate pairs,
 * and makes every run of white space one space. Marks of text direction stay: Hebrew needs them.
 */
export function cleanText(text: string): string {
  if (!UNCLEAN.test(text)) return text;
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cs}]/gu, '')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** Most text is clean, and looking takes a fraction of the time and memory of replacing. */
const UNCLEAN = /[\p{Cc}\p{Cs}]|[^\S ]|^ | $| {2}/u;

/** Splits raw text into its lines as clean text, without the empty ones. */
export function splitLines(text: string): string[] {
  return text
    .split('\n')
    .map(cleanText)
    .filter((line) => SHOWN.test(line));
}

/** What can be seen: marks of direction and of no width alone are no text. */
const SHOWN = /[^\p{Cf}\s]/u;

/** Splits clean text into its words: what stands between its spaces. */
export function splitWords(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}
