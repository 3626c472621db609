import { Temporal } from 'temporal-polyfill';
import { packOfText } from '#domain/sales/agent/languages/packs.ts';
import type { SpokenTime } from './spoken-time.ts';

/** Returns what an utterance says of a time, in whichever language it is said. */
export function parseTime(text: string, { now, zone }: { now: Date; zone: string }): SpokenTime {
  const { year, month, day } = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone);
  return packOfText(text).parseTime(text, { year, month, day });
}
