import { isMonth } from './hebrew-months.ts';
import { type ReadNumber, readNumber, withoutPrefix } from './hebrew-numbers.ts';

/** A parsed time of day, and the index of the word after it. `certain` if it cannot be anything else. */
export type ReadClock = { hour: number; minute: number; next: number; certain: boolean };

const MINUTES = /^(?:דקות|דקה)$/;
/** Nouns that are counted, so that a number before them is no hour. */
export const COUNTED =
  /^(?:דקות|דקה|שעות|ימים|שבועות|שבוע|חודשים|שנים|שניות|אנשים|עובדים|ילדים|שקל|שקלים|אחוז|אחוזים|פעמים|אפשרויות|דברים|שאלות|נציגים|סניפים)$/;
/** Words before an hour that make it open-ended. */
const OPEN = /^(?:אחרי|לפני|עד|בין|מ|החל|לא)$/;

/** Parses a time of day from the word at `at` on; null if there is none. */
export function readClock(words: readonly string[], at: number): ReadClock | null {
  const before = words[at - 1] ?? '';
  const named = /^(?:ב|ה|ל)?שעה$/.test(words[at] ?? '');
  const start = named ? at + 1 : at;
  const word = words[start] ?? '';
  const prefix = /^[בלה]/.test(word) && /^[בלה][\d\u05D0-\u05EA]/.test(word) ? (word[0] as string) : '';
  for (const first of prefix ? [word.slice(1), word] : [word]) {
    const prefixed = first !== word;
    const isDate = prefixed && prefix === 'ה';
    const past = isDate ? null : readPast(words, start, first);
    const read = readBefore(words, start, first) ?? past ?? readAfter(words, start, first);
    if (!read || OPEN.test(before)) continue;
    return { ...read, certain: read.certain || named || (prefixed && prefix === 'ב') };
  }
  return null;
}

/** "A quarter to five", "five to eight". */
function readBefore(words: readonly string[], at: number, first: string): ReadClock | null {
  const minutes: ReadNumber | null = first === 'רבע' ? { value: 15, next: at + 1 } : readNumber(words, at, 29, first);
  if (!minutes) return null;
  const to = MINUTES.test(words[minutes.next] ?? '') ? minutes.next + 1 : minutes.next;
  const attached = withoutPrefix(words[to], 'ל');
  const hour =
    words[to] === 'ל' ? readNumber(words, to + 1, 12) : attached === null ? null : readNumber(words, to, 12, attached);
  if (!hour || hour.value === 0) return null;
  return { hour: hour.value === 1 ? 12 : hour.value - 1, minute: 60 - minutes.value, next: hour.next, certain: true };
}

/** Minutes that need no word "minutes" before a past hour. "At ten, after two talks" is at ten. */
const BARE_MINUTES = /^(?:רבע|חמישה|חמשה|עשרה|עשרים|עשרים וחמישה)$/;
/** Words after an hour that end the time. */
const BEHIND_HOUR =
  /^(?:|,|\||\?|או|בבקשה|מתאים|טוב|נוח|זה|עדיף|היום|מחר|מחרתיים|ב?יום|ב?(?:ראשון|שני|שלישי|רביעי|חמישי|שישי|שבת))$/;

/** "A quarter past ten", "ten past nine". */
function readPast(words: readonly string[], at: number, first: string): ReadClock | null {
  const minutes: ReadNumber | null = first === 'רבע' ? { value: 15, next: at + 1 } : readNumber(words, at, 29, first);
  if (!minutes) return null;
  const past = MINUTES.test(words[minutes.next] ?? '') ? minutes.next + 1 : minutes.next;
  const hour = words[past] === 'אחרי' ? readNumber(words, past + 1, 12) : null;
  if (!hour || hour.value === 0 || COUNTED.test(words[hour.next] ?? '')) return null;
  const said = [first, ...words.slice(at + 1, past)].join(' ');
  const isBare = past === minutes.next;
  if (isBare && !(BARE_MINUTES.test(said) && BEHIND_HOUR.test(words[hour.next] ?? ''))) return null;
  return { hour: hour.value, minute: minutes.value, next: hour.next, certain: true };
}

/** "Ten", "ten and a half", "ten thirty", "ten less a quarter", "10:30". */
function readAfter(words: readonly string[], at: number, first: string): ReadClock | null {
  const digits = /^(\d{1,2})[:.](\d\d)$/.exec(first);
  if (digits) {
    const [hour, minute] = [Number(digits[1]), Number(digits[2])];
    return hour < 24 && minute < 60 ? { hour, minute, next: at + 1, certain: first.includes(':') } : null;
  }
  if (first === 'חצות') return { hour: 0, minute: 0, next: at + 1, certain: true };
  const hour = readNumber(words, at, 24, first);
  if (!hour || COUNTED.test(words[hour.next] ?? '')) return null;
  const said = { hour: hour.value, next: hour.next };
  const next = words[hour.next] ?? '';
  if (next === 'וחצי') return { ...said, minute: 30, next: hour.next + 1, certain: true };
  if (next === 'ורבע') return { ...said, minute: 15, next: hour.next + 1, certain: true };
  if (next === 'ושלושת' && words[hour.next + 1] === 'רבעי')
    return { ...said, minute: 45, next: hour.next + 2, certain: true };
  if (next === 'פחות') return readLess(words, hour);
  const minutes = readMinutes(words, hour.next);
  if (minutes) return { ...said, minute: minutes.value, next: minutes.next, certain: true };
  return { ...said, minute: 0, certain: false };
}

function readLess(words: readonly string[], hour: ReadNumber): ReadClock | null {
  const minutes =
    words[hour.next + 1] === 'רבע' ? { value: 15, next: hour.next + 2 } : readNumber(words, hour.next + 1, 29);
  if (!minutes) return null;
  const next = MINUTES.test(words[minutes.next] ?? '') ? minutes.next + 1 : minutes.next;
  return { hour: hour.value === 1 ? 12 : hour.value - 1, minute: 60 - minutes.value, next, certain: true };
}

/** Minutes after an hour: "and ten", "and five minutes", "forty five", "oh five", "30". */
function readMinutes(words: readonly string[], at: number): ReadNumber | null {
  const and = withoutPrefix(words[at], 'ו');
  const zero = words[at] === 'אפס' ? readNumber(words, at + 1, 9) : null;
  const read = zero ?? (and === null ? readNumber(words, at, 59) : readNumber(words, at, 59, and));
  if (!read) return null;
  const behind = words[read.next] ?? '';
  if (MINUTES.test(behind)) return { ...read, next: read.next + 1 };
  // Less than ten need "and", "minutes" or a zero: "ten, three people" is no time. A month after the number makes it a date.
  return (read.value >= 10 || zero || and !== null) && !COUNTED.test(behind) && !isMonth(behind) ? read : zero;
}
