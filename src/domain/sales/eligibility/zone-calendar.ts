import { LRUCache } from 'lru-cache';
import { Temporal } from 'temporal-polyfill/full';
import type { Deps } from '#domain/core/deps.ts';
import { momentOf, startOfDay } from './clock.ts';
import { holidaysOf } from './holidays.ts';
import { type Interval, subtract, unite } from './intervals.ts';
import type { Holiday } from './list-holidays.ts';
import { isRestDay, restOf } from './rest-days.ts';

/** The hours for calls: local times such as `09:00`, and ISO weekdays, in the lead's time zone. */
export type CallWindow = { start: string; end: string; days: readonly number[]; respectShabbat: boolean };

/** The next weeks of a zone with respect to calls; each list is in order. */
export type ZoneCalendar = {
  /** When the window is open, regardless of rest days and holidays. */
  windows: Interval[];
  /** Shabbat and feasts, with their eves; consecutive ones are merged. */
  rests: Interval[];
  holidays: (Interval & { name: string })[];
  /** When calls may be made. */
  open: Interval[];
};

/** Which calendar: of a zone, for leads of a country, from the local day of the moment `from` on. */
export type CalendarRequest = { zone: string; country: string | null; window: CallWindow; from: number };

/** How many days the calendar covers: longer than any run of feasts, Shabbats and holidays in any country. */
const DAYS_AHEAD = 21;

/** A calendar has some 4 KB. */
const cache = new LRUCache<string, ZoneCalendar>({ max: 2_000 });

/** Returns the next weeks of a zone. Throws Unavailable. */
export async function calendarOf(
  deps: Pick<Deps, 'threads' | 'actor' | 'sales'>,
  request: CalendarRequest,
): Promise<ZoneCalendar> {
  const { zone, country, window, from } = request;
  const today = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone).toPlainDate();
  const { holidayTypes, closedDays, openDays } = deps.sales;
  const key = JSON.stringify([zone, country, window, today.toString(), holidayTypes, closedDays, openDays]);
  const calendar = cache.get(key) ?? (await makeCalendar(deps, request, today));
  cache.set(key, calendar);
  return calendar;
}

async function makeCalendar(
  deps: Pick<Deps, 'threads' | 'actor' | 'sales'>,
  { zone, country, window }: CalendarRequest,
  today: Temporal.PlainDate,
): Promise<ZoneCalendar> {
  // A rest day begins on its eve, and `from` may be in the previous day of another zone.
  const days = Array.from({ length: DAYS_AHEAD + 2 }, (_, index) => today.add({ days: index - 1 }));
  const years = [...new Set(days.map(({ year }) => year))];
  const listed = country ? (await Promise.all(years.map((year) => holidaysOf(deps, country, year)))).flat() : [];
  const windowDays = days.filter(({ dayOfWeek }) => window.days.includes(dayOfWeek));
  // Those of two days are one where they meet at midnight.
  const windows = unite(
    windowDays.map((day) => ({
      start: momentOf(day, window.start, zone, 'later'),
      end: momentOf(day, window.end, zone, 'earlier'),
    })),
  );
  const rests = window.respectShabbat
    ? unite(days.filter((day) => isRestDay(day, zone)).map((day) => restOf(day, zone)))
    : [];
  const byDate = Map.groupBy(listed, ({ date }) => date);
  const holidays = days
    .filter((day) => !(window.respectShabbat && isRestDay(day, zone)))
    .flatMap((day) => (byDate.get(day.toString()) ?? []).map((holiday) => toInterval(holiday, day, zone)));
  return { windows, rests, holidays, open: subtract(windows, [...rests, ...holidays]) };
}

function toInterval({ name, fromEve }: Holiday, day: Temporal.PlainDate, zone: string): Interval & { name: string } {
  const start = fromEve ? momentOf(day.subtract({ days: 1 }), '12:00', zone, 'earlier') : startOfDay(day, zone);
  return { name, start, end: startOfDay(day.add({ days: 1 }), zone) };
}
