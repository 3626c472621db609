import type { CalendarDay } from '#domain/sales/agent/languages/pack.ts';
import { isRefusing } from './english-bounds.ts';
import { firstDayOf } from './first-days.ts';

/** The ISO weekday on which a week begins. */
export const ENGLISH_FIRST_WEEKDAY = 1;

export const ENGLISH_MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const NAMES = ENGLISH_MONTHS.join('|');
/** Months whose names are nothing else; the others need a word such as "in" before them. */
const PLAIN_NAMES = 'january|february|july|september|october|november|december';
const NO_DAY = '(?! (?:the )?\\d)';
const PART_OF =
  '(?:(?:the )?(early|beginning of|start of|mid|middle of|late|later|end of)(?: in)?(?: the(?: month of)?)? )?';

/** A week, a month or a year that is named without a day. */
export const STRETCH = `(?:(?:in|during|for|the|all of|most of|of) )*(?:next (?:week|month|year)|(?:(?:early|mid|late) )?(?:${NAMES})${NO_DAY})`;

const START = new RegExp(
  `([^,?]*?)(?: (after|before|until|till?|by|since|from|in|during|for|next|this|sometime in|to))?(?: the)? ${PART_OF}(?:next (week|month|year)|the (?:new|coming) (year)|(${NAMES})${NO_DAY})(?= )`,
  'g',
);
const PLAIN = new RegExp(`^(?:${PLAIN_NAMES})$`);
/** Words before a name, which a month may be as well: "this is for June". */
const OF_PERSON = /^(?:to|for|by|this|since)$/;
/** Somebody is not there until then, or asks to wait until then. */
const WAITING = / (?:wait|hold off|vacation|holidays?|abroad|leave|out|travell?ing|closed|gone|only|back)(?= |$)/;

/** Returns the first day that suits by a week or a month that an English utterance names; null if it names none. */
export function englishStart(words: string, today: CalendarDay): string | null {
  let start: string | null = null;
  for (const [, clause = '', kind = '', part = '', unit, year, month] of words.matchAll(START)) {
    if (month && !part && !PLAIN.test(month) && (!kind || OF_PERSON.test(kind))) continue;
    const isLimit = /^(?:before|until|till?|by)$/.test(kind);
    if (isLimit && !isRefusing(clause) && !WAITING.test(clause)) continue;
    if (kind === 'since' || (kind === 'after' && isRefusing(clause))) continue;
    const rank = /^(?:late|later|end of)$/.test(part) ? 2 : /^mid/.test(part) ? 1 : 0;
    const named = month ? ENGLISH_MONTHS.indexOf(month) + 1 : ((unit ?? year) as 'week' | 'month' | 'year');
    start = firstDayOf({ unit: named, rank, after: kind === 'after' }, today, ENGLISH_FIRST_WEEKDAY);
  }
  return start;
}
