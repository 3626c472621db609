/** A time range in UTC; `to` is exclusive. */
type TimeRange = { from: Date; to: Date };

/** A time range, and the `phrase` that names it in the query. */
export type Dates = TimeRange & { phrase: string };

const MONTHS = alternatives([
  ['january|jan|ינואר', 1],
  ['february|feb|פברואר', 2],
  ['march|mar|מרץ|מרס', 3],
  ['april|apr|אפריל', 4],
  ['may|מאי', 5],
  ['june|jun|יוני', 6],
  ['july|jul|יולי', 7],
  ['august|aug|אוגוסט', 8],
  ['september|sept|sep|ספטמבר', 9],
  ['october|oct|אוקטובר', 10],
  ['november|nov|נובמבר', 11],
  ['december|dec|דצמבר', 12],
]);
const WEEKDAYS = alternatives([
  ['sunday|יום ראשון', 0],
  ['monday|יום שני', 1],
  ['tuesday|יום שלישי', 2],
  ['wednesday|יום רביעי', 3],
  ['thursday|יום חמישי', 4],
  ['friday|יום שישי', 5],
  ['saturday|שבת', 6],
]);
const NUMBERS = alternatives([
  ['a|an|one|אחד|אחת', 1],
  ['two|שני|שתי|שניים|שתיים', 2],
  ['three|שלושה|שלוש', 3],
  ['four|ארבעה|ארבע', 4],
  ['five|חמישה|חמש', 5],
  ['six|שישה|שש', 6],
  ['seven|שבעה|שבע', 7],
]);

const MONTH = `ב?-?(${MONTHS.pattern})`;
const DAY = String.raw`ב?(\d{1,2})(?:st|nd|rd|th)?`;
const YEAR = String.raw`((?:19|20)\d\d)`;
/** Hebrew prepositions and the article, with or without a hyphen. */
const BEFORE_DIGITS = '(?:[במלה]-?)?';
/** The day and the month of a date in digits, with the separator before its year. */
const dayAndMonth = (separators: string, before = BEFORE_DIGITS) =>
  String.raw`(?<![./-])${before}(\d{1,2})([${separators}])(\d{1,2})\2`;
/** What tells a date with dots and two digits for its year from a version: "on 9.6.24", "ב-9.6.24". */
const BEFORE_DATE = String.raw`(?:(?<=(?<![\p{L}\p{N}])(?:on|of|since|from|until|till?|by|before|after|dated?|עד|מאז|לפני|אחרי|ביום|מיום|יום|בתאריך|מתאריך|תאריך) )|[במלה]-?)`;
const COUNT = String.raw`(\d{1,3}|${NUMBERS.pattern})`;

/** Numbers of things and counts are no years: "room 2019", "2000 steps". */
const NOT_NUMBERED = String.raw`(?<!(?:room|bus|code|pin|order|number|no\.?|flight|line|model|version|extension|gate|suite|unit|page|item|port|ticket|invoice|house|apartment|flat|חדר|קוד|קו|אוטובוס|מספר|דגם|הזמנה|טיסה|שלוחה|עמוד|דירה|חשבונית)(?: is| number| הוא| מספר)? )`;
const NOT_COUNTED =
  '(?! ?(?:shekels?|nis|dollars?|euros?|pounds|people|guests|km|kilomet|miles|steps|calories|words|₪|שקל|שקלים|דולר|אירו|איש|אנשים|צעדים|קלוריות|מילים))';

type Reader = (groups: string[], today: Date) => TimeRange | null;

