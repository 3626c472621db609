import { longestFirst, UNITS } from './english-numbers.ts';
import { STRETCH } from './english-starts.ts';
import { createRefusedTimes } from './refused-times.ts';

const NAME = '(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|tomorrow|tonight)s?';
const PART_NAME = '(?:mornings?|afternoons?|evenings?)';
const PART = '(?: (?:in the )?(?:mornings?|afternoons?|evenings?|night))?';
const HALF = "(?: ?(?:a\\.?m\\.?|p\\.?m\\.?|o'?clock|thirty|fifteen|forty five))*";
const CLOCK = `(?:\\d{1,2}(?::\\d\\d)?|${longestFirst(UNITS)})${HALF}`;
const DAY = `(?:${CLOCK} )?(?:(?:on|this|next|the|coming) )*${NAME}${PART}(?:(?: at)? ${CLOCK})?`;
/** A negation, also without an apostrophe, as speech recognizers write it. "Why not Tuesday" proposes it. */
const NOT =
  "(?<! why)(?: (?:can|do|did|could|would|will|is|are|am)(?: not|n't|nt)| can't| cannot| won't| wont| never| not)(?! (?:you|we|i)(?= ))";
/** Words between a negation and the day that it refuses. "I can't before Tuesday", and "don't you have Tuesday", refuse none. */
const BETWEEN =
  '(?: (?:do|make|manage|want|like|have time|need|say|mean|ask|agree|said|be|it|a|any|meeting|to|for|that|this|good|great|free|available|there|possible|me|us|really|in|come|meet|talk|speak|about|sure))*';
const BUSY = '(?:busy|away|unavailable|booked(?: up)?|tied up|abroad|out of (?:town|the office))';
/** Somebody is not there for some days. */
const ABSENT =
  '(?:on (?:(?:a|my|our) )?(?:vacation|holidays?|leave)|travell?ing|flying|closed|off work|in hospital|overseas)';
const ENGAGEMENT = '(?:meeting|appointment|dentist|doctor|flight|wedding|funeral|class|conflict|commitment)';

const VERY = '(?: (?:really|just|pretty|a bit|a little|completely|very|so|also|already|unfortunately|quite|way))*';
const BAD = `(?:bad|out|full|busy|taken|impossible|difficult|hard|tough|tricky|no good|unavailable|booked(?: up)?|too (?:early|late|soon|far)(?: for (?:me|us))?|not${VERY} (?:good|great|ok|okay|fine|possible|convenient|ideal|suitable|free|available|an option))`;
const NO = "(?:does not|doesn't|doesnt|do not|don't|dont|will not|won't|wont|would not|wouldn't)";
const IS_NO = "(?:(?:is|are) not|isn't|isnt|aren't)";
const BEHIND = [
  `(?: is| are| would be| looks|'s)?${VERY} ${BAD}`,
  ` ${NO}${VERY} (?:work|suit|fit|do)(?: (?:for )?(?:me|us))?`,
  ` ${IS_NO}${VERY} (?:good|great|ok|okay|fine|possible|convenient|ideal|suitable|free|available|an option|going to work)`,
  ` (?:i|we) (?:can't|cant|can not|cannot|couldn't|won't|wont)(?: (?:do|make)(?: it)?)?`,
  ` (?:i|we)(?: am|'m|m| are|'re)${VERY} (?:${BUSY}|not (?:free|available|here|there|around))`,
].join('|');

/** Days and times of day that are named because they do not suit. */
const REFUSED: readonly RegExp[] = [
  // "The first one doesn't work" refuses no time of day.
  new RegExp(
    `(?: at)? (?:${DAY}|(?<! (?:first|second|former|other|earlier|later|last|that|this) )${CLOCK})(?:${BEHIND})(?= )`,
    'g',
  ),
  new RegExp(
    ` (?:(?:do not|don't|dont) think|doubt)(?: that)?(?: (?:i|we) (?:can|could)(?: do| make)?)? ${DAY}(?= )`,
    'g',
  ),
  new RegExp(` the (?:first|second)(?: one| option| time| slot)?(?:${BEHIND})(?= )`, 'g'),
  / not the (?:first|second)(?: one| option| time| slot)?(?= )(?! of)/g,
  new RegExp(`${NOT}${BETWEEN}(?<! not) ${DAY}(?= )`, 'g'),
  new RegExp(`${NOT}${BETWEEN} (?:in )?(?:the )?${PART_NAME}(?= )(?! or)`, 'g'),
  new RegExp(` (?:in )?(?:the )?${PART_NAME}(?:${BEHIND})(?= )`, 'g'),
  new RegExp(`(?<!not|n't|nt) ${BUSY}(?: (?:all|the whole|every|most of))* ${DAY}(?= )`, 'g'),
  new RegExp(
    `(?<!not|n't|nt|never) (?:have|got|there is|there's) (?:an?|another|my|some) (?:\\w+ )?${ENGAGEMENT}s? ${DAY}(?= )`,
    'g',
  ),
  new RegExp(
    `(?<! why) (?:not|no|except|except for|any(?:thing| day| ?time) but|other than|apart from|instead of|rather than)(?: on)? (?:(?:this|next) )?${NAME}(?= )`,
    'g',
  ),
  new RegExp(
    ` ${STRETCH}(?:${BEHIND}| (?:i|we)(?: will be| shall be|'ll be| am|'m|m| are|'re)${VERY} (?:${BUSY}|${ABSENT})| (?:i|we)(?: am|'m|m| are|'re) off| (?:i|we) (?:have|go on|take|am taking|are taking)(?: (?:a|my|our))? (?:vacation|holidays?|leave)| is (?:my|our|a) (?:vacation|holidays?))(?= )`,
    'g',
  ),
  new RegExp(
    `(?:${NOT}${BETWEEN}|(?<! why) (?:not|except(?: for)?|any(?:thing| day| ?time| week| month)? but|other than|apart from|instead of|rather than)) ${STRETCH}(?= )`,
    'g',
  ),
  new RegExp(`(?<!not|n't|nt) (?:${BUSY}|${ABSENT}|off)(?: (?:all|the whole))* ${STRETCH}(?= )`, 'g'),
];

export const { withoutRefused, refusesDay, refusedStretch } = createRefusedTimes(REFUSED, NAME, STRETCH);
