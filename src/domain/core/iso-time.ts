const DAY_MS = 86_400_000;

/** `00` to `59`. */
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));

let knownDay = Number.NaN;
let knownDate = '';

/**
 * Returns what `toISOString` does, in a third of its time where the moment before was on the same day, as most in a page are. Throws
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
  const seconds = Math.floor(ofDay / 1_000);
  const minutes = Math.floor(seconds / 60);
  const milliseconds = ofDay - seconds * 1_000;
  const fraction = milliseconds < 10 ? '.00' : milliseconds < 100 ? '.0' : '.';
  const hour = TWO_DIGITS[Math.floor(minutes / 60)];
  return `${knownDate}${hour}:${TWO_DIGITS[minutes % 60]}:${TWO_DIGITS[seconds % 60]}${fraction}${milliseconds}Z`;
}
