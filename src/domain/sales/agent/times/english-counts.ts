import { longestFirst, NUMBERS, numberOf } from './english-numbers.ts';

const COUNT = `(an?|${longestFirst(NUMBERS.keys())}|\\d{1,2})`;
const WEEKDAY = '(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)';
const NTH = '(?:first|second|third|fourth|last|[1-4](?:st|nd|rd|th))';

/** Weekdays of a week or month that is given by a count: the date is not certain, so the agent asks for it. */
const VAGUE_DAYS: readonly RegExp[] = [
  new RegExp(` in ${COUNT} weeks?(?: time)?(?: ,)?(?: on)? ${WEEKDAY}(?= )`, 'g'),
  new RegExp(` ${WEEKDAY}(?: ,)? in ${COUNT} weeks?(?= )`, 'g'),
  new RegExp(` (?!(?:an?|one|1) )${COUNT} weeks from ${WEEKDAY}(?= )`, 'g'),
  new RegExp(
    `(?: ${WEEKDAY}(?: ,)?)?(?: (?:of|in|on))? (?:the )?week after next(?: ,)?(?: (?:on )?${WEEKDAY})?(?= )`,
    'g',
  ),
  new RegExp(
    `(?: in)? ${COUNT}(?: (?:day|week|month)s? and a half| and a half (?:day|week|month)s?)(?: from (?:today|now|tomorrow))?(?= )`,
    'g',
  ),
  new RegExp(` ${NTH} ${WEEKDAY} (?:of|in) (?:the month|(?:next|this) month|[a-z]+)(?= )`, 'g'),
];

/** Returns a number in words or digits; `a` is one. */
export const countOf = (text: string): number => (/^an?$/.test(text) ? 1 : numberOf(text));

/**
 * Returns words in which counts of days and weeks are digits, such as "in 3 days", which also replaces "a week from tomorrow" and the like.
 * Days that are not certain are removed.
 */
export function countsToDigits(words: string): string {
  const counted = words.replace(
    new RegExp(` ${COUNT} (day|week)s? from (today|now|tomorrow)(?= )`, 'g'),
    (_all, count: string, unit: string, from: string) =>
      ` in ${countOf(count) * (unit === 'week' ? 7 : 1) + (from === 'tomorrow' ? 1 : 0)} days `,
  );
  return VAGUE_DAYS.reduce((text, vague) => text.replace(vague, ' '), counted)
    .replace(
      new RegExp(` in (${longestFirst(NUMBERS.keys())}) (?=minute|hour|day|week|month)`, 'g'),
      (_all, number: string) => ` in ${numberOf(number)} `,
    )
    .replace(/ +/g, ' ');
}
