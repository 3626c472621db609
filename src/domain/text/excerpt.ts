/** About how many characters of an excerpt come before the first matched word. */
const LEAD = 60;

/**
 * Returns an excerpt of at most `max` characters: whole words around the first of `matchedWords`, which are in lower case. `…` marks what
 * was left out.
 */
export function excerpt(text: string, matchedWords: ReadonlySet<string>, max: number): string {
  const whole = text.replace(/\s+/gu, ' ').trim();
  if (whole.length <= max) return whole;
  const lowered = whole.toLowerCase();
  const found = [...matchedWords].map((word) => lowered.indexOf(word)).filter((at) => at >= 0);
  const first = Math.min(...found, whole.length);
  const from = first === whole.length || first < max - LEAD ? 0 : wordAt(whole, first - LEAD);
  const to = whole.length - from <= max ? whole.length : whole.lastIndexOf(' ', from + max - 1);
  const end = to > from ? to : from + max - 1;
  return `${from > 0 ? '… ' : ''}${whole.slice(from, end).toWellFormed()}${end < whole.length ? ' …' : ''}`;
}

/** Returns where the word after this index begins; the index itself if the text has no spaces. */
function wordAt(text: string, index: number): number {
  const space = text.indexOf(' ', index);
  return space === -1 || space > index + LEAD ? index : space + 1;
}

/** Appended to text that was truncated. */
export const CUT = ' […]';
