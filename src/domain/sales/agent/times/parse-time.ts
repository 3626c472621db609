import { Temporal } from 'temporal-polyfill';
import { englishTime } from './english-times.ts';
import { hebrewTime } from './hebrew-times.ts';
import type { SpokenTime } from './spoken-time.ts';

const HEBREW_LETTER = /[\u05D0-\u05EA]/u;

/** Returns what an utterance says of a time, in whichever of the two languages it is said. */
export function parseTime(text: string, { now, zone }: { now: Date; zone: string }): SpokenTime {
  if (HEBREW_LETTER.test(text)) return hebrewTime(text);
  const { year, month, day } = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone);
  return englishTime(text, { year, month, day });
}
