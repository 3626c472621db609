import type { Temporal } from 'temporal-polyfill';

/**
 * Returns the moment of a time of day in a zone: milliseconds. Where the clock shows it twice, or skips it, the one is taken
 * that calls less: a window opens later and closes earlier.
 */
export function momentOf(
  date: Temporal.PlainDate,
  time: string,
  zone: string,
  disambiguation: 'earlier' | 'later',
): number {
  return date.toPlainDateTime(time).toZonedDateTime(zone, { disambiguation }).epochMilliseconds;
}

/** Returns when a day begins in a zone: milliseconds. */
export const startOfDay = (date: Temporal.PlainDate, zone: string): number =>
  date.toZonedDateTime(zone).epochMilliseconds;
