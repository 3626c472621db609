import { Temporal } from 'temporal-polyfill';
import { packOfText } from '#domain/sales/agent/languages/packs.ts';
import { namesOtherClock } from './named-zone.ts';
import { atMinute, type TimeContext } from './resolve-time.ts';
import type { SpokenTime } from './spoken-time.ts';
import { timeWords } from './time-words.ts';

/**
 * Returns the time that an utterance names, in any language of the agent. An hour in another time zone is not certain, so it is dropped.
 */
export function parseTime(text: string, { now, zone, isOpen = () => false }: ParseContext): SpokenTime {
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone).toPlainDate();
  const { year, month, day } = today;
  const known = new Map<number, boolean>();
  const opensAt = (minutes: number): boolean => {
    const opens =
      known.get(minutes) ??
      WEEK.some((days) => isOpen(new Date(atMinute(today.add({ days }), minutes, zone).epochMilliseconds)));
    known.set(minutes, opens);
    return opens;
  };
  const said = packOfText(text).parseTime(text, { year, month, day }, opensAt);
  return said.clocks.length > 0 && namesOtherClock(timeWords(text), zone) ? { ...said, clocks: [] } : said;
}

/** Without `isOpen`, the half of the day of a bound is not certain: enough to tell whether a time is named. */
type ParseContext = Pick<TimeContext, 'now' | 'zone'> & Partial<Pick<TimeContext, 'isOpen'>>;

const WEEK = [0, 1, 2, 3, 4, 5, 6];
