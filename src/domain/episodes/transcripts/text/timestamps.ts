/**
 * A clock as transcribers write it: hours or none, one or two digits or more, a point or a comma before decimals of a
 * second, or the number of a frame, as editing programs count. Some write a minus where a cut begins before the recording does.
 */
export const CLOCK = String.raw`-?\d{1,4}(?::\d{1,3})?:\d{1,2}(?:[.,]\d{1,9}|[:;]\d{2}(?!\d))?`;

const CLOCK_PARTS = /^(-?)(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2})(?:[.,](\d{1,9})|[:;](\d{2}))?$/;

/** Transcripts do not state their frame rate; with this one, no frame falls into the next second. */
const FRAMES_PER_SECOND = 30;

/** Marks and digits of East Asian and mathematical keyboards that are parts of a clock. */
const WIDE_IN_CLOCK = /(?<=[\d０-９])[：，．；](?=[\d０-９])|[０-９]|[−－](?=[\d０-９])/g;
const WIDE = '０１２３４５６７８９：，．；−－';
const PLAIN = '0123456789:,.;--';

/** Clocks in the digits of other scripts, Arabic, Persian and Indian ones among them; Arabic has a mark of its own before decimals. */
const NATIVE_CLOCK = /(?:(?![0-9])\p{Nd}){1,4}(?::(?:(?![0-9])\p{Nd}){1,3})+(?:[.,٫;](?:(?![0-9])\p{Nd}){1,9})?/gu;
const [DIGIT, DECIMAL_MARK] = [/\p{Nd}/gu, /٫/g];

/** The zeros of the scripts that write numbers with ten digits of their own, in one unit of UTF-16 each. */
const ZEROS = '٠۰०০੦૦୦௦౦೦൦๐໐༠၀០';

/** Returns a text of the same length in which clocks are written in ASCII. */
export function narrowClocks(text: string): string {
  const narrow = text.replace(WIDE_IN_CLOCK, (character) => PLAIN[WIDE.indexOf(character)] ?? character);
  if (!NON_ASCII.test(narrow)) return narrow;
  return narrow.replace(NATIVE_CLOCK, (clock) => narrowDigits(clock).replace(DECIMAL_MARK, '.'));
}

/** Returns a text of the same length whose digits are those of ASCII. */
export const narrowDigits = (text: string): string => text.replace(DIGIT, narrowDigit);

const NON_ASCII = /[^\0-\x7f]/;

function narrowDigit(digit: string): string {
  const code = digit.charCodeAt(0);
  const zero = Array.from(ZEROS, (each) => each.charCodeAt(0)).find((each) => code >= each && code < each + 10);
  return zero === undefined ? digit : String(code - zero);
}

/**
 * Reads a CLOCK, in the digits of any script, as seconds, to the millisecond; what is below 0 is 0. 60 seconds, to which some programs
 * round, are a minute. Returns null for anything else, also for more than 60 seconds, and for 60 minutes beside hours.
 */
export function parseTimestamp(text: string): number | null {
  const match = CLOCK_PARTS.exec(text) ?? (NON_ASCII.test(text) ? CLOCK_PARTS.exec(narrowClocks(text)) : null);
  if (!match) return null;
  const [, minus, hours, minutes = '', whole = '', fraction = '', frame = '0'] = match;
  const parts = Number(fraction.padEnd(3, '0').slice(0, 3)) + frameMilliseconds(Number(frame));
  const seconds = Number(whole) + parts / 1000;
  if (seconds > 60 || (hours !== undefined && Number(minutes) > 59)) return null;
  return minus === '-' ? 0 : Number(hours ?? 0) * 3600 + Number(minutes) * 60 + seconds;
}

function frameMilliseconds(frame: number): number {
  return Math.min(999, Math.round((frame * 1000) / FRAMES_PER_SECOND));
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

/** The warning about a piece with an impossible end. */
export const IMPOSSIBLE_END = 'ends before it begins, or after 1,000 hours: its end was estimated from its words.';

/** The warning about a piece that begins too late. */
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
