import type { ParsedComponents, ParsedResult } from 'chrono-node';
import * as en from 'chrono-node/en';
import type { CalendarDay } from '#domain/sales/agent/languages/pack.ts';
import { englishBounds, isRefusing } from './english-bounds.ts';
import { clocksToDigits } from './english-clock.ts';
import { countOf, countsToDigits } from './english-counts.ts';
import { refusedStretch, refusesDay, withoutRefused } from './english-refused.ts';
import { ENGLISH_MONTHS, englishStart } from './english-starts.ts';
import {
  awayIn,
  chosen,
  clockIn,
  type DayPart,
  isPaired,
  NOTHING_SAID,
  type OpensAt,
  type SpokenClock,
  type SpokenDay,
  type SpokenTime,
  startFor,
  withWeekdays,
} from './spoken-time.ts';
import { timeWords } from './time-words.ts';

const PARTS: readonly (readonly [RegExp, DayPart])[] = [
  [/ (?:morning|mornings|(?<!not )before noon|(?<!not )before lunch)(?= )/, 'morning'],
  [/ (?:afternoon|afternoons|after lunch|after noon)(?= )/, 'afternoon'],
  [/ (?:evening|evenings|tonight)(?= )/, 'evening'],
  [/ (?:at night|night)(?= )/, 'night'],
  [/ (?:lunch time|lunchtime|around noon|at lunch)(?= )/, 'noon'],
];

const DAY_OF_NEXT_MONTH = /(?<= )(\d{1,2}(?:st|nd|rd|th)) (?:of|in) (?:the )?next month(?= )/g;

/** Words that chrono takes for months or days although they are none. */
const NO_DAYS =
  / (?:may(?! (?:the )?\d)(?<! (?:in|of) may)|sat|sun|march(?! (?:the )?\d)(?<! (?:in|of) march)|second(?! of)|the weekend|weekend)(?= )/g;

/**
 * Returns the time that an English utterance names. Days are parsed by chrono-node, with today at noon in UTC as the reference, so that the
 * server's clock has no influence. Hours are only those that were said, never chrono's defaults.
 */
export function englishTime(text: string, today: CalendarDay, opensAt: OpensAt): SpokenTime {
  const said = countsToDigits(timeWords(text).replace(/(?<= after the) weekend(?= )/g, ' saturday'));
  const words = withoutOpenDays(withoutRefused(said));
  const refuses = words !== said;
  const part = PARTS.find(([pattern]) => pattern.test(words))?.[1] ?? null;
  const inMinutes = minutesFromNow(words);
  if (inMinutes !== null) return { ...NOTHING_SAID, inMinutes, refuses };
  const digits = clocksToDigits(words)
    .replace(NO_DAYS, ' ')
    .replace(DAY_OF_NEXT_MONTH, `$1 of ${ENGLISH_MONTHS[today.month % 12]}`);
  const reference = { instant: new Date(Date.UTC(today.year, today.month - 1, today.day, 12)), timezone: 0 };
  const results = en.casual.parse(digits.replace(SLASHED, ' '), reference, { forwardDate: true }).filter(isNamed);
  const read = results.map((result) => ({
    day: laterThan(digits.slice(0, result.index), dayOf(result, digits, today)),
    clock: clockOf(result.start, part),
    clockFirst: /^(?:at )?\d{1,2}:\d\d/.test(result.text),
  }));
  // Days given by their number alone are parsed separately, so their order relative to the others is unknown.
  const apart = [...slashedDays(digits), ...bareDays(digits)];
  const days = [...read.map(({ day }) => day).filter((day) => day !== null), ...apart];
  const clocks = read.map(({ clock }) => clock).filter((clock) => clock !== null);
  const alternatives = / or /.test(words);
  const named = chosen(withWeekdays(alternatives ? days : withoutWeekdays(days, today)), alternatives);
  return {
    days: named,
    clocks: chosen(clocks, alternatives),
    part,
    inMinutes: null,
    refuses,
    refusesDay: refusesDay(said, words),
    bounds: englishBounds(words, part, opensAt),
    away: awayIn(refusedStretch(said, words), (stretch) => englishStart(stretch, today)),
    notBefore: startFor(named, englishStart(words, today)),
    paired: apart.length > 0 || read.every(({ day, clock }) => day && clock) || isPaired(read.flatMap(orderOf)),
  };
}

const DAY_NAME =
  '(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|tomorrow|today|(?:the )?\\d{1,2}(?:st|nd|rd|th))';
const OPEN_DAY = new RegExp(
  `([^,?]*) (before|by|until|till?|after)(?: (?:this|next|coming|the))* ${DAY_NAME}(?= )`,
  'g',
);

/** Removes days that only limit those that suit: "before Friday", and "not after Friday". "Not before Friday" names one. */
const withoutOpenDays = (words: string): string =>
  words.replace(OPEN_DAY, (all, clause: string, kind: string) =>
    (kind === 'after') === isRefusing(clause) ? `${clause} ,` : all,
  );

/** Marks a day after which another is meant. "After Sunday at ten" is that of the next day. */
const laterThan = (before: string, day: SpokenDay | null): SpokenDay | null =>
  day && / after(?: (?:this|next|the))* $/.test(before) ? { ...day, after: true } : day;

/** Whether a time is named, and not counted from the reference, which is no real time of day: "now", "an hour later", "a minute". */
const isNamed = ({ text }: ParsedResult) =>
  !/\b(?:now|(?:hours?|minutes?|mins?|seconds?|secs?)\b(?! past| to))/i.test(text);

type Read = { day: SpokenDay | null; clock: SpokenClock | null; clockFirst: boolean };

