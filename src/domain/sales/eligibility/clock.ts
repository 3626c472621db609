import type { Temporal } from 'temporal-polyfill';

/**
 * Returns the moment of a local time in a zone, in milliseconds. For a time that occurs twice or not at all, `disambiguation` is chosen so
 * that fewer calls are made: a window opens later and closes earlier.
 */
export function momentOf(
  date: Temporal.PlainDate,
  time: string,
  zone: string,
  disambiguation: 'earlier' | 'later',
): number {
  return date.toPlainDateTime(time).toZonedDateTime(zone, { disambiguation }).epochMilliseconds;
}

/** Returns when a day begins in a zone, in milliseconds. */
export const startOfDay = (date: Temporal.PlainDate, zone: string): number =>
  date.toZonedDateTime(zone).epochMilliseconds;
