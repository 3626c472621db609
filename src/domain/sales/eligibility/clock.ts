import type { Temporal } from 'temporal-polyfill';
import { END_OF_DAY } from '#domain/core/validation.ts';

/**
 * Returns the moment of a local time in a zone, in milliseconds; END_OF_DAY is when the next day begins. For a time that occurs twice or not
 * at all, `disambiguation` is chosen so that fewer calls are made: a window opens later and closes earlier.
 */
export function momentOf(
  date: Temporal.PlainDate,
  time: string,
  zone: string,
  disambiguation: 'earlier' | 'later',
): number {
  if (time === END_OF_DAY) return startOfDay(date.add({ days: 1 }), zone);
  return date.toPlainDateTime(time).toZonedDateTime(zone, { disambiguation }).epochMilliseconds;
}

/** Returns when a day begins in a zone, in milliseconds. */
export const startOfDay = (date: Temporal.PlainDate, zone: string): number =>
  date.toZonedDateTime(zone).epochMilliseconds;
