import type { CalendarDay } from '#domain/sales/agent/languages/pack.ts';
import { hebrewBounds, isRefusing } from './hebrew-bounds.ts';
import { COUNTED, readClock } from './hebrew-clock.ts';
import { MONTH_NAMES, monthOf } from './hebrew-months.ts';
import { ORDINALS, readNumber, withoutPrefix } from './hebrew-numbers.ts';
import { refusedStretch, refusesDay, withoutRefused } from './hebrew-refused.ts';
import { hebrewStart } from './hebrew-starts.ts';
import {
  awayIn,
  chosen,
  clockIn,
  type DayPart,
  isPaired,
  NOTHING_SAID,
  type OpensAt,
  type SpokenDay,
  type SpokenTime,
  startFor,
  withWeekdays,
} from './spoken-time.ts';
import { timeWords } from './time-words.ts';

const WEEKDAYS = new Map<string, number>(
  Object.entries({
    ראשון: 7,
    שני: 1,
    שלישי: 2,
    רביעי: 3,
    חמישי: 4,
    שישי: 5,
    ששי: 5,
    שבת: 6,
    "א'": 7,
    "ב'": 1,
    "ג'": 2,
    "ד'": 3,
    "ה'": 4,
    "ו'": 5,
    // As they are said in the middle of a Hebrew sentence.
    sunday: 7,
    monday: 1,
    tuesday: 2,
    wednesday: 3,
    thursday: 4,
    friday: 5,
    saturday: 6,
  }),
);
const OFFSETS = new Map<string, { days: number; part?: DayPart }>(
  Object.entries({
    היום: { days: 0 },
    הערב: { days: 0, part: 'evening' },
    הבוקר: { days: 0, part: 'morning' },
    הלילה: { days: 0, part: 'night' },
    מחר: { days: 1 },
    למחר: { days: 1 },
    מחרתיים: { days: 2 },
    למחרתיים: { days: 2 },
  }),
);
/** Words for a number of days, after "in". */
const WHOLE_DAYS = new Map([
  ['יומיים', 2],
  ['שבוע', 7],
  ['שבועיים', 14],
  ['יום', 1],
]);
/** Longest first, so that "afternoon" is not taken for an open-ended time. */
const PARTS: readonly (readonly [RegExp, DayPart])[] = [
  [/ ב?(?:אחרי|אחר) (?:ה)?(?:צהריים|צהרים|צהרי היום)(?= )/, 'afternoon'],
  [/ ב?אחה"?צ(?= )/, 'afternoon'],
  [/(?<! לא) לפני ה?(?:צהריים|צהרים)(?= )/, 'morning'],
  [/ (?:ב|ל|על ה)?בוקר(?= )/, 'morning'],
  [/ (?:ב|ל|ה)?(?:צהריים|צהרים)(?= )/, 'noon'],
  [/ (?:ב|ל)?ערב(?= )/, 'evening'],
  [/ (?:ב|ל)?לילה(?= )/, 'night'],
];

/** Rewrites phrases that mean another day or hour than their words; days that are not certain are removed. */
const REWORDED: readonly (readonly [RegExp, string])[] = [
  [/ (?:ב|ל)?ערב שבת(?= )/g, ' ביום שישי'],
  [/ (?:ב|ל)?ליל שבת(?= )/g, ' ביום שישי בערב'],
  [/ (?:(?:ב|ל)?מוצאי שבת|(?:ב|ל)?מוצ"ש)(?= )/g, ' ביום שבת בערב'],
  [/ ב?חצות היום(?= )/g, ' ב12:00 בצהריים'],
  [/ ב?חצי היום(?= )/g, ' בצהריים'],
  [/ (שבוע|שבועיים|יום|יומיים) מהיום(?= )/g, ' בעוד $1'],
  [/ יומיים ממחר(?= )/g, ' בעוד 3 ימים'],
  [/ שבוע ממחר(?= )/g, ' בעוד 8 ימים'],
  [/(?<= אחרי) (?:ה?סוף ה?שבוע|ה?סופ"ש)(?= )/g, ' יום שבת'],
  [/ שבוע מ(?:ה?יום )?(ראשון|שני|שלישי|רביעי|חמישי|שישי|ששי|שבת)(?= )/g, ' ביום $1 |שבוע'],
  [/ שבועיים מ(?:ה?יום )?(?:ראשון|שני|שלישי|רביעי|חמישי|שישי|ששי|שבת)(?= )/g, ''],
  // A letter for a day, which speech recognizers write without its mark.
  [/ (ב|ל)?יום ([א-ו])(?= )/g, " $1יום $2'"],
  // A weekday in a week that is given by a count is not certain.
  [/ (?:ב?עוד) (?:שבוע|שבועיים|\S+ שבועות)(?: ,)? ב?יום \S+(?= )/g, ''],
  [/ ב?יום \S+(?: ,)? (?:ב?עוד) (?:שבוע|שבועיים|\S+ שבועות)(?= )/g, ''],
  [/(?: ב?יום \S+(?: ,)?)? (?:ב|ל)?שבוע (?:שאחרי(?: הבא)?|אחרי)(?: ,)?(?: ב?יום \S+)?(?= )/g, ''],
];

/** "Next month" behind a day of it, which is no month that is named alone. */
const DAY_OF_NEXT_MONTH = /(?: לחודש הבא|(?<= [בה]?\d{1,2}) בחודש הבא)(?= )/g;

type ReadDay = { day: SpokenDay; next: number; part?: DayPart | undefined };

/** Returns the time that a Hebrew utterance names. */
export function hebrewTime(text: string, today: CalendarDay, opensAt: OpensAt): SpokenTime {
  const heard = REWORDED.reduce(
    (said, [name, plain]) => said.replace(name, plain),
    timeWords(text).replace(/(?<= )([בלהו]) (?=\d)/g, '$1'),
  );
  const words = withoutRefused(heard);
  const refuses = words !== heard;
  const inMinutes = minutesFromNow(words);
  if (inMinutes !== null) return { ...NOTHING_SAID, inMinutes, refuses };
  const said = PARTS.find(([pattern]) => pattern.test(words));
  // A part of the day between a time and its end would hide that it is one: "at ten in the morning".
  const rest = said ? words.replace(said[0], ' | ') : words;
  const list = rest
    .replace(DAY_OF_NEXT_MONTH, ` ל${MONTH_NAMES[today.month % 12]}`)
    .split(' ')
    .filter(Boolean);
  const found = scan(list, said?.[1] ?? null);
  return {
    ...found,
    bounds: hebrewBounds(list, said?.[1] ?? null, opensAt),
    away: awayIn(refusedStretch(heard, words), (stretch) => hebrewStart(stretch.trim().split(' '), today), 'אחרי'),
    notBefore: startFor(found.days, hebrewStart(list, today)),
    refuses: refuses || (found.refuses ?? false),
    refusesDay: refusesDay(heard, words),
  };
}

function scan(words: readonly string[], said: DayPart | null): SpokenTime {
  const days: SpokenDay[] = [];
  const clocks: { hour: number; minute: number }[] = [];
  const order: ('day' | 'clock')[] = [];
  let part = said;
  let endOfDay = -1;
  let refuses = false;
  for (let at = 0; at < words.length; ) {
    if (words[at] === 'בין') {
      at = behindRange(words, at + 1);
      continue;
    }
    const day = readDay(words, at);
    const clock = day ? null : readClock(words, at);
    const behindDay = days.length > 0 && (words[at - 1] ?? '') !== ',';
    if (day?.part && at === endOfDay) {
      // "Tomorrow this evening" is the evening of that day.
      part ??= day.part;
      at = day.next;
    } else if (day) {
      endOfDay = day.next;
      const limit = limitOf(words, at);
      if (limit === 'open') {
        refuses = true;
        at = day.next;
        continue;
      }
      days.push(limit === 'after' ? { ...day.day, after: true } : day.day);
      order.push('day');
      part ??= day.part ?? null;
      at = day.next;
    } else if (clock && (clock.certain || isHour(words, at, clock.next, behindDay))) {
      clocks.push(clock);
      order.push('clock');
      at = clock.next;
    } else at += 1;
  }
  const alternatives = words.includes('או');
  return {
    days: chosen(withWeekdays(days.map((day) => inNextWeek(day, words))), alternatives),
    clocks: chosen(
      clocks.map(({ hour, minute }) => clockIn(hour, minute, part)),
      alternatives,
    ),
    part,
    inMinutes: null,
    paired: isPaired(order),
    refuses,
  };
}

/** Whether a day is named as one after which another is meant, or only limits those that suit: "before Friday". */
function limitOf(words: readonly string[], at: number): 'after' | 'open' | null {
  const kind = words[at - 1] ?? '';
  if (!/^(?:אחרי|לפני|עד)$/.test(kind)) return null;
  if ((kind === 'אחרי') === isRefusing(words, at - 1)) return 'open';
  return kind === 'אחרי' ? 'after' : null;
}

/** Returns the index after a range such as "between ten and eleven", which is no hour. */
function behindRange(words: readonly string[], at: number): number {
  const from = readNumber(words, at, 24, withoutPrefix(words[at], 'ה') ?? words[at]) ?? readNumber(words, at, 24);
  if (!from) return at;
  const to = withoutPrefix(words[from.next], 'לו');
  return (to === null ? null : readNumber(words, from.next, 24, to))?.next ?? from.next;
}

/** Whether a number without a preposition is an hour: it comes after a day or "around", before a part of the day, or alone. */
function isHour(words: readonly string[], at: number, next: number, behindDay: boolean): boolean {
  const alone = words.every((word, index) => (index >= at && index < next) || FILLER.test(word));
  return (
    alone ||
    words[at - 1] === 'בסביבות' ||
    ((behindDay || words[next] === '|') && /^(?:|,|\||בבקשה|טוב|מתאים|נוח|או|זה|עדיף)$/.test(words[next] ?? ''))
  );
}

const FILLER = /^(?:כן|לא|אוקיי|טוב|נגיד|בוא|נאמר|אז|אולי|בבקשה|תודה|מתאים|לי|לנו|זה|עדיף|נוח|,|\||\?|בערך|בסביבות)$/;

const inNextWeek = (day: SpokenDay, words: readonly string[]): SpokenDay =>
  day.kind === 'weekday' && / (?:ב|ל)?שבוע (?:הבא|הקרוב)/.test(` ${words.join(' ')}`)
    ? { ...day, which: 'next-week' }
    : day;

function readDay(words: readonly string[], at: number): ReadDay | null {
  const word = words[at] as string;
  const offset = OFFSETS.get(word) ?? OFFSETS.get(withoutPrefix(word, 'ולב') ?? '');
  if (offset) return { day: { kind: 'offset', days: offset.days }, next: at + 1, part: offset.part };
  return readAhead(words, at) ?? readDate(words, at) ?? readWeekday(words, at);
}

/** "In three days", "in a week". */
function readAhead(words: readonly string[], at: number): ReadDay | null {
  if (!/^(?:ב?עוד)$/.test(words[at] as string)) return null;
  const named = WHOLE_DAYS.get(words[at + 1] ?? '');
  if (named) return { day: { kind: 'offset', days: named }, next: at + 2 };
  const count = readNumber(words, at + 1, 60);
  const unit = words[count?.next ?? -1];
  if (!count || (unit !== 'ימים' && unit !== 'שבועות')) return null;
  return { day: { kind: 'offset', days: count.value * (unit === 'ימים' ? 1 : 7) }, next: count.next + 1 };
}

/** "The 3rd of December": 3 בדצמבר, שלישי לדצמבר, ה־3 לחודש, 3.12, 3/12/2026. */
function readDate(words: readonly string[], at: number): ReadDay | null {
  const word = words[at] as string;
  const bare = withoutPrefix(word, 'בלה');
  const digits = /^(\d{1,2})[./](\d{1,2})(?:[./](\d{4}|\d\d))?$/.exec(bare !== null && /^\d/.test(bare) ? bare : word);
  // 10.30 is a time: no year has thirty months.
  if (digits && Number(digits[2]) >= 1 && Number(digits[2]) <= 12 && !(digits[2] as string).startsWith('00')) {
    const short =
      /\.(?:00|30|15|45)$/.test(word) ||
      (word.includes('.') && /^\d\d$/.test(digits[2] as string) && Number(digits[2]) < 10);
    const year = digits[3] ? Number(digits[3].length === 2 ? `20${digits[3]}` : digits[3]) : null;
    if (!short) return { day: { kind: 'date', day: Number(digits[1]), month: Number(digits[2]), year }, next: at + 1 };
  }
  for (const first of bare === null ? [word] : [bare, word]) {
    const ordinal = ORDINALS.get(first);
    const day = ordinal ? { value: ordinal, next: at + 1 } : readNumber(words, at, 31, first);
    if (!day || day.value === 0) continue;
    const behind = words[day.next] ?? '';
    const month = monthOf(behind);
    if (month) {
      const year = /^20\d\d$/.test(words[day.next + 1] ?? '') ? Number(words[day.next + 1]) : null;
      return { day: { kind: 'date', day: day.value, month, year }, next: day.next + (year ? 2 : 1) };
    }
    if (/^(?:לחודש|בחודש)$/.test(behind))
      return { day: { kind: 'date', day: day.value, month: null, year: null }, next: day.next + 1 };
  }
  return null;
}

/** "Tuesday", with "day" before it or with a preposition; without either, only if nothing is counted. */
function readWeekday(words: readonly string[], at: number): ReadDay | null {
  const word = words[at] as string;
  const named = /^(?:[בלומ]|מ?ה)?יום$/.test(word);
  const name = named ? (words[at + 1] ?? '') : word;
  const bare = withoutPrefix(name, 'בלהו');
  const weekday = WEEKDAYS.get(name) ?? (bare === null ? undefined : WEEKDAYS.get(bare));
  if (weekday === undefined) return null;
  const next = at + (named ? 2 : 1);
  // "Two questions", "the second one": a name alone is only a day at the end, or before words about days.
  if (!named && WEEKDAYS.has(name) && !DAY_END.test(words[next] ?? '')) return null;
  if (!named && name.endsWith("'")) return null;
  const which = words[next];
  if (which === 'הבא') return { day: { kind: 'weekday', weekday, which: 'next' }, next: next + 1 };
  if (which === '|שבוע') return { day: { kind: 'weekday', weekday, which: 'week-after' }, next: next + 1 };
  if (which === 'הקרוב' || which === 'הזה') return { day: { kind: 'weekday', weekday, which: 'this' }, next: next + 1 };
  return { day: { kind: 'weekday', weekday, which: null }, next };
}

const DAY_END =
  /^(?:|,|\||\?|ב\S+|הבא|הקרוב|הזה|עדיף|מתאים|טוב|נוח|או|אחרי|לפני|עד|בבקשה|זה|לא|אבל|שעה|\d{1,2}(?::\d\d)?|עשר|אחת|תשע|שמונה|שבע|חמש|ארבע|שלוש|שתיים|שש|רבע)$/;

function minutesFromNow(words: string): number | null {
  const [, what] = / (?:ב?עוד) (חצי שעה|רבע שעה|שעה וחצי|שעתיים|שעה|דקה)(?= )/.exec(words) ?? [];
  const whole: Record<string, number> = { 'חצי שעה': 30, 'רבע שעה': 15, 'שעה וחצי': 90, שעתיים: 120, שעה: 60, דקה: 1 };
  if (what) return whole[what] as number;
  const list = words.split(' ').filter(Boolean);
  const at = list.findIndex((word) => /^ב?עוד$/.test(word));
  const count = at < 0 ? null : readNumber(list, at + 1, 59);
  const unit = count && list[count.next];
  if (!count || !unit || !COUNTED.test(unit) || !/^(?:דקות|שעות)$/.test(unit)) return null;
  return count.value * (unit === 'שעות' ? 60 : 1);
}
