import { longestFirst, numberOf, UNITS } from './english-numbers.ts';
import { boundsBy, clockIn, type DayPart, type HourBounds, type HourLimit, type OpensAt } from './spoken-time.ts';

const HOUR = `(noon|midday|\\d{1,2}|${longestFirst(UNITS)})(?::(\\d\\d)| (thirty|fifteen|forty five))?(?: o'?clock)?(?: ?([ap])\\.?m\\.?)?`;
/** A bound, and the clause before it. A number before "after" or "before" makes it a time: "ten after four". "Stop by at ten" is none. */
const BOUND = new RegExp(
  `([^,?]*)(?<! (?:half|quarter|minutes?|\\d+|${longestFirst(UNITS)})) (after|later than|from|before|earlier than|until|till?|up to|by(?! at)|past)(?: about| around| like)?(?: at)? ${HOUR}(?= (?:[,?]|$|(?:please|on|onwards?|if|is|are|would|works?|in|tomorrow|today|this|next|\\w+day|or|and|but|then|for|i|we|only|because|good|fine|better|call|try|so|maybe|at)(?= )))`,
  'g',
);
const RANGE = new RegExp(` (?:from|between)(?: about| around)? ${HOUR} (?:and|to|till?|until) ${HOUR}(?= )`, 'g');
/** "I am busy after four" is before four. */
const INVERTED =
  /(?<! why)(?: (?:not|no|never|cannot|nothing|busy|booked|unavailable|meeting|working|at work|driving|away|dont|cant|wont)| \w+n't)(?= |$)/;
/** Words with which a clause begins, though no comma is heard: "I am busy call me after four". */
const CLAUSE =
  / (?:but|so|then|and|maybe|(?<! (?:not|never|dont|cant|wont|\w+n't)(?: \w+)? )(?:call|try|ring|phone|reach|talk|speak))(?= |$)/;
const MINUTES: Record<string, number> = { thirty: 30, fifteen: 15, 'forty five': 45 };

/** Returns the bounds of the hours that suit, in English. */
export function englishBounds(words: string, part: DayPart | null, opensAt: OpensAt): HourBounds | null {
  const limits: HourLimit[] = [];
  const rest = words.replace(RANGE, (_all, ...groups: string[]) => {
    const [from, to] = [groups.slice(0, 4), groups.slice(4, 8)];
    limits.push(
      { clock: clockOf([...from.slice(0, 3), from[3] ?? to[3]], part), isEarliest: true },
      { clock: clockOf(to, part), isEarliest: false },
    );
    return ' , ';
  });
  for (const [, clause = '', kind = '', ...hour] of rest.matchAll(BOUND)) {
    const isInverted = isRefusing(clause);
    limits.push({ clock: clockOf(hour, part), isEarliest: /^(?:after|later|from|past)/.test(kind) !== isInverted });
  }
  return boundsBy(limits, opensAt);
}

/** Whether the end of a clause says that what follows does not suit. */
export const isRefusing = (clause: string): boolean => INVERTED.test(clause.split(CLAUSE).at(-1) ?? '');

function clockOf([hour = '', digits, named, half]: readonly (string | undefined)[], part: DayPart | null) {
  const number = hour === 'noon' || hour === 'midday' ? 12 : numberOf(hour);
  const minute = digits ? Number(digits) : (MINUTES[named ?? ''] ?? 0);
  const within = half ? (half === 'a' ? 'morning' : 'afternoon') : number === 12 ? 'noon' : part;
  return clockIn(number, minute, within);
}
