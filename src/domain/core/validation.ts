import { BadUserInput } from './errors.ts';

/** Text that PostgreSQL can hold: `min` to `max` characters (UTF-16 units), no NUL, no half of a surrogate pair. */
export function checkText(field: string, value: string, { min = 1, max }: { min?: number; max: number }): string {
  if (value.length < min || value.length > max) {
    throw new BadUserInput(field, `This takes ${min} to ${max} characters; it has ${value.length}.`);
  }
  if (value.includes('\0')) throw new BadUserInput(field, 'This may not contain the character NUL (U+0000).');
  if (!value.isWellFormed())
    throw new BadUserInput(field, 'This is no valid Unicode: it holds half of a surrogate pair.');
  return value;
}

export function checkOptionalText(
  field: string,
  value: string | null | undefined,
  limits: { min?: number; max: number },
): string | null {
  return value == null ? null : checkText(field, value, limits);
}

export function checkWholeNumber(field: string, value: number, { min, max }: { min: number; max: number }): number {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new BadUserInput(field, `This is a whole number from ${min} to ${max}.`);
  }
  return value;
}

export function checkFraction(field: string, value: number): number {
  if (!(value >= 0 && value <= 1)) throw new BadUserInput(field, 'This is a number from 0 to 1.');
  return value;
}
