/** A day as it is said. */
export type SpokenDay =
  /** So many days from today: 0 for "today". */
  | { kind: 'offset'; days: number }
  /**
   * An ISO weekday, 1 for Monday. `which`: "this Tuesday", "next Tuesday", "Tuesday next week", "Tuesday week", or just the
   * name.
   */
  | { kind: 'weekday'; weekday: number; which: 'this' | 'next' | 'next-week' | 'week-after' | null }
  /** Without a month it is the next such day; `swapped` where day and month may be the other way round, as in 3/12. */
  | { kind: 'date'; day: number; month: number | null; year: number | null; weekday?: number; swapped?: boolean };

/** A time of day as it is said; `half` is null where nobody said which of the two a number up to 12 is. */
export type SpokenClock = { hour: number; minute: number; half: 'am' | 'pm' | null };

/** A part of a day. */
export type DayPart = 'morning' | 'noon' | 'afternoon' | 'evening' | 'night';

/** What was said of a time: only what is certain. More than one day, or time of day, where one or the other was named. */
export type SpokenTime = {
  days: SpokenDay[];
  clocks: SpokenClock[];
  part: DayPart | null;
  /** From now, as "in half an hour". */
  inMinutes: number | null;
  /** Whether each day was said with its own time of day: "Monday at ten or Tuesday at three". */
  paired?: boolean;
};

export const NOTHING_SAID: SpokenTime = { days: [], clocks: [], part: null, inMinutes: null };

/** Whether anything was said of a time. */
export const saysTime = ({ days, clocks, part, inMinutes }: SpokenTime): boolean =>
  days.length > 0 || clocks.length > 0 || part !== null || inMinutes !== null;

/** Returns a time with what was said before of it, where it is left out now. */
export function completeTime(now: SpokenTime, before: SpokenTime): SpokenTime {
  const days = now.days.length > 0 ? now.days : before.days;
  const clocks = now.clocks.length > 0 ? now.clocks : before.clocks;
  const part = now.part ?? (now.clocks.length > 0 ? null : before.part);
  const { paired = false } = [now, before].find((said) => said.days === days && said.clocks === clocks) ?? {};
  return { days, clocks, part, inMinutes: now.inMinutes, paired };
}

/** Returns a time of day of which it is known which half of the day it is in, where the number says so, or the part of the day. */
export function clockIn(hour: number, minute: number, part: DayPart | null): SpokenClock {
  if (hour === 0 || hour > 12) return { hour: hour % 24, minute, half: hour % 24 < 12 ? 'am' : 'pm' };
  const half = part === null ? null : halfIn(hour, part);
  return half === null ? { hour, minute, half } : { hour: (hour % 12) + (half === 'pm' ? 12 : 0), minute, half };
}

/** Which half of the day an hour from 1 to 12 is in. */
function halfIn(hour: number, part: DayPart): 'am' | 'pm' {
  if (part === 'morning') return 'am';
  if (part === 'noon') return hour >= 9 && hour < 12 ? 'am' : 'pm';
  if (part === 'night') return hour >= 6 && hour < 12 ? 'pm' : 'am';
  return part === 'evening' && hour === 12 ? 'am' : 'pm';
}

/** Of several that were said, returns those that were named as alternatives; else the last, which corrects the others. */
export const chosen = <Said>(said: readonly Said[], alternatives: boolean): Said[] =>
  alternatives ? [...said] : said.slice(-1);

/** Whether days and times of day come by turns, in the order in which they were said. */
export const isPaired = (said: readonly ('day' | 'clock')[]): boolean =>
  /^(?:(?:day clock )+|(?:clock day )+)$/.test(said.map((kind) => `${kind} `).join(''));

/** Returns days of which a weekday and the date beside it are one. */
export function withWeekdays(days: readonly SpokenDay[]): SpokenDay[] {
  const weekday = days.find((day) => day.kind === 'weekday');
  const dates = days.filter((day) => day.kind === 'date');
  if (!weekday || dates.length !== 1 || days.length !== 2) return [...days];
  return dates.map((date) => ({ ...date, weekday: weekday.weekday }));
}
