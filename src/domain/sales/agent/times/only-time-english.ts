import { longestFirst, NUMBERS, ORDINALS } from './english-numbers.ts';

const TIME = `(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|today|tomorrow|tonight|january|february|march|april|may|june|july|august|september|october|november|december|next (?:week|month|year)|\\d{1,2}(?:st|nd|rd|th)?|${longestFirst([...NUMBERS.keys(), ...Object.keys(ORDINALS)])}|half|quarter|past|noon|midday|o'?clock|[ap] ?m|mornings?|afternoons?|evenings?|night|minutes?|hours?|days?|weeks?|months?|weekend)`;
/** Words between those of a time: "the third of next month". */
const LINK = '(?:at|on|in|the|of|an?|and|or|to|this|coming|around|about|early|mid|middle|late|beginning|end|m)';
const LIMIT = '(?:after|before|until|till?|from|between|by|later than|earlier than|sometime|any ?time)';
const FILLER =
  "(?:no problem|no worries|not a problem|yes|yeah|yep|yup|no|not|nope|sure|ok|okay|all right|alright|right|of course|certainly|definitely|absolutely|correct|exactly|great|perfect|fine|good|cool|excellent|lovely|wonderful|convenient|possible|ideal|thanks|thank you|please|well|so|then|um|uh|oh|just|only|but|maybe|perhaps|it|that|that's|is|are|am|was|would|will|be|do|does|did|i|we|me|us|you|for|let us|make|can|could|may|how|what|works?|suits?|better|best|prefer|rather|like|free|available|very|much|really|if|say|sounds|go with|,|\\?)";
const TIMES = `${TIME}(?: (?:${TIME}|${LINK}))*`;
const INTO = `(?: ${LINK})*`;
const CALL =
  '(?<! not)(?: (?:you|we|i) (?:can|could|may)| (?:can|could) (?:you|we)| let us| please| better)(?: (?:just|maybe|also))* (?:call|ring|phone|reach|try|talk|speak|chat)(?: (?:to|with|me|us|you|back|again))*';

/** Whether plain words say nothing but a time, and that it suits or does not: "yes, tomorrow at three". */
export const ENGLISH_ONLY_TIME = new RegExp(`^(?: (?:${TIME}|${LINK}|${LIMIT}|${FILLER})(?= ))+ $`);

/** A time that is named because it suits, in plain words: "tomorrow at three works", "how about Tuesday". */
export const ENGLISH_SUITING_TIME = new RegExp(
  [
    ` ${TIME}(?: (?:would|will|is|be|also|even|much|actually|for (?:me|us)))* (?:(?<!(?:not|never) )(?:works|suits|better|best|preferable)|(?<= (?:would|will) )(?:work|suit)|(?<= (?:is|be) )(?:fine|good|great|perfect|ideal|ok|okay|convenient|possible))(?= )(?! (?:here|as|at|in|with|than) )`,
    ` (?:how about|what about|(?:i|we) (?:would )?prefer|would rather(?: do)?|better|(?:let us|can we|could we) (?:do|say|meet|make it)|make it|(?:works|suits|better|best) for (?:me|us))${INTO} ${TIMES}(?= (?:$|[,?]|if |because |since |please |then |instead |thanks |thank ))`,
  ].join('|'),
);

/** A time at which somebody can be called, in plain words: "you can reach me tomorrow". */
export const ENGLISH_CALL_AT = new RegExp(`${CALL}${INTO} ${TIME}(?= )| ${TIME}(?: ,)?${CALL}(?= )`);
