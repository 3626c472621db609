import { Temporal } from 'temporal-polyfill';
import { packOf } from '#domain/sales/agent/languages/packs.ts';
import type { AgentLanguage } from '#domain/sales/agent/languages/tags.ts';
import type { Away, DayPart, SpokenClock, SpokenDay, SpokenTime } from './spoken-time.ts';

/** The context in which a time is said. */
export type TimeContext = {
  now: Date;
  /** The lead's IANA time zone. */
  zone: string;
  language: AgentLanguage;
  /** Whether a meeting could begin then. */
  isOpen(at: Date): boolean;
};

/** The meaning of a spoken time. Dates are as 2026-12-01; readings are in chronological order. */
export type Resolution =
  | { kind: 'nothing' }
  | { kind: 'moment'; at: Date }
  | { kind: 'moments'; readings: [Date, Date] }
  /** The time of day is missing. */
  | { kind: 'day'; date: string; part: DayPart | null }
  | { kind: 'days'; readings: [string, string] }
  /** The day is missing. */
  | { kind: 'clock' }
  | { kind: 'past' };

/**
 * Resolves a spoken time by calendar arithmetic in the lead's zone. Returns both readings if it is ambiguous. A time without a half of the
 * day is taken for the one at which a meeting can be held; seven, where that is never, is in the evening. A time that the clock skips is moved forward by the length of the gap; of one
 * that occurs twice, the first is taken.
 */
export function resolveTime(said: SpokenTime, context: TimeContext): Resolution {
  const now = Temporal.Instant.fromEpochMilliseconds(context.now.getTime()).toZonedDateTimeISO(context.zone);
  if (said.inMinutes !== null) return { kind: 'moment', at: roundUp(context.now.getTime() + said.inMinutes * 60_000) };
  if (said.days.length === 0) return said.clocks.length > 0 ? { kind: 'clock' } : { kind: 'nothing' };
  const within = { ...context, notBefore: said.notBefore ?? null, away: said.away ?? null };
  const dates = distinct(said.days.flatMap((day) => datesOf(day, now, within)));
  const isOpenChoice = said.days.length > 1 && said.clocks.length > 1 && !said.paired;
  if (said.clocks.length === 0 || isOpenChoice) return resolveDay(dates, said.part, now);
  const moments = pairsOf(said, dates, now, within)
    .map(({ date, time }) => ({ time, at: momentOf(date, time, context.zone) }))
    .filter(({ at }) => at > context.now);
  if (moments.length === 0) return dates.length === 0 ? { kind: 'nothing' } : { kind: 'past' };
  const open = moments.filter(({ at }) => context.isOpen(at));
  const likely = open.length > 0 ? open : moments.filter(({ time }) => time.hour >= 8 && time.hour < 21);
  const [first, second] = (likely.length > 0 ? likely : moments)
    .map(({ at }) => at)
    .sort((a, b) => Number(a) - Number(b));
  return second && Number(second) !== Number(first)
    ? { kind: 'moments', readings: [first as Date, second] }
    : { kind: 'moment', at: first as Date };
}

/** The first day that suits, too. */
type DayContext = TimeContext & { notBefore: string | null; away: Away | null };

type Pair = { date: Temporal.PlainDate; time: SpokenClock };

/**
 * Returns every combination of the days and times of day, or only the pairs if each day has its own: "Monday at ten or Tuesday at three".
 */
function pairsOf(
  { days, clocks, paired }: SpokenTime,
  dates: readonly Temporal.PlainDate[],
  now: Temporal.ZonedDateTime,
  context: DayContext,
): Pair[] {
  const pair = (date: Temporal.PlainDate, clock: SpokenClock) => readingsOf(clock).map((time) => ({ date, time }));
  if (!paired || days.length < 2 || days.length !== clocks.length)
    return dates.flatMap((date) => clocks.flatMap((clock) => pair(date, clock)));
  return days.flatMap((day, index) =>
    datesOf(day, now, context).flatMap((date) => pair(date, clocks[index] as SpokenClock)),
  );
}

