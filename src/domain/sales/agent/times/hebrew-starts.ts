import type { CalendarDay } from '#domain/sales/agent/languages/pack.ts';
import { firstDayOf, type Stretch } from './first-days.ts';
import { isRefusing } from './hebrew-bounds.ts';
import { monthOf } from './hebrew-months.ts';

/** The ISO weekday on which a week begins. */
export const HEBREW_FIRST_WEEKDAY = 7;

const UNITS: readonly (readonly [RegExp, RegExp, Stretch['unit']])[] = [
  [/^(?:[בלה]|מה?)?שבוע$/, /^ה?(?:בא|קרוב)$/, 'week'],
  [/^(?:[בלה]|מה?)?חודש$/, /^ה?בא$/, 'month'],
  [/^(?:[בלה]|מה?)?שנה$/, /^ה?(?:באה|חדשה)$/, 'year'],
];
/** Months whose names are other words, too, or those of people: "what", "energy", Yoni. */
const OTHER_WORDS = /^(?:מאי|מרץ|מרס|אפריל|יוני|יולי|אוגוסט)$/;
/** Words beside a month that is the whole answer. */
const FILLER = /^(?:כן|לא|אוקיי|אוקי|טוב|בסדר|אז|אולי|נגיד|רק|עדיף|מתאים|נוח|לי|לנו|זה|בבקשה|תודה|[,?|])$/;
const PART_OF = /^[בלמ]?(?:תחילת|ראשית|אמצע|סוף)$/;
/** Somebody asks to wait until then. */
const WAITING = /^(?:לחכות|נחכה|תחכו|רק)$/;

/** Returns the first day that suits by a week or a month that a Hebrew utterance names; null if it names none. */
export function hebrewStart(words: readonly string[], today: CalendarDay): string | null {
  const starts = words.map((_, at) => {
    const unit = unitAt(words, at);
    return unit === null ? null : startAt(words, at, unit, today);
  });
  return starts.findLast((start) => start !== null) ?? null;
}

function unitAt(words: readonly string[], at: number): Stretch['unit'] | null {
  const [word = '', next = ''] = words.slice(at);
  const named = UNITS.find(([unit, which]) => unit.test(word) && which.test(next));
  if (named) return named[2];
  const month = monthOf(word);
  if (month === undefined || /^\d/.test(words[at - 1] ?? '')) return null;
  return isStart(words, at) ? month : null;
}

/** Whether a month is named as a time: not one that is only spoken of, nor a person, from whom or to whom something is. */
function isStart(words: readonly string[], at: number): boolean {
  const word = words[at] ?? '';
  if (kindBefore(words, at).kind !== '' || word.startsWith('ב')) return true;
  const name = monthOf(word.slice(1)) === undefined ? word : word.slice(1);
  if (OTHER_WORDS.test(name)) return false;
  return word.startsWith('ל') || words.every((other, index) => index === at || FILLER.test(other));
}

/** Returns the word before a stretch that makes it a limit or a part of it, and where that begins. */
function kindBefore(words: readonly string[], at: number): { kind: string; part: string; start: number } {
  const isMonthOf = /^[בה]?חודש$/.test(words[at - 1] ?? '');
  const end = isMonthOf ? at - 1 : at;
  const part = PART_OF.test(words[end - 1] ?? '') ? (words[end - 1] as string) : '';
  const start = part ? end - 1 : end;
  const kind = /^(?:אחרי|לפני|עד|החל)$/.test(words[start - 1] ?? '') ? (words[start - 1] as string) : '';
  return { kind: kind || part || (isMonthOf ? 'חודש' : ''), part, start: kind ? start - 1 : start };
}

function startAt(words: readonly string[], at: number, unit: Stretch['unit'], today: CalendarDay): string | null {
  const { kind, part, start } = kindBefore(words, at);
  const isRefused = isRefusing(words, start);
  const waits = isRefused || words.slice(0, start).some((word) => WAITING.test(word));
  if ((kind === 'לפני' || kind === 'עד') && !waits) return null;
  if (kind === 'אחרי' && isRefused) return null;
  const rank = /סוף$/.test(part) ? 2 : /אמצע$/.test(part) ? 1 : 0;
  return firstDayOf({ unit, rank, after: kind === 'אחרי' }, today, HEBREW_FIRST_WEEKDAY);
}
