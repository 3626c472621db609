/** A day as it was said; `after` if it is a later one, as in "after Sunday". */
export type SpokenDay = NamedDay & { after?: true };

type NamedDay =
  /** An offset in days from today: 0 for "today". */
  | { kind: 'offset'; days: number }
  /** An ISO weekday, 1 for Monday. `which`: "this Tuesday", "next Tuesday", "Tuesday next week", "Tuesday week", or just the name. */
  | { kind: 'weekday'; weekday: number; which: 'this' | 'next' | 'next-week' | 'week-after' | null }
  /** A date; without a month the next such day. `swapped` if day and month may be reversed, as in 3/12. */
  | { kind: 'date'; day: number; month: number | null; year: number | null; weekday?: number; swapped?: boolean };

/** A time of day as it was said; `half` is null if the half of the day was not said, for a number up to 12. */
export type SpokenClock = { hour: number; minute: number; half: 'am' | 'pm' | null };

export type DayPart = 'morning' | 'noon' | 'afternoon' | 'evening' | 'night';

/** The earliest and the latest time of day that suits, in minutes since midnight: "after four", "not before ten". */
export type HourBounds = { from: number; to: number };

/** Days that do not suit: from the first until before the other, such as 2026-12-01. */
export type Away = { from: string; to: string };

/** What was said about a time, as far as it is certain. Several days or times of day if they were named as alternatives. */
export type SpokenTime = {
  days: SpokenDay[];
  clocks: SpokenClock[];
  part: DayPart | null;
  /** From now, such as "in half an hour". */
  inMinutes: number | null;
  /** Whether each day was said with its own time of day: "Monday at ten or Tuesday at three". */
  paired?: boolean;
  bounds?: HourBounds | null;
  /** The first day that suits, such as 2026-12-01, by the week or month that was named: "next week", "in January". */
  notBefore?: string | null;
  /** A week or a month that does not suit, in which nothing is: from its first day until the one after it. */
  away?: Away | null;
  /** Whether a day or a time of day was named because it does not suit; it is not among the others. */
  refuses?: boolean;
  /** Whether that was a day. */
  refusesDay?: boolean;
};

export const NOTHING_SAID: SpokenTime = { days: [], clocks: [], part: null, inMinutes: null };

export const saysTime = ({ days, clocks, part, inMinutes, bounds = null, notBefore = null }: SpokenTime): boolean =>
  days.length > 0 || clocks.length > 0 || part !== null || inMinutes !== null || bounds !== null || notBefore !== null;

/** Whether only some hours of a day suit. */
export const isLimited = ({ part, bounds = null }: SpokenTime): boolean => part !== null || bounds !== null;

/** Completes a time with what was said before, where it leaves something out. */
export function completeTime(now: SpokenTime, before: SpokenTime): SpokenTime {
  const days = now.days.length > 0 ? now.days : daysFrom(now.notBefore ?? null, before.days);
  const notBefore = now.notBefore ?? before.notBefore ?? null;
  const known = clocksOfPart(before.clocks, now.part).filter((clock) => isWithin(clock, now.bounds ?? null));
  const clocks = now.clocks.length > 0 ? now.clocks : known;
  const bounds = now.bounds ?? (now.clocks.length > 0 ? null : (before.bounds ?? null));
  const part = now.part ?? (now.clocks.length > 0 ? null : before.part);
  const { paired = false } = [now, before].find((said) => said.days === days && said.clocks === clocks) ?? {};
  const away = now.away ?? before.away ?? null;
  return { days, clocks, part, inMinutes: now.inMinutes, paired, bounds, notBefore, away };
}

/** Returns the days that may still be meant where a week or a month is named after them. */
function daysFrom(notBefore: string | null, days: SpokenDay[]): SpokenDay[] {
  if (notBefore === null) return days;
  return days
    .filter((day) => day.kind === 'weekday' || (day.kind === 'date' && !isBefore(day, notBefore)))
    .map((day) => (day.kind === 'weekday' ? { ...day, which: null } : day));
}

function isBefore({ year, month, day }: Extract<SpokenDay, { kind: 'date' }>, date: string): boolean {
  if (year === null || month === null) return false;
  return [year, month, day].map((part) => String(part).padStart(2, '0')).join('-') < date;
}

/** Returns the first day that suits by a week or a month that was named, unless the days that were named are certain without it. */
export const startFor = (days: readonly SpokenDay[], notBefore: string | null): string | null =>
  days.every((day) => day.kind === 'weekday' && day.which === null) ? notBefore : null;

/** Returns the days of a week or a month that does not suit, by the first day of such words, also behind "after". */
export function awayIn(
  stretch: string | null,
  startOf: (words: string) => string | null,
  after = 'after',
): Away | null {
  const [from, to] = stretch === null ? [] : [startOf(`${stretch} `), startOf(` ${after}${stretch} `)];
  return from && to ? { from, to } : null;
}

