/**
 * Makes text fit for storing and showing: takes out control characters (NUL among them), halves of surrogate pairs and tokens of models,
 * and makes every run of white space one space. Marks of text direction stay: Hebrew needs them.
 */
export function cleanText(written: string): string {
  const text = written.includes('<|') ? written.replace(CONTROL_TOKEN, ' ') : written;
  if (!UNCLEAN.test(text)) return text;
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cs}]/gu, '')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** Whisper's own tokens in its text: `<|0.00|>`, `<|endoftext|>`. */
const CONTROL_TOKEN = /<\|[^<>|\n]{0,40}\|>/g;

/** Most text is clean, and looking takes a fraction of the time and memory of replacing. */
const UNCLEAN = /[\p{Cc}\p{Cs}]|[^\S ]|^ | $| {2}/u;

/** Splits raw text into its lines as clean text, without the empty ones. */
export function splitLines(text: string): string[] {
  return text.split('\n').map(cleanText).filter(isShown);
}

/** Whether a text has a visible character: direction marks and zero-width characters alone are no text. */
export const isShown = (text: string): boolean => /[^\p{Cf}\s]/u.test(text);

/** Splits clean text into its words: what stands between its spaces. */
export function splitWords(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}
