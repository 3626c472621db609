const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

const padded = (number: number, length: number) => String(number).padStart(length, '0');
/** Every part of a time as text, so that most of a timestamp is joined from existing strings. */
const MINUTES = Array.from({ length: 24 * 60 }, (_, n) => `${padded(Math.floor(n / 60), 2)}:${padded(n % 60, 2)}:`);
const SECONDS = Array.from({ length: 60 }, (_, n) => `${padded(n, 2)}.`);
const MILLISECONDS = Array.from({ length: 1_000 }, (_, n) => `${padded(n, 3)}Z`);

let knownDay = Number.NaN;
let knownDate = '';

/**
 * Returns the same as `toISOString`, in a quarter of its time if the previous moment was on the same day, as in most pages. Throws
 * RangeError for an invalid date.
 */
export function isoTime(moment: Date): string {
  const time = moment.getTime();
  const day = Math.floor(time / DAY_MS);
  if (day !== knownDay) {
    knownDate = moment.toISOString().slice(0, -'09:30:00.000Z'.length);
    knownDay = day;
  }
  const ofDay = time - day * DAY_MS;
  const minute = Math.floor(ofDay / MINUTE_MS);
  const ofMinute = ofDay - minute * MINUTE_MS;
  const second = Math.floor(ofMinute / 1_000);
  return `${knownDate}${MINUTES[minute]}${SECONDS[second]}${MILLISECONDS[ofMinute - second * 1_000]}`;
}