function resolveDay(
  dates: readonly Temporal.PlainDate[],
  part: DayPart | null,
  now: Temporal.ZonedDateTime,
): Resolution {
  const coming = dates.filter((date) => Temporal.PlainDate.compare(date, now.toPlainDate()) >= 0);
  const [first, second] = coming.map((date) => date.toString()).sort();
  if (!first) return dates.length === 0 ? { kind: 'nothing' } : { kind: 'past' };
  return second ? { kind: 'days', readings: [first, second] } : { kind: 'day', date: first, part };
}

/** Rounds up to five minutes, for a call back "in an hour". */
const roundUp = (ms: number) => new Date(Math.ceil(ms / 300_000) * 300_000);

/** Returns so many minutes since midnight on a day, by the clock of a zone; the next midnight for those of a whole day. */
export const atMinute = (date: Temporal.PlainDate, minutes: number, zone: string): Temporal.ZonedDateTime =>
  date
    .add({ days: Math.floor(minutes / DAY_MINUTES) })
    .toPlainDateTime({ hour: Math.floor((minutes % DAY_MINUTES) / 60), minute: minutes % 60 })
    .toZonedDateTime(zone);
const DAY_MINUTES = 24 * 60;

function momentOf(date: Temporal.PlainDate, { hour, minute }: SpokenClock, zone: string): Date {
  const at = date.toPlainDateTime({ hour, minute }).toZonedDateTime(zone, { disambiguation: 'compatible' });
  return new Date(at.epochMilliseconds);
}

/** "Ten" is ten in the morning or in the evening. */
const readingsOf = (clock: SpokenClock): SpokenClock[] =>
  clock.half !== null
    ? [clock]
    : [
        { ...clock, hour: clock.hour % 12 },
        { ...clock, hour: (clock.hour % 12) + 12 },
      ];

/** The hour until which somebody who is still awake may take it for the previous day. */
const SMALL_HOURS = 4;

/** Returns the dates that a day may mean: one or two. */
function datesOf(day: SpokenDay, now: Temporal.ZonedDateTime, context: DayContext): Temporal.PlainDate[] {
  const dates = namedDates(day, now, context);
  return day.after ? dates.map((date) => nextOpenDay(date, context)) : dates;
}

/** Returns the first day after another on which meetings are held. */
function nextOpenDay(date: Temporal.PlainDate, { zone, isOpen }: TimeContext): Temporal.PlainDate {
  const later = Array.from({ length: 7 }, (_, index) => date.add({ days: index + 1 }));
  const opens = (day: Temporal.PlainDate) =>
    HOURS.some((hour) => isOpen(new Date(atMinute(day, hour * 60, zone).epochMilliseconds)));
  return later.find(opens) ?? date.add({ days: 1 });
}
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

function namedDates(
  day: SpokenDay,
  now: Temporal.ZonedDateTime,
  { language, notBefore, away }: DayContext,
): Temporal.PlainDate[] {
  const today = now.toPlainDate();
  const later = notBefore === null ? null : laterThan(today, Temporal.PlainDate.from(notBefore));
  if (later && day.kind === 'weekday' && day.which === null) return [weekdayFrom(day.weekday, later)];
  if (day.kind === 'weekday' && day.which === null)
    return weekdaysOf(day, today, language).map((date) => behind(away, date, day.weekday));
  if (day.kind === 'weekday') return weekdaysOf(day, today, language);
  if (day.kind === 'date') return calendarDates(day, day.month === null ? (later ?? today) : today);
  const date = today.add({ days: day.days });
  return now.hour < SMALL_HOURS && day.days > 0 && day.days < 3 ? [date.subtract({ days: 1 }), date] : [date];
}

/** Returns the same weekday after days that do not suit, if it is one of them. */
function behind(away: Away | null, date: Temporal.PlainDate, weekday: number): Temporal.PlainDate {
  const isAway = away !== null && away.from <= date.toString() && date.toString() < away.to;
  return isAway ? weekdayFrom(weekday, Temporal.PlainDate.from(away.to)) : date;
}