/** The first match counts, so the most precise patterns come first. `may` alone is more likely a verb. */
const READERS: [RegExp, Reader][] = [
  [
    wholeWords(String.raw`${BEFORE_DIGITS}${YEAR}([./-])(\d{1,2})\2(\d{1,2})`),
    ([y, , m, d]) => day(Number(y), Number(m), Number(d)),
  ],
  [
    wholeWords(dayAndMonth('./-') + YEAR),
    ([first, , second, y]) => dayInDigits(Number(first), Number(second), Number(y)),
  ],
  ...[dayAndMonth('/-'), dayAndMonth('.', BEFORE_DATE)].map((date): [RegExp, Reader] => [
    wholeWords(String.raw`${NOT_NUMBERED}${date}(\d\d)(?![./-]\d)`),
    ([first, , second, y]) => dayInDigits(Number(first), Number(second), 2000 + Number(y)),
  ]),
  [wholeWords(`${DAY} (?:of )?${MONTH},? ${YEAR}`), ([d, m, y]) => day(Number(y), MONTHS.of(m), Number(d))],
  [wholeWords(`${MONTH} ${DAY},? ${YEAR}`), ([m, d, y]) => day(Number(y), MONTHS.of(m), Number(d))],
  [wholeWords(`${MONTH},? ${YEAR}`), ([m, y]) => month(Number(y), MONTHS.of(m))],
  [wholeWords(`${DAY} (?:of )?${MONTH}`), ([d, m], today) => newestDay(MONTHS.of(m), Number(d), today)],
  [wholeWords(`${MONTH} ${DAY}`), ([m, d], today) => newestDay(MONTHS.of(m), Number(d), today)],
  [
    wholeWords('today|this (?:morning|afternoon|evening)|tonight|היום(?! ה?הולדת)|הבוקר|הערב|הלילה'),
    (_, today) => days(today, 0, 1),
  ],
  [wholeWords('the day before yesterday|שלשום'), (_, today) => days(today, -2, 1)],
  [wholeWords('yesterday|last night|אתמול|אמש'), (_, today) => days(today, -1, 1)],
  [wholeWords('this week|השבוע'), (_, today) => days(today, -today.getUTCDay(), 7)],
  [wholeWords('last week|ב?שבוע שעבר'), (_, today) => days(today, -today.getUTCDay() - 7, 7)],
  [wholeWords('this month|החודש'), (_, today) => monthsAgo(today, 0)],
  [wholeWords('last month|ב?חודש שעבר'), (_, today) => monthsAgo(today, 1)],
  [wholeWords('this year|השנה'), (_, today) => year(today.getUTCFullYear())],
  [wholeWords('last year|ב?שנה שעברה'), (_, today) => year(today.getUTCFullYear() - 1)],
  [
    wholeWords(`(?:last|past) ${COUNT} (days|weeks|months|years)`),
    ([n, unit], today) => latest(countOf(n) * daysOf(unit), today),
  ],
  [wholeWords('past (week|month|year)'), ([unit], today) => latest(daysOf(unit), today)],
  [wholeWords('ב?(שבוע|חודש) האחרון|ב?(שנה) האחרונה'), ([a, b], today) => latest(daysOf(a ?? b), today)],
  [
    wholeWords(`ב?-?${COUNT} ה(ימים|שבועות|חודשים|שנים) האחרונ(?:ים|ות)`),
    ([n, unit], today) => latest(countOf(n) * daysOf(unit), today),
  ],
  [wholeWords('לפני שבוע'), (_, today) => days(today, -10, 7)],
  [wholeWords('לפני חודש'), (_, today) => monthsAgo(today, 1)],
  [wholeWords('(?:(?:a|one) )?year ago|לפני שנה'), (_, today) => aroundMonth(12, today)],
  [wholeWords('לפני חודשיים'), (_, today) => monthsAgo(today, 2)],
  [wholeWords('לפני שנתיים'), (_, today) => year(today.getUTCFullYear() - 2)],
  [
    wholeWords(`${COUNT} years ago|לפני ${COUNT} שנים`),
    ([a, b], today) => year(today.getUTCFullYear() - countOf(a ?? b)),
  ],
  [wholeWords('לפני יומיים'), (_, today) => days(today, -2, 1)],
  [wholeWords('לפני שבועיים'), (_, today) => days(today, -17, 7)],
  [wholeWords(`${COUNT} days? ago|לפני ${COUNT} ימים`), ([a, b], today) => days(today, -countOf(a ?? b), 1)],
  [wholeWords(`${COUNT} weeks? ago|לפני ${COUNT} שבועות`), ([a, b], today) => days(today, -7 * countOf(a ?? b) - 3, 7)],
  [wholeWords(`${COUNT} months? ago|לפני ${COUNT} חודשים`), ([a, b], today) => monthsAgo(today, countOf(a ?? b))],
  [
    wholeWords(`(?:this|next|coming) (${WEEKDAYS.pattern})|ב?(${WEEKDAYS.pattern}) הקרוב(?:ה)?`),
    ([a, b], today) => days(today, (WEEKDAYS.of(a ?? b) - today.getUTCDay() + 7) % 7, 1),
  ],
  [wholeWords(`(?:last |on |ב?)(${WEEKDAYS.pattern})`), ([name], today) => newestWeekday(WEEKDAYS.of(name), today)],
  [
    wholeWords(`(?:in|during|since|last|of|this|ב-?) ?(${MONTHS.pattern})`),
    ([m], today) => newestMonth(MONTHS.of(m), today),
  ],
  [wholeWords(`${NOT_NUMBERED}${YEAR}${NOT_COUNTED}`), ([y]) => year(Number(y))],
];

