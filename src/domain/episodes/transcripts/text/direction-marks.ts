/** Marks of text direction (Unicode Annex 9) and byte order, which stand before and inside of Hebrew and Arabic lines. */
const MARKS = String.raw`\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff`;

const ANY_MARK = new RegExp(`[${MARKS}]`, 'g');
const LEADING_MARKS = new RegExp(`^[\\s${MARKS}]+`);

const OPENING_MARK = /[\u202a\u202b\u202d\u202e\u2066-\u2068]/;

/** Takes out the marks of direction, for names and times, which are compared. */
export function removeDirectionMarks(text: string): string {
  return text.replace(ANY_MARK, '');
}

/** Takes the marks away that stand before a text, and those that close them at its end. */
export function trimDirectionMarks(text: string): string {
  const [leading = ''] = LEADING_MARKS.exec(text) ?? [];
  const rest = text.slice(leading.length);
  return OPENING_MARK.test(leading) ? rest.slice(0, rest.length - countClosingMarks(rest)) : rest;
}

function countClosingMarks(text: string): number {
  let marks = 0;
  while ('\u202c\u2069'.includes(text.at(-1 - marks) ?? ' ')) marks += 1;
  return marks;
}
