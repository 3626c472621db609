import { COUNTED } from './hebrew-clock.ts';
import { readNumber, withoutPrefix } from './hebrew-numbers.ts';
import { boundsBy, clockIn, type DayPart, type HourBounds } from './spoken-time.ts';

/** Words before "after" or "before" that make it a time, and no bound: "ten minutes after nine". */
const COUNTING = /^(?:דקות|דקה|רבע|\d+)$/;
/** Words after an hour, behind which nothing is counted. */
const BEHIND = /^(?:|[,?|]|או|בבקשה|מתאים|טוב|נוח|זה|עדיף|היום|מחר|מחרתיים|אני|אנחנו|רק|כי|אבל|ב\S+|יום)$/;
/** "I am busy after four" is before four. */
const INVERTED = /^(?:לא|ולא|אל|בלי|אין|עסוק|עסוקה|עסוקים|תפוס|תפוסה|תפוסים)$/;

/** Returns the bounds of the hours that suit, in Hebrew. */
export function hebrewBounds(words: readonly string[], part: DayPart | null): HourBounds | null {
  return boundsBy(words.flatMap((_, at) => boundAt(words, at, part) ?? []));
}

function boundAt(words: readonly string[], at: number, part: DayPart | null) {
  const isAfter = words[at] === 'אחרי';
  if ((!isAfter && words[at] !== 'לפני') || isCounted(words, at)) return null;
  const start = /^ה?שעה$/.test(words[at + 1] ?? '') ? at + 2 : at + 1;
  const [, digitHour, digitMinute] = /^ה?(\d{1,2}):(\d\d)$/.exec(words[start] ?? '') ?? [];
  const digits = digitHour ? { value: Number(digitHour), next: start + 1 } : null;
  const bare = withoutPrefix(words[start], 'ה') ?? words[start];
  const hour = digits ?? readNumber(words, start, 24, bare) ?? readNumber(words, start, 24);
  if (!hour) return null;
  const half = { וחצי: 30, ורבע: 15 }[words[hour.next] ?? ''] ?? 0;
  const behind = words[half > 0 ? hour.next + 1 : hour.next] ?? '';
  if (COUNTED.test(behind) || !BEHIND.test(behind)) return null;
  const clause = words.slice(words.slice(0, at).findLastIndex((word) => /^[,?]$/.test(word)) + 1, at);
  const isInverted = clause.some((word, index) => INVERTED.test(word) && clause[index - 1] !== 'למה');
  return { clock: clockIn(hour.value, Number(digitMinute ?? half), part), isEarliest: isAfter !== isInverted };
}

const isCounted = (words: readonly string[], at: number): boolean =>
  COUNTING.test(words[at - 1] ?? '') || readNumber(words, at - 1, 59)?.next === at;