/**
 * Returns the time that a query names, in English or Hebrew: `7 May 2023`, `May 2023`, `2023-05-07`, `7.5.2023`, `last week`,
 * `לפני שבועיים`. A day or month without a year is the latest one in the past. Null if it names no time.
 */
export function findDates(query: string, now: Date): Dates | null {
  const text = query.slice(0, MAX_READ).toLowerCase().replace(/\s+/g, ' ');
  const today = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()));
  for (const [pattern, read] of READERS) {
    const found = pattern.exec(text);
    const range = found && read(found.slice(1), today);
    if (range) return { ...range, phrase: found[0] };
  }
  return null;
}

/** How many characters are searched for a time: a longer query names it early, or contains pasted text. */
const MAX_READ = 2_000;

/** Returns a pattern that matches whole words. `\b` does not work for Hebrew. */
function wholeWords(pattern: string): RegExp {
  return new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${pattern})(?![\p{L}\p{N}])`, 'u');
}

/** Returns a pattern for any of the names, and a lookup of their values. */
function alternatives(table: [names: string, value: number][]) {
  const values = new Map(table.flatMap(([names, value]) => names.split('|').map((name) => [name, value] as const)));
  return {
    pattern: table.map(([names]) => names).join('|'),
    of: (name: string | undefined) => values.get(name ?? '') ?? 0,
  };
}

const countOf = (text: string | undefined) => Number(text) || NUMBERS.of(text);

/**
 * Reads a date in digits with the day first, as Hebrew and most of the countries that speak English write it: 3/4/2024 is in April. If that
 * is no date, the month is first: 12/31/2024.
 */
const dayInDigits = (first: number, second: number, y: number): TimeRange | null =>
  day(y, second, first) ?? day(y, first, second);

/** Returns null for a nonexistent date such as 31 April. */
function day(y: number, m: number, d: number): TimeRange | null {
  const from = new Date(Date.UTC(y, m - 1, d));
  return from.getUTCMonth() === m - 1 && from.getUTCDate() === d ? days(from, 0, 1) : null;
}

function days(today: Date, offset: number, count: number): TimeRange {
  const at = (days: number) => new Date(today.getTime() + days * 86_400_000);
  return { from: at(offset), to: at(offset + count) };
}

const month = (y: number, m: number): TimeRange => ({
  from: new Date(Date.UTC(y, m - 1)),
  to: new Date(Date.UTC(y, m)),
});
const year = (y: number): TimeRange => ({ from: new Date(Date.UTC(y, 0)), to: new Date(Date.UTC(y + 1, 0)) });
const monthsAgo = (today: Date, count: number) => month(today.getUTCFullYear(), today.getUTCMonth() + 1 - count);

/** Returns the last `count` days and today. */
const latest = (count: number, today: Date): TimeRange => days(today, -count, count + 1);
const daysOf = (unit = '') =>
  /^(?:day|ימ)/.test(unit) ? 1 : /^(?:week|שבוע)/.test(unit) ? 7 : /^(?:month|חודש)/.test(unit) ? 30 : 365;

/** Returns the month `count` months ago, with the months before and after it. */
const aroundMonth = (count: number, today: Date): TimeRange => ({
  from: monthsAgo(today, count + 1).from,
  to: monthsAgo(today, count - 1).to,
});

/** Returns the latest one in the past, which 29 February has once in eight years at least. */
function newestDay(m: number, d: number, today: Date): TimeRange | null {
  const years = Array.from({ length: 9 }, (_, ago) => day(today.getUTCFullYear() - ago, m, d));
  return years.find((found) => found !== null && found.from <= today) ?? null;
}

function newestMonth(m: number, today: Date): TimeRange {
  const thisYear = month(today.getUTCFullYear(), m);
  return thisYear.from <= today ? thisYear : month(today.getUTCFullYear() - 1, m);
}

function newestWeekday(weekday: number, today: Date): TimeRange {
  const back = (today.getUTCDay() - weekday + 7) % 7 || 7;
  return days(today, -back, 1);
}
