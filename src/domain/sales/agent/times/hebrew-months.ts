import { withoutPrefix } from './hebrew-numbers.ts';

const MONTHS = new Map<string, number>(
  Object.entries({
    ינואר: 1,
    פברואר: 2,
    מרץ: 3,
    מרס: 3,
    אפריל: 4,
    מאי: 5,
    יוני: 6,
    יולי: 7,
    אוגוסט: 8,
    ספטמבר: 9,
    אוקטובר: 10,
    נובמבר: 11,
    דצמבר: 12,
  }),
);
/** The names of the months, from January on. */
export const MONTH_NAMES = [...new Map([...MONTHS].map(([name, month]) => [month, name])).values()];

/** Returns the number of a month, with or without a prefixed preposition; undefined if the word is none. */
export const monthOf = (word: string): number | undefined =>
  MONTHS.get(word) ?? MONTHS.get(withoutPrefix(word, 'בלמ') ?? '');

/** Whether a word makes the number before it a day of the month. */
export const isMonth = (word: string): boolean => monthOf(word) !== undefined || word === 'לחודש' || word === 'בחודש';
