import { numberOf } from '#adapters/exact-json.ts';
import { isFields } from './conversation.ts';

/** The least numbers that count milliseconds, microseconds and nanoseconds since 1970: in seconds they are in the year 5138 or later. */
const [FIRST_MS, FIRST_US, FIRST_NS] = [1e11, 1e14, 1e17];

/** Reads a time, a number of seconds or of a smaller unit since 1970 or ISO 8601, also in MongoDB's form; null where it is none. Returns ISO 8601. */
export function readTime(value: unknown): string | null {
  if (isFields(value) && '$date' in value) return readTime(value.$date);
  if (isFields(value) && '$numberLong' in value) return readTime(value.$numberLong);
  const number = typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : numberOf(value);
  const ms = number === null ? parseDate(value) : toMilliseconds(number);
  const time = new Date(ms);
  const year = time.getUTCFullYear();
  return year >= 1 && year <= 9999 ? time.toISOString() : null;
}

function parseDate(value: unknown): number {
  return typeof value === 'string' && /\d{4}/.test(value)
    ? Date.parse(value.replace(/(\d)([ap]m)$/i, '$1 $2'))
    : Number.NaN;
}

/** Zero stands for no time in exports that have it. */
function toMilliseconds(number: number): number {
  if (number === 0) return Number.NaN;
  if (number >= FIRST_NS) return number / 1e6;
  if (number >= FIRST_US) return number / 1e3;
  return number >= FIRST_MS ? number : number * 1e3;
}
