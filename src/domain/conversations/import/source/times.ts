import { numberOf } from '#adapters/exact-json.ts';
import { isInCommonYears } from '#domain/core/calendar-days.ts';
import { isFields } from './conversation.ts';

/** The least numbers that count milliseconds, microseconds and nanoseconds since 1970: in seconds they are in the year 5138 or later. */
const [FIRST_MS, FIRST_US, FIRST_NS] = [1e11, 1e14, 1e17];

/**
 * Reads a time, a number of seconds or of a smaller unit since 1970 or ISO 8601, also in MongoDB's form; null where it is none. Returns ISO
 * 8601.
 */
export function readTime(value: unknown): string | null {
  if (isFields(value) && '$date' in value) return readTime(value.$date);
  if (isFields(value) && '$numberLong' in value) return readTime(value.$numberLong);
  const number = typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : numberOf(value);
  const ms = number === null ? parseDate(value) : toMilliseconds(number);
  const time = new Date(ms);
  return isInCommonYears(time) ? time.toISOString() : null;
}

/** A clock at the end, which is not that of a time zone as in `+02:00`; or a date without a clock. */
const WITHOUT_ZONE = /(?<![+-]\d?)\d:\d\d(?:[.:]\d+)*(?: [ap]m)?$|^[^:]*\d$/i;

/** Parses a date; a time without a zone is UTC, not in the zone of the server. */
function parseDate(value: unknown): number {
  if (typeof value !== 'string' || !/\d{4}/.test(value)) return Number.NaN;
  const text = value
    .trim()
    .replace(/(\d)([ap]m)$/i, '$1 $2')
    .replace(/(:\d\d),(\d+)/, '$1.$2');
  const inUtc = WITHOUT_ZONE.test(text) ? Date.parse(`${text}${/\dT\d/.test(text) ? 'Z' : ' UTC'}`) : Number.NaN;
  return Number.isNaN(inUtc) ? Date.parse(text) : inUtc;
}

/** Numbers that would be 1989 to 2001 as seconds since 1970 count from 2001, as Swift writes them: 2020 to 2032. */
const [FIRST_SWIFT, LAST_SWIFT, SWIFT_EPOCH] = [6e8, 1e9, 978_307_200];

/** Converts a number to milliseconds since 1970; zero means no time. */
function toMilliseconds(number: number): number {
  if (number === 0) return Number.NaN;
  if (number >= FIRST_SWIFT && number < LAST_SWIFT) return (number + SWIFT_EPOCH) * 1e3;
  if (number >= FIRST_NS) return number / 1e6;
  if (number >= FIRST_US) return number / 1e3;
  return number >= FIRST_MS ? number : number * 1e3;
}