const laterThan = (today: Temporal.PlainDate, date: Temporal.PlainDate) =>
  Temporal.PlainDate.compare(date, today) > 0 ? date : null;

const weekdayFrom = (weekday: number, start: Temporal.PlainDate): Temporal.PlainDate =>
  start.add({ days: (weekday - start.dayOfWeek + 7) % 7 });

function weekdaysOf(
  { weekday, which }: Extract<SpokenDay, { kind: 'weekday' }>,
  today: Temporal.PlainDate,
  language: AgentLanguage,
): Temporal.PlainDate[] {
  const ahead = (weekday - today.dayOfWeek + 7) % 7;
  const coming = today.add({ days: ahead });
  const later = coming.add({ days: 7 });
  switch (which) {
    case 'this':
      return [coming];
    case 'week-after':
      return [later];
    case 'next-week':
      return [inNextWeek(weekday, today, language)];
    case 'next':
      if (ahead === 0) return [later];
      // The coming one, or that of next week. They are the same if a week begins in between, whichever day it begins on.
      return startsBetween(today, coming, 1) && startsBetween(today, coming, 7) ? [coming] : [coming, later];
    default:
      return ahead === 0 ? [coming, later] : [coming];
  }
}

/** Whether a week that begins on this weekday does so after one day, and until another. */
function startsBetween(after: Temporal.PlainDate, until: Temporal.PlainDate, firstDay: number): boolean {
  const days = (firstDay - after.dayOfWeek + 7) % 7 || 7;
  return Temporal.PlainDate.compare(after.add({ days }), until) <= 0;
}

/** The week begins on the usual day of the language. */
function inNextWeek(weekday: number, today: Temporal.PlainDate, language: AgentLanguage): Temporal.PlainDate {
  const start = today.add({ days: (packOf(language).firstWeekday - today.dayOfWeek + 7) % 7 || 7 });
  return weekdayFrom(weekday, start);
}

/** How many months are searched for a day that was named without a month. */
const MONTHS_AHEAD = 12;
/** How many years are searched: a leap day occurs within eight at the latest. */
const YEARS_AHEAD = 8;

function calendarDates(
  { day, month, year, weekday, swapped }: Extract<SpokenDay, { kind: 'date' }>,
  today: Temporal.PlainDate,
): Temporal.PlainDate[] {
  const dates = (
    swapped && month !== null && month !== day
      ? [
          [day, month],
          [month, day],
        ]
      : [[day, month]]
  )
    .map(([dayOfMonth, monthOfYear]) => nextDate(dayOfMonth as number, monthOfYear ?? null, year, today))
    .filter((date) => date !== null);
  const [date] = dates;
  if (weekday === undefined || !date || date.dayOfWeek === weekday) return dates;
  // "Friday the 3rd" when the 3rd is a Thursday: one of the two is wrong.
  return [date, today.add({ days: (weekday - today.dayOfWeek + 7) % 7 })];
}

function nextDate(
  day: number,
  month: number | null,
  year: number | null,
  today: Temporal.PlainDate,
): Temporal.PlainDate | null {
  const candidates =
    month === null
      ? Array.from({ length: MONTHS_AHEAD }, (_, index) => today.with({ day: 1 }).add({ months: index }))
      : Array.from({ length: year === null ? YEARS_AHEAD : 1 }, (_, index) => ({
          year: year ?? today.year + index,
          month,
        }));
  for (const candidate of candidates) {
    const date = validDate(candidate.year, candidate.month, day);
    if (date && (year !== null || Temporal.PlainDate.compare(date, today) >= 0)) return date;
  }
  return null;
}

function validDate(year: number, month: number, day: number): Temporal.PlainDate | null {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' });
  } catch {
    return null;
  }
}

const distinct = (dates: readonly Temporal.PlainDate[]): Temporal.PlainDate[] =>
  dates.filter((date, index) => dates.findIndex((other) => other.equals(date)) === index);
