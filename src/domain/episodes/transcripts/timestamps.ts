/**
 * A clock as transcribers write it: hours or none, one or two digits or more, a point or a comma before decimals of a
 * second. Some write a minus where a cut begins before the recording does.
 */
export const CLOCK = String.raw`-?\d{1,4}(?::\d{1,3})?:\d{1,2}(?:[.,]\d{1,9})?`;

const CLOCK_PARTS = /^(-?)(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2})(?:[.,](\d{1,9}))?$/;

/**
 * Reads a CLOCK as seconds, to the millisecond; what is below 0 is 0. Returns null for anything else, also for 60 seconds,
 * and for 60 minutes beside hours.
 */
export function parseTimestamp(text: string): number | null {
  const match = CLOCK_PARTS.exec(text);
  if (!match) return null;
  const [, minus, hours, minutes = '', seconds = '', fraction = ''] = match;
  if (Number(seconds) > 59 || (hours !== undefined && Number(minutes) > 59)) return null;
  if (minus === '-') return 0;
  return (
    Number(hours ?? 0) * 3600 +
    Number(minutes) * 60 +
    Number(seconds) +
    Number(fraction.padEnd(3, '0').slice(0, 3)) / 1000
  );
}

/** 1,000 hours. */
const MAX_START_SECONDS = 1000 * 3600;

/** An hour after the latest start, so that the last segment has some time whatever end it states. */
export const MAX_END_SECONDS = MAX_START_SECONDS + 3600;

/** Whether a start is a mistake: it is after 1,000 hours. */
export function isTooLate(startSeconds: number): boolean {
  return startSeconds > MAX_START_SECONDS;
}

/** Whether a piece that begins at `startSeconds` can end at `endSeconds`. */
export function isPossibleEnd(startSeconds: number, endSeconds: number): boolean {
  return endSeconds >= startSeconds && endSeconds <= MAX_END_SECONDS;
}

/** What is said of a piece whose end cannot be. */
export const IMPOSSIBLE_END = 'ends before it begins, or after 1,000 hours: its end was estimated from its words.';

/** What is said of a piece that is too late. */
export const TOO_LATE = 'begins after 1,000 hours, mostly because milliseconds or frames were taken for seconds.';

/** Writes seconds, 0 or more, as `hh:mm:ss` and, with a separator, milliseconds after it. */
export function formatTimestamp(seconds: number, decimalSeparator: ',' | '.' | null): string {
  const milliseconds = Math.round(seconds * 1000);
  const wholeSeconds = Math.floor(milliseconds / 1000);
  const parts = [Math.floor(wholeSeconds / 3600), Math.floor(wholeSeconds / 60) % 60, wholeSeconds % 60];
  const clock = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return decimalSeparator === null ? clock : clock + decimalSeparator + String(milliseconds % 1000).padStart(3, '0');
}

/** Rounds seconds to the millisecond, as times in captions are, so that what is written is read back unchanged. */
export function toMillisecond(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
