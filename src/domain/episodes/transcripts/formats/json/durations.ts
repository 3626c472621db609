/** An object whose fields have times and texts. */
type Fields = Record<string, unknown>;

/** Returns how long a piece is, in the unit of its start; `length` may also be that of its text. */
export function durationOf(fields: Fields): unknown {
  const { duration, dur, length } = fields;
  return duration ?? dur ?? (countsText(fields) ? undefined : length);
}

/** Characters in a unit of time: fewer are speech only if it is a millisecond. */
export const MOST_IN_MILLISECOND = 0.04;

/** Characters of ordinary speech in a second, at least. */
const LEAST_IN_SECOND = 5;

/** Whether `length` may count characters, bytes or words of a text: it is a whole number that does, or in which the text is not said. */
function countsText(fields: Fields): boolean {
  const length = Number(fields.length);
  if (!Number.isInteger(length)) return false;
  return textsOf(fields).some((text) => {
    const rate = text.trim().length / length;
    return (rate > MOST_IN_MILLISECOND && rate < LEAST_IN_SECOND) || countsOf(text).includes(length);
  });
}

const countsOf = (text: string): number[] => [
  ...[text, text.trim()].flatMap((each) => [each.length, Array.from(each).length, Buffer.byteLength(each)]),
  text.trim().split(/\s+/).length,
];

/** Milliseconds for a character in the fastest speech. */
const MIN_FOR_CHARACTER = 20;

/** Whether the text of a piece can be said in so many milliseconds. */
export const isSaidIn = (fields: Fields, milliseconds: number): boolean =>
  textsOf(fields).some((text) => milliseconds >= text.trim().length * MIN_FOR_CHARACTER);

const textsOf = ({ body, text, transcript, content, sentence, word, punctuated_word, value }: Fields): string[] =>
  [body, text, transcript, content, sentence, word, punctuated_word, value].filter(
    (each): each is string => typeof each === 'string' && each.trim() !== '',
  );
