/** The numbers from 1 to 10, in both genders, and in the construct form before a noun. */
const UNITS = new Map<string, number>(
  Object.entries({
    אחת: 1,
    אחד: 1,
    שתיים: 2,
    שתים: 2,
    שניים: 2,
    שנים: 2,
    שתי: 2,
    שני: 2,
    שלוש: 3,
    שלושה: 3,
    שלושת: 3,
    ארבע: 4,
    ארבעה: 4,
    חמש: 5,
    חמישה: 5,
    חמשה: 5,
    שש: 6,
    שישה: 6,
    ששה: 6,
    שבע: 7,
    שבעה: 7,
    שמונה: 8,
    תשע: 9,
    תשעה: 9,
    עשר: 10,
    עשרה: 10,
  }),
);
const TENS = new Map<string, number>(Object.entries({ עשרים: 20, שלושים: 30, ארבעים: 40, חמישים: 50, חמשים: 50 }));
/** The endings of the numbers from 11 to 19. */
const TEEN = /^(?:עשרה|עשר)$/;
const JOINED_TEEN = /^(.+?)(?:עשרה|עשר)$/;

export const ORDINALS = new Map<string, number>(
  Object.entries({
    ראשון: 1,
    ראשונה: 1,
    שני: 2,
    שנייה: 2,
    שניה: 2,
    שלישי: 3,
    שלישית: 3,
    רביעי: 4,
    רביעית: 4,
    חמישי: 5,
    חמישית: 5,
    שישי: 6,
    ששי: 6,
    שביעי: 7,
    שמיני: 8,
    תשיעי: 9,
    עשירי: 10,
  }),
);

/** A parsed number, and the index of the word after it. */
export type ReadNumber = { value: number; next: number };

/** Returns a word without one prefixed letter out of `prefixes`; null if it has none. */
export const withoutPrefix = (word: string | undefined, prefixes: string): string | null =>
  word && word.length > 1 && prefixes.includes(word[0] as string) ? word.slice(1) : null;

/**
 * Parses the longest number of at most `max` from the word at `at` on, where `first` is that word without prefixes: digits, or words of
 * either gender, joined or not.
 */
export function readNumber(words: readonly string[], at: number, max: number, first = words[at]): ReadNumber | null {
  if (first === undefined) return null;
  if (/^\d{1,2}$/.test(first)) return Number(first) <= max ? { value: Number(first), next: at + 1 } : null;
  const joined = JOINED_TEEN.exec(first);
  const joinedUnit = joined && UNITS.get(joined[1] as string);
  if (joinedUnit && joinedUnit < 10 && joinedUnit + 10 <= max) return { value: joinedUnit + 10, next: at + 1 };
  const unit = UNITS.get(first);
  if (unit !== undefined) {
    if (unit < 10 && TEEN.test(words[at + 1] ?? '') && unit + 10 <= max) return { value: unit + 10, next: at + 2 };
    return unit <= max ? { value: unit, next: at + 1 } : null;
  }
  const tens = TENS.get(first);
  if (tens === undefined || tens > max) return null;
  const following = withoutPrefix(words[at + 1], 'ו');
  const rest = following === null ? undefined : UNITS.get(following);
  return rest !== undefined && rest < 10 && tens + rest <= max
    ? { value: tens + rest, next: at + 2 }
    : { value: tens, next: at + 1 };
}
