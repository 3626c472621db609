import { english as sentences } from '#domain/sales/agent/sentences/english.ts';
import { ENGLISH_FIRST_WEEKDAY } from '#domain/sales/agent/times/english-starts.ts';
import { englishTime } from '#domain/sales/agent/times/english-times.ts';
import {
  ENGLISH_CALL_AT,
  ENGLISH_ONLY_TIME,
  ENGLISH_SUITING_TIME,
} from '#domain/sales/agent/times/only-time-english.ts';
import { ENGLISH_INTENTS } from '#domain/sales/agent/understanding/intents-english.ts';
import { ENGLISH as refusals } from '#domain/sales/agent/understanding/refusals-english.ts';
import type { LanguagePack } from './pack.ts';

/** English words that are used in any language. */
const ANYWHERE = /^(?:ok|okay|yes|no|hi|hello|bye|thanks|thank|you|sorry|wow|please|cool|sure|nice)$/;

export const english: LanguagePack = {
  tag: 'en',
  name: 'English',
  names: ['english', 'אנגלית'],
  locale: 'en-US',
  firstWeekday: ENGLISH_FIRST_WEEKDAY,
  letter: /\p{Script=Latin}/u,
  otherLetter: /(?!\p{Script=Latin})\p{L}/u,
  ownWord: (word) => /^[a-z']+$/.test(word) && !ANYWHERE.test(word),
  clearlySpoken: 2,
  sentences,
  joinTime: (day, clock) => `${day} at ${clock}`,
  intents: ENGLISH_INTENTS,
  refusals,
  nextWeek: /next week/u,
  moves:
    /\b(?:later|earlier|instead|(?<!\b(?:we|i|they) )(?:move|change|switch)|reschedule|postpone|rather|else|(?:can|could|should|shall|may) (?:we|i))\b/iu,
  otherHour: /\b(?:later|earlier)\b/iu,
  meets: /\b(?:see you|till then|until then)\b/iu,
  onlyTime: ENGLISH_ONLY_TIME,
  suitingTime: ENGLISH_SUITING_TIME,
  callAt: ENGLISH_CALL_AT,
  now: / (?:now|right away)(?= )/,
  asksPrice: /\b(?:how much|what (?:does|do|will|would|is|are|about)|what's)\b|\?\s*$/iu,
  machineOnly:
    /^(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|half|quarter|noon|midnight|today|tonight|tomorrow|free|discounts?|cheap(?:er|est)?|dollars?|euros?|shekels?|pounds?|percent|guaranteed?|promised?|booked|confirmed|scheduled|reserved|cancelled)$/u,
  parseTime: englishTime,
};
