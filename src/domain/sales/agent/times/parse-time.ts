import { Temporal } from 'temporal-polyfill';
import { packOfText } from '#domain/sales/agent/languages/packs.ts';
import { namesOtherClock } from './named-zone.ts';
import type { SpokenTime } from './spoken-time.ts';
import { timeWords } from './time-words.ts';

/**
 * Returns the time that an utterance names, in any language of the agent. An hour in another time zone is not certain, so it is dropped.
 */
export function parseTime(text: string, { now, zone }: { now: Date; zone: string }): SpokenTime {
  const { year, month, day } = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone);
  const said = packOfText(text).parseTime(text, { year, month, day });
  return said.clocks.length > 0 && namesOtherClock(timeWords(text), zone) ? { ...said, clocks: [] } : said;
}
