import { addTime, getTimes } from 'suncalc';
import type { Temporal } from 'temporal-polyfill/full';
import { placeOfZone } from '#domain/sales/phones/time-zones.ts';
import { momentOf, startOfDay } from './clock.ts';
import type { Interval } from './intervals.ts';

/** Days of the Hebrew calendar on which work is forbidden, by Temporal's month codes: Tishri is M01, Nisan M07, Sivan M09. */
const FEASTS = new Set(['M01-1', 'M01-2', 'M01-10', 'M01-15', 'M01-22', 'M07-15', 'M07-21', 'M09-6']);
/** The second days that are observed outside Israel. */
const SECOND_DAYS = new Set(['M01-16', 'M01-23', 'M07-16', 'M07-22', 'M09-7']);

/** How many degrees the sun is below the horizon when three small stars become visible, which ends a day. */
const NIGHTFALL_DEGREES = -8.5;
addTime(NIGHTFALL_DEGREES, 'daybreak', 'nightfall');

/** A margin after nightfall: a zone is wider than its city, and many people observe a longer day. */
const MARGIN_MS = 30 * 60_000;
/** Calls end at noon on the eve. */
const EVE = '12:00';

const ISRAEL = new Set(['Asia/Jerusalem', 'Asia/Tel_Aviv', 'Asia/Hebron', 'Asia/Gaza', 'Israel']);

/** Whether a day is Shabbat or a feast in a zone. */
export function isRestDay(date: Temporal.PlainDate, zone: string): boolean {
  if (date.dayOfWeek === 6) return true;
  const { monthCode, day } = date.withCalendar('hebrew');
  const name = `${monthCode}-${day}`;
  return FEASTS.has(name) || (SECOND_DAYS.has(name) && !ISRAEL.has(zone));
}

/** Returns during which time nobody is called because of a rest day: from noon of its eve until local nightfall plus a margin. */
export function restOf(date: Temporal.PlainDate, zone: string): Interval {
  return {
    start: momentOf(date.subtract({ days: 1 }), EVE, zone, 'earlier'),
    end: nightfall(date, zone) + MARGIN_MS,
  };
}

/** Returns when a day ends by the sun; at midnight if the sun does not set that far, or the zone has no location. */
function nightfall(date: Temporal.PlainDate, zone: string): number {
  const place = placeOfZone(zone);
  const noon = new Date(momentOf(date, '12:00', zone, 'later'));
  const time = place && getTimes(noon, place.latitude, place.longitude).nightfall;
  return time instanceof Date ? time.getTime() : startOfDay(date.add({ days: 1 }), zone);
}