/** The parts of one result, in the order in which they were said. */
function orderOf({ day, clock, clockFirst }: Read): ('day' | 'clock')[] {
  if (day && clock) return clockFirst ? ['clock', 'day'] : ['day', 'clock'];
  return day ? ['day'] : clock ? ['clock'] : [];
}

/** Removes a weekday that repeats a day counted from today: "a week from today, Thursday". */
function withoutWeekdays(days: readonly SpokenDay[], { year, month, day }: CalendarDay): SpokenDay[] {
  const isoWeekday = (ahead: number) => new Date(Date.UTC(year, month - 1, day + ahead)).getUTCDay() || 7;
  const counted = days.filter((it) => it.kind === 'offset').map((it) => isoWeekday(it.days));
  return days.filter((it) => it.kind !== 'weekday' || !counted.includes(it.weekday));
}

function minutesFromNow(words: string): number | null {
  if (/ in (?:about )?half an hour(?= )/.test(words)) return 30;
  const fromNow = / (half an hour|(?:an?|\d{1,3}|[a-z]+) (?:hour|minute)s?) from now(?= )/.exec(words)?.[1];
  if (fromNow) return minutesFromNow(countsToDigits(` in ${fromNow} `));
  const [, whole, before, behind] =
    / in (?:about )?(an?|\d{1,2}|one|two|three|four|five|six)(?: (hour|minute)s? and a half| and a half (hour|minute)s?)(?= )/.exec(
      words,
    ) ?? [];
  if (whole) return (countOf(whole) + 0.5) * ((before ?? behind) === 'hour' ? 60 : 1);
  const [, count, unit] = / in (?:about )?(an?|\d{1,3}|a couple of) (hour|minute)s?(?= )/.exec(words) ?? [];
  if (!count) return null;
  const number = count === 'a couple of' ? 2 : Number(count.replace(/^an?$/, '1'));
  return unit === 'hour' ? number * 60 : number;
}

/** Chrono takes it for a day, also with a time of day beside it: "next week at ten". */
const STRETCH_ALONE = /^(?!in ).*week$|\b(?:next|this|last|past|coming) (?:week|month|year)\b/i;

/** Chrono takes it for the last day, which nobody means alone. */
const WHOLE_STRETCH = /^end of (?!the )/i;

function dayOf(
  { start, text, index }: ParsedResult,
  words: string,
  today: { year: number; month: number; day: number },
): SpokenDay | null {
  if (WHOLE_STRETCH.test(text)) return null;
  const weekday = start.isCertain('weekday') ? start.get('weekday') : null;
  if (start.isCertain('day')) {
    const [year, month, day] = (['year', 'month', 'day'] as const).map((name) => start.get(name) as number) as [
      number,
      number,
      number,
    ];
    // "Tomorrow" and "in two weeks" are offsets from today.
    if (!/\d(?:st|nd|rd|th)?\b/.test(text.replace(/\d{1,2}:\d\d/, '').replace(/in \d+ \w+/, '')))
      return STRETCH_ALONE.test(text.trim())
        ? null
        : { kind: 'offset', days: daysBetween(today, { year, month, day }) };
    return { kind: 'date', day, month, year: start.isCertain('year') ? year : null };
  }
  if (weekday === null) return null;
  const around = words.slice(Math.max(0, index - 20), index + text.length + 20);
  return { kind: 'weekday', weekday: weekday === 0 ? 7 : weekday, which: whichWeek(text, around) };
}

function whichWeek(text: string, around: string) {
  if (/next week/.test(around)) return 'next-week';
  if (/week from/.test(around) || /day week /.test(around)) return 'week-after';
  if (/^next /.test(text.trim())) return 'next';
  return /^this /.test(text.trim()) || / this (?:coming )?$/.test(around) ? 'this' : null;
}

function clockOf(start: ParsedComponents, part: DayPart | null): SpokenClock | null {
  if (!start.isCertain('hour')) return null;
  const hour = start.get('hour') as number;
  const minute = start.get('minute') ?? 0;
  if (start.isCertain('meridiem')) return { hour, minute, half: hour < 12 ? 'am' : 'pm' };
  return clockIn(hour, minute, part);
}

const SLASHED = / (\d{1,2})\/(\d{1,2})(?:\/(\d{4}))?(?= )/g;

/** 3/12 is ambiguous: March or December. */
const slashedDays = (words: string): SpokenDay[] =>
  [...words.matchAll(SLASHED)].map(([, first, second, year]) => ({
    kind: 'date',
    day: Number(first),
    month: Number(second),
    year: year ? Number(year) : null,
    swapped: true,
  }));

/** "The third", of any month. */
const bareDays = (words: string): SpokenDay[] =>
  [
    ...words.matchAll(
      / (?:the|on) (\d{1,2})(?:st|nd|rd|th)(?= )(?! (?:of|january|february|march|april|may|june|july|august|september|october|november|december|one|option|time|slot))/g,
    ),
  ]
    .filter(
      ([all], _index) =>
        !new RegExp(
          `(?:january|february|march|april|may|june|july|august|september|october|november|december)${all}`,
        ).test(words),
    )
    .map(({ 1: day, index }) => ({
      kind: 'date',
      day: Number(day),
      month: null,
      year: null,
      ...(words.slice(0, index).endsWith(' after') ? { after: true as const } : {}),
    }));

function daysBetween(
  from: { year: number; month: number; day: number },
  to: { year: number; month: number; day: number },
): number {
  return Math.round(
    (Date.UTC(to.year, to.month - 1, to.day) - Date.UTC(from.year, from.month - 1, from.day)) / 86_400_000,
  );
}
