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

/** UTF-16 units of a speaker's name, which stands in every row of theirs: what is longer is text in the wrong place. */
const MAX_NAME_LENGTH = 200;

/** Returns a speaker's name as clean text of at most MAX_NAME_LENGTH, or null where nothing of it is left. */
export function cleanName(name: string | null | undefined): string | null {
  return cleanText((name ?? '').slice(0, MAX_NAME_LENGTH)) || null;
}

/** Splits clean text into its words: what stands between its spaces. */
export function splitWords(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}
