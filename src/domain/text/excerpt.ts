/** The words that search marked in a snippet, between « and ». */
export function markedWords(snippet: string): Set<string> {
  return new Set([...snippet.matchAll(/«([^«»]+)»/g)].map(([, word]) => (word as string).toLowerCase()));
}

const WORD_BEFORE = 60;

/** At most `max` characters of a text, whole words of it around the first that is marked. `…` says where more was. */
export function excerpt(text: string, marked: ReadonlySet<string>, max: number): string {
  const whole = text.replace(/\s+/gu, ' ').trim();
  if (whole.length <= max) return whole;
  const lowered = whole.toLowerCase();
  const found = [...marked].map((word) => lowered.indexOf(word)).filter((at) => at >= 0);
  const first = Math.min(...found, whole.length);
  const from = first === whole.length || first < max - WORD_BEFORE ? 0 : wordAt(whole, first - WORD_BEFORE);
  const to = whole.length - from <= max ? whole.length : whole.lastIndexOf(' ', from + max - 1);
  const end = to > from ? to : from + max - 1;
  return `${from > 0 ? '… ' : ''}${whole.slice(from, end).toWellFormed()}${end < whole.length ? ' …' : ''}`;
}

/** Where the word after this place begins; the place itself in text without spaces. */
function wordAt(text: string, place: number): number {
  const space = text.indexOf(' ', place);
  return space === -1 || space > place + WORD_BEFORE ? place : space + 1;
}

/** Behind what was cut for its length. */
export const CUT = ' […]';
