import { longestFirst, numberOf, UNITS } from './english-numbers.ts';
import { boundsBy, clockIn, type DayPart, type HourBounds } from './spoken-time.ts';

/** A bound, and the clause before it. A number before "after" or "before" makes it a time: "ten after four". */
const BOUND = new RegExp(
  `([^,?]*)(?<! (?:half|quarter|minutes?|\\d+|${longestFirst(UNITS)})) (after|later than|before|earlier than)(?: about| around| like)?(?: at)? (noon|midday|\\d{1,2}|${longestFirst(UNITS)})(?::(\\d\\d)| (thirty|fifteen|forty five))?(?: o'?clock)?(?: ?([ap])\\.?m\\.?)?(?= (?:[,?]|$|(?:please|on|if|is|are|would|works?|in|tomorrow|today|this|next|\\w+day|or|and|but|then|for|i|we|only|because|good|fine|better)(?= )))`,
  'g',
);
/** "I am busy after four" is before four. */
const INVERTED = /(?<! why)(?: (?:not|no|never|cannot|nothing|busy|booked|unavailable|dont|cant|wont)| \w+n't)(?= |$)/;
const MINUTES: Record<string, number> = { thirty: 30, fifteen: 15, 'forty five': 45 };

/** Returns the bounds of the hours that suit, in English. */
export function englishBounds(words: string, part: DayPart | null): HourBounds | null {
  const said = [...words.matchAll(BOUND)].map(([, clause = '', kind = '', hour = '', digits, named, half]) => {
    const number = hour === 'noon' || hour === 'midday' ? 12 : numberOf(hour);
    const minute = digits ? Number(digits) : (MINUTES[named ?? ''] ?? 0);
    const within = half ? (half === 'a' ? 'morning' : 'afternoon') : number === 12 ? 'noon' : part;
    const isEarliest = /^(?:after|later)/.test(kind) !== INVERTED.test(clause);
    return { clock: clockIn(number, minute, within), isEarliest };
  });
  return boundsBy(said);
}
