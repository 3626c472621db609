import { BadUserInput } from './errors.ts';

/** Maximum length of an e-mail address in UTF-16 units. RFC 5321, 4.5.3.1.3: a path of 256 characters, less its angle brackets. */
export const MAX_EMAIL_LENGTH = 254;

/**
 * Returns a text that PostgreSQL can store: `min` (1) to `max` UTF-16 units, no NUL, no lone surrogate. Throws BadUserInput, which
 * names the field.
 */
export function checkText(field: string, value: string, { min = 1, max }: { min?: number; max: number }): string {
  if (value.length < min || value.length > max) {
    throw new BadUserInput(field, `This must have ${min} to ${max} characters; it has ${value.length}.`);
  }
  if (value.includes('\0')) throw new BadUserInput(field, 'This may not contain the character NUL (U+0000).');
  if (!value.isWellFormed())
    throw new BadUserInput(field, 'This is not valid Unicode: it has half of a surrogate pair.');
  return value;
}

/** A character that can be seen: not white space, a control character, or one that has no glyph, such as a joiner or a blank of Braille. */
const VISIBLE = /[^\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Whether there is nothing to read in a text. */
export const isBlank = (text: string): boolean => !VISIBLE.test(text);

/** The same as checkText for a text that has something to read. Throws BadUserInput, which names the field. */
export function checkReadableText(field: string, value: string, limits: { max: number }): string {
  const text = checkText(field, value, limits);
  if (isBlank(text)) throw new BadUserInput(field, 'This has only white space or invisible characters.');
  return text;
}

/** The same for an optional text: null if it is omitted. */
export function checkOptionalText(
  field: string,
  value: string | null | undefined,
  limits: { min?: number; max: number },
): string | null {
  return value == null ? null : checkText(field, value, limits);
}

/**
 * Returns the text of a filter, of at most `max` UTF-16 units: null, which matches everything, if it is omitted or blank, as an empty
 * search box sends it. Throws BadUserInput, which names the field.
 */
export function checkTextFilter(field: string, value: string | null | undefined, max: number): string | null {
  return value == null || checkText(field, value, { min: 0, max }).trim() === '' ? null : value;
}

/** Returns a whole number from `min` to `max`, both included. Throws BadUserInput. */
export function checkWholeNumber(field: string, value: number, { min, max }: { min: number; max: number }): number {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new BadUserInput(field, `This must be a whole number from ${min} to ${max}.`);
  }
  return value;
}

/** Returns a number from 0 to 1, both included. Throws BadUserInput. */
export function checkFraction(field: string, value: number): number {
  if (!(value >= 0 && value <= 1)) throw new BadUserInput(field, 'This must be a number from 0 to 1.');
  return value;
}

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;

/** The end of a day, as a time of that day. */
export const END_OF_DAY = '24:00';

/** Returns a time of day at which hours end, 00:00 to END_OF_DAY. Throws BadUserInput. */
export function checkClosingTime(field: string, value: string): string {
  if (value === END_OF_DAY || CLOCK.test(value)) return value;
  throw new BadUserInput(field, `This must be a time of day from 00:00 to ${END_OF_DAY}.`);
}

/** Returns a time of day, 00:00 to 23:59. Throws BadUserInput. */
export function checkClock(field: string, value: string): string {
  if (!CLOCK.test(value)) throw new BadUserInput(field, 'This must be a time of day from 00:00 to 23:59.');
  return value;
}