const DAY_MINUTES = 24 * 60;
/** The hour until which a bare number is one of the afternoon, unless meetings are held so early: nobody means six in the morning. */
const DAWN = 7;

const HALF_DAY = DAY_MINUTES / 2;

/** Whether a time of day, in either half of the day if that was not said, is within bounds. */
export const isWithin = ({ hour, minute, half }: SpokenClock, bounds: HourBounds | null): boolean =>
  bounds === null ||
  (half === null ? [hour % 12, (hour % 12) + 12] : [hour]).some(
    (read) => read * 60 + minute >= bounds.from && read * 60 + minute < bounds.to,
  );

/** The earliest or the latest time of day that suits. */
export type HourLimit = { clock: SpokenClock; isEarliest: boolean };

/** Whether meetings are held at so many minutes since midnight, on some day of the week. */
export type OpensAt = (minutes: number) => boolean;

/** Returns the bounds that several times of day set; null if there are none. */
export function boundsBy(limits: readonly HourLimit[], opensAt: OpensAt): HourBounds | null {
  if (limits.length === 0) return null;
  const minutes = (earliest: boolean) =>
    limits.filter(({ isEarliest }) => isEarliest === earliest).map((limit) => minutesOf(limit, opensAt));
  const from = Math.max(0, ...minutes(true));
  const to = Math.min(DAY_MINUTES, ...minutes(false));
  // "Between seven and nine" is in the evening as a whole.
  return { from, to: to <= from && to < HALF_DAY ? to + HALF_DAY : to };
}

/** Returns the minutes since midnight of a limit. Without a half of the day, it is the one that leaves hours in which meetings are held. */
function minutesOf({ clock: { hour, minute, half }, isEarliest }: HourLimit, opensAt: OpensAt): number {
  const said = hour * 60 + minute;
  if (half !== null || hour === 12) return said;
  const isMorning = hour > DAWN || (hour === DAWN && opensAt(said));
  return isMorning && (isEarliest || opensAt(said - 30)) ? said : said + HALF_DAY;
}

/** Returns the times of day in a part of the day that was named after them; "in the evening" takes back ten in the morning. */
function clocksOfPart(clocks: SpokenClock[], part: DayPart | null): SpokenClock[] {
  if (part === null) return clocks;
  return clocks
    .map((clock) => (clock.half === null ? clockIn(clock.hour, clock.minute, part) : clock))
    .filter(({ hour }) => HOURS[part].some(([from, to]) => hour >= from && hour < to));
}

/** The hours that people mean by each part of the day. */
const HOURS: Record<DayPart, readonly (readonly [number, number])[]> = {
  morning: [[0, 12]],
  noon: [[9, 16]],
  afternoon: [[12, 20]],
  evening: [
    [16, 24],
    [0, 1],
  ],
  night: [
    [18, 24],
    [0, 6],
  ],
};

/** Returns a time of day, with its half of the day if the number or the part of the day determines it. */
export function clockIn(hour: number, minute: number, part: DayPart | null): SpokenClock {
  if (hour === 0 || hour > 12) return { hour: hour % 24, minute, half: hour % 24 < 12 ? 'am' : 'pm' };
  const half = part === null ? null : halfIn(hour, part);
  return half === null ? { hour, minute, half } : { hour: (hour % 12) + (half === 'pm' ? 12 : 0), minute, half };
}

/** Returns the half of the day of an hour from 1 to 12. */
function halfIn(hour: number, part: DayPart): 'am' | 'pm' {
  if (part === 'morning') return 'am';
  if (part === 'noon') return hour >= 9 && hour < 12 ? 'am' : 'pm';
  if (part === 'night') return hour >= 6 && hour < 12 ? 'pm' : 'am';
  return part === 'evening' && hour === 12 ? 'am' : 'pm';
}

/** Returns all values if they were named as alternatives; otherwise the last, which corrects the others. */
export const chosen = <Said>(said: readonly Said[], alternatives: boolean): Said[] =>
  alternatives ? [...said] : said.slice(-1);

/** Whether days and times of day alternate, in the order in which they were said. */
export const isPaired = (said: readonly ('day' | 'clock')[]): boolean =>
  /^(?:(?:day clock )+|(?:clock day )+)$/.test(said.map((kind) => `${kind} `).join(''));

/** Merges a weekday with the date beside it. */
export function withWeekdays(days: readonly SpokenDay[]): SpokenDay[] {
  const weekday = days.find((day) => day.kind === 'weekday');
  const dates = days.filter((day) => day.kind === 'date');
  if (!weekday || dates.length !== 1 || days.length !== 2) return [...days];
  return dates.map((date) => ({ ...date, weekday: weekday.weekday }));
}
