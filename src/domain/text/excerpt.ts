/** Characters before the first matched word that an excerpt begins with, about. */
const LEAD = 60;

/**
 * Returns at most `max` characters of a text, whole words of it around the first of `matchedWords`, which are in small letters.
 * `…` says where more was.
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

/** Returns where the word after this place begins; the place itself in text without spaces. */
function wordAt(text: string, place: number): number {
  const space = text.indexOf(' ', place);
  return space === -1 || space > place + LEAD ? place : space + 1;
}

/** Behind what was cut for its length. */
export const CUT = ' […]';
