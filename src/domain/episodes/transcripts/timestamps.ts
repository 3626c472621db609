/**
 * Reads `hh:mm:ss` or `mm:ss`, with up to three decimals after a comma or a point, as seconds. Returns null for
 * anything else, also for 60 seconds, and for 60 minutes beside hours.
 */
export function parseTimestamp(text: string): number | null {
  const match = /^(?:(\d{1,4}):)?(\d{1,3}):(\d{2})(?:[.,](\d{1,3}))?$/.exec(text);
  if (!match) return null;
  const [, hours, minutes = '', seconds = '', fraction = ''] = match;
  if (Number(seconds) > 59 || (hours !== undefined && Number(minutes) > 59)) return null;
  return Number(hours ?? 0) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(fraction.padEnd(3, '0')) / 1000;
}

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
