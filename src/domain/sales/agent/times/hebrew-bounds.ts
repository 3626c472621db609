import { COUNTED } from './hebrew-clock.ts';
import { readNumber, withoutPrefix } from './hebrew-numbers.ts';
import { boundsBy, clockIn, type DayPart, type HourBounds, type HourLimit, type OpensAt } from './spoken-time.ts';

/** Words before "after" or "before" that make it a time, and no bound: "ten minutes after nine". */
const COUNTING = /^(?:דקות|דקה|רבע|\d+)$/;
/** Words after an hour, behind which nothing is counted. */
const BEHIND = /^(?:|[,?|]|או|בבקשה|מתאים|טוב|נוח|זה|עדיף|היום|מחר|מחרתיים|אני|אנחנו|רק|כי|אבל|ב\S+|יום)$/;
/** "I am busy after four" is before four. */
const INVERTED =
  /^(?:לא|ולא|אל|בלי|אין|עסוק|עסוקה|עסוקים|תפוס|תפוסה|תפוסים|בישיבה|בפגישה|בעבודה|עובד|עובדת|נוהג|נוהגת|בחופש|בחופשה|בחו"ל|במילואים|נוסע|נוסעת)$/;
/** Words with which a clause begins, though no comma is heard: "I am busy call me after four". */
const CLAUSE = /^(?:[,?]|אבל|אז|אולי|ו?תתקשר[וי]?|ו?תחזר[וי]|ו?תחזור|ו?תנס[הוי]|ו?נדבר|ו?דבר[וי]?|להתקשר|לחזור|לדבר)$/;
const NOT = /^(?:לא|ולא|אל|שלא|יכול|יכולה|יכולים)$/;

/** Returns the bounds of the hours that suit, in Hebrew. */
export function hebrewBounds(words: readonly string[], part: DayPart | null, opensAt: OpensAt): HourBounds | null {
  return boundsBy([...rangeIn(words, part), ...words.flatMap((_, at) => limitAt(words, at, part) ?? [])], opensAt);
}

function limitAt(words: readonly string[], at: number, part: DayPart | null): HourLimit | null {
  const kind = words[at] ?? '';
  if (!/^(?:אחרי|לפני|עד|החל)$/.test(kind) || isCounted(words, at)) return null;
  const hour = readHour(words, at + 1, 'המ');
  if (!hour || !endsTime(words[hour.next] ?? '')) return null;
  const isAfter = kind === 'אחרי' || kind === 'החל';
  return { clock: clockIn(hour.value, hour.minute, part), isEarliest: isAfter !== isRefusing(words, at) };
}

const endsTime = (word: string): boolean => BEHIND.test(word) || CLAUSE.test(word);

/** "Between ten and twelve", "from ten until twelve". */
function rangeIn(words: readonly string[], part: DayPart | null): HourLimit[] {
  for (let at = 0; at < words.length; at += 1) {
    const isBetween = words[at] === 'בין';
    if (!isBetween && !words[at]?.startsWith('מ')) continue;
    const from = readHour(words, isBetween || words[at] === 'מ' ? at + 1 : at, 'המ');
    if (!from) continue;
    const isUntil = words[from.next] === 'עד';
    if (!isUntil && !isBetween) continue;
    const to = isUntil ? readHour(words, from.next + 1, 'ה') : readHour(words, from.next, 'לו');
    if (!to || COUNTED.test(words[to.next] ?? '')) continue;
    return [
      { clock: clockIn(from.value, from.minute, part), isEarliest: true },
      { clock: clockIn(to.value, to.minute, part), isEarliest: false },
    ];
  }
  return [];
}

/** Whether what follows in a clause does not suit: "I am busy until". */
export function isRefusing(words: readonly string[], at: number): boolean {
  const start = words
    .slice(0, at)
    .findLastIndex((word, index) => CLAUSE.test(word) && !NOT.test(words[index - 1] ?? ''));
  const clause = words.slice(start + 1, at);
  return clause.some((word, index) => INVERTED.test(word) && clause[index - 1] !== 'למה');
}

/** Reads an hour with its minutes, with or without one of the prefixes; not "two" before a noun, which is "Monday", too. */
function readHour(words: readonly string[], at: number, prefixes: string) {
  const start = /^[המ]?שעה$/.test(words[at] ?? '') ? at + 1 : at;
  const [, digitHour, digitMinute] = /^[המלו]?(\d{1,2}):(\d\d)$/.exec(words[start] ?? '') ?? [];
  if (digitHour) return { value: Number(digitHour), minute: Number(digitMinute), next: start + 1 };
  const bare = withoutPrefix(words[start], prefixes) ?? words[start];
  if (/^(?:שני|שתי|שלושת)$/.test(bare ?? '')) return null;
  const hour = readNumber(words, start, 24, bare) ?? readNumber(words, start, 24);
  if (!hour) return null;
  const minute = { וחצי: 30, ורבע: 15 }[words[hour.next] ?? ''] ?? 0;
  const next = minute > 0 ? hour.next + 1 : hour.next;
  return COUNTED.test(words[next] ?? '') ? null : { value: hour.value, minute, next };
}

const isCounted = (words: readonly string[], at: number): boolean =>
  COUNTING.test(words[at - 1] ?? '') || readNumber(words, at - 1, 59)?.next === at;
