import { agreeOnCallBack, askCallBack, callBackAt, endWithCallBack } from './call-backs.ts';
import { LANGUAGE_PACKS } from './languages/packs.ts';
import { dateOf } from './local-days.ts';
import type { AgentState, CallContext, Stage, Step } from './machine.ts';
import { choose, isSameTime, offerTimes, propose, schedule, type TimeSaid } from './scheduling.ts';
import type { Line, LineKey } from './sentences/lines.ts';
import { ask, askAgain, callBackSometime, end, giveUp, line, need, wait } from './steps.ts';
import { resolveTime } from './times/resolve-time.ts';
import { type Away, completeTime, NOTHING_SAID, type SpokenTime, saysTime } from './times/spoken-time.ts';
import type { Intent } from './understanding/intent.ts';
import { intentsOf } from './understanding/intents.ts';
import { plainWords } from './understanding/plain-words.ts';
import type { Understanding } from './understanding/understand.ts';

/** What a person said. */
type Said = TimeSaid & {
  understood: Understanding;
  text: string;
  /** Whether they had heard what they are answering. */
  heard: boolean;
};

/** How many utterances the agent may fail to understand before it gives up. */
const MAX_MISSES = 2;

/** Answers a person who does not refuse to be called. */
export function answer(context: CallContext, state: AgentState, heard: Said): Step {
  const said = withoutPerson(state, heard) ?? heard;
  const [intent] = said.understood.intents;
  if (intent === 'wrong-number') return wrongNumber(state);
  if (intent === 'person') return handOver(context, state, said);
  if (intent === 'repeat' || asksWhen(state, said)) return sayTimeAgain({ ...state, misses: 0 });
  if (intent === 'calls-back' && state.stage !== 'booked') return callBackSometime(state);
  if (intent === 'wait' && !said.time && !said.refusesTime) return wait(state, [line('waiting')]);
  const nextStep = intent === 'not-interested' && sendsInfo(said) ? line('nextSendInfo') : state.nextStep;
  const answered = { ...state, misses: 0, nextStep };
  const step = stageAnswer(context, answered, said, intent) ?? objection(answered, intent, said.text);
  return step ?? misunderstood(state, said.understood);
}

/** What was said but the wish for a person, if the rest agrees to the meeting that was spoken of: "yes, I'd like to talk to someone". */
function withoutPerson({ stage, question }: AgentState, said: Said): Said | null {
  const { understood, text } = said;
  if (understood.intents[0] !== 'person' || !AGREEING.includes(stage) || question?.key === 'inboundGreeting')
    return null;
  const rest = LANGUAGE_PACKS.reduce((words, pack) => words.replace(pack.intents.person, ' '), plainWords(text));
  const intents = intentsOf(rest);
  const agrees = intents[0] === 'yes' && !objects(intents) && !OTHERWISE.test(text);
  return agrees ? { ...said, understood: { ...understood, intents } } : null;
}
const AGREEING: readonly Stage[] = ['qualify', 'times', 'confirm'];
const OTHERWISE = /\b(?:but|instead|rather|first)\b|(?<=\s)(?:אבל|במקום|קודם)(?=\s|$)/iu;

/** Whether they ask for a time again that was said, and name no other. */
function asksWhen({ stage, offered }: AgentState, { understood, time }: Said): boolean {
  if (understood.intents[0] !== 'when' || (time && time.clocks.length > 0)) return false;
  return stage === 'times' ? offered.length > 0 && !time : ['confirm', 'booked', 'call-back'].includes(stage);
}

/** Repeats the last question, and the time of a meeting that is booked. */
const sayTimeAgain = (state: AgentState): Step =>
  state.stage === 'booked' && state.booked !== null
    ? ask(state, 'booked', line('anythingElse'), { before: [line('booked', state.booked)], essential: ['booked'] })
    : askAgain(state);

/** Whether they want the agent to go on now: "no, go ahead" is no "no". */
const goesOn = ({ understood: { intents }, time, text }: Said): boolean => {
  if (time || !intents.includes('go-on')) return false;
  const last = text.split(BUT);
  if (last.length > 1 && intentsOf(plainWords(last.at(-1) ?? '')).includes('go-on')) return true;
  return intents[0] === 'no' || intents[0] === 'yes' || intents[0] === 'go-on';
};
const BUT = /\bbut\b|(?<=\s)אבל(?=\s)/iu;

const sendsInfo = ({ understood }: Said): boolean => understood.intents.includes('send-info');

/** Answers within the stage of the call; null if the utterance does not answer its question. */
function stageAnswer(context: CallContext, state: AgentState, said: Said, intent: Intent | undefined): Step | null {
  switch (state.stage) {
    case 'consent':
      return consent(context, state, said, withoutAny(said));
    case 'qualify':
      return qualify(context, state, said, withoutAny(said));
    case 'times':
      return agreeOnTime(context, state, said, intent);
    case 'confirm':
      return confirmTime(context, state, said, intent);
    case 'booked':
      return afterBooking(context, state, said, intent);
    case 'call-back':
      return callBack(context, state, said, intent);
    default:
      return null;
  }
}

/** "It doesn't matter" is a "no" or a "maybe" where nothing was offered. */
const withoutAny = ({ understood: { intents } }: Said): Intent | undefined =>
  intents[0] === 'any' ? (intents[1] ?? 'maybe') : intents[0];

function consent(context: CallContext, state: AgentState, said: Said, intent: Intent | undefined): Step | null {
  if (goesOn(said)) return ask(state, 'qualify', line('qualify'));
  if (intent === 'yes' && said.time && namesLater(said, said.time))
    return namesCallTime(said) || said.time.inMinutes !== null
      ? callBackAt(context, state, said.time)
      : schedule({ ...state, interested: true }, said.time, context);
  if (said.away && !said.time && intent === 'yes') return ask(state, 'qualify', line('qualify'));
  if (said.away && !said.time && (intent === 'busy' || onlyRefusesTime(said))) return askCallBack(state, said.away);
  if (intent === 'busy' || intent === 'neither' || onlyRefusesTime(said) || (said.time && intent !== 'yes'))
    return callBackAt(context, state, said.time);
  if (intent === 'not-interested' || intent === 'bye' || intent === 'cancel') return notInterested(state);
  if (intent === 'no') return ask(state, 'call-back', line('askCallBack'));
  if (intent === 'yes' || intent === 'maybe') return ask(state, 'qualify', line('qualify'));
  return intent === 'hello' ? ask(state, 'consent', line('mayWeTalk')) : null;
}

/** Whether a "yes" is to another time than now: "yes, tomorrow at three works", but not "yes, I am leaving tomorrow", or "yes, good morning". */
function namesLater(said: Said, { days, clocks, inMinutes, notBefore = null }: SpokenTime): boolean {
  const isLater = days.some((day) => day.kind !== 'offset' || day.days > 0);
  const isNamed = isLater || clocks.length > 0 || inMinutes !== null || notBefore !== null;
  if (!isNamed || said.understood.intents.includes('go-on') || matches(said, 'now')) return false;
  return saysOnlyTime(said) || matches(said, 'suitingTime') || namesCallTime(said);
}

const matches = ({ text }: Said, pattern: 'now' | 'onlyTime' | 'suitingTime' | 'callAt'): boolean =>
  LANGUAGE_PACKS.some((pack) => pack[pattern].test(plainWords(text)));

const saysOnlyTime = (said: Said): boolean => matches(said, 'onlyTime');

const namesCallTime = (said: Said): boolean => matches(said, 'callAt');

function qualify(context: CallContext, state: AgentState, said: Said, intent: Intent | undefined): Step | null {
  const interested = { ...state, interested: true };
  if (onlyRefusesTime(said) || goesOn(said)) return offerTimes(interested, said.away);
  if (intent === 'busy' || intent === 'neither') return callBackAt(context, state, said.time);
  if (said.time && ((intent === 'bye' && expectsMeeting(said)) || namesOnlyLater(said, intent)))
    return schedule(interested, said.time, context);
  if (intent === 'not-interested' || intent === 'no' || intent === 'bye' || intent === 'cancel')
    return notInterested(state);
  if (said.time) return schedule(interested, said.time, context);
  if (intent === 'yes' || intent === 'maybe') return offerTimes(interested);
  return intent === 'hello' ? askAgain(state) : null;
}

/** Whether a "no" is to the days before the one that is named: "not before January", "no, next week". */
const namesOnlyLater = (said: Said, intent: Intent | undefined): boolean =>
  intent === 'no' &&
  said.time !== null &&
  (said.time.days.length > 0 || (said.time.notBefore ?? null) !== null) &&
  saysOnlyTime(said) &&
  !THANKS.test(said.text);
const THANKS = /\bthank|תודה/iu;

function agreeOnTime(context: CallContext, state: AgentState, said: Said, intent: Intent | undefined): Step | null {
  const asksWhich = state.question?.key === 'either';
  if (asksWhich && LANGUAGE_PACKS.some(({ nextWeek }) => nextWeek.test(said.text))) return choose(state, 1, context);
  if (state.offered.length > 1 && (intent === 'first' || intent === 'second') && !namesDate(said.time))
    return choose(state, intent === 'first' ? 0 : 1, context);
  if (said.time) return schedule(asksOtherHour(said) ? { ...state, offered: [] } : state, said.time, context);
  if (onlyRefusesTime(said)) return askOtherTime(state, said.away);
  if (intent === 'not-interested' || intent === 'bye' || intent === 'cancel') return notInterested(state);
  if (intent === 'busy') return callBackAt(context, state, null);
  if (intent === 'any') return state.offered.length > 0 ? choose(state, 0, context) : offerTimes(state);
  if (intent === 'yes' && state.offered.length === 1) return propose(state, state.offered[0] as string);
  if (intent === 'yes' && state.offered.length > 1) return ask(state, 'times', whichOf(state));
  if (intent === 'no' || intent === 'neither' || intent === 'maybe' || intent === 'yes')
    return ask({ ...state, offered: [] }, 'times', line('askTime'));
  return null;
}

/** Whether they name the day of an offer to ask for another hour of it: "Sunday, but later". */
const asksOtherHour = (said: Said): boolean => said.time?.clocks.length === 0 && asksLater(said);

/** Whether all that was said of a time is that it does not suit: "I can't do Monday", which declines no meeting. */
const onlyRefusesTime = ({ refusesTime, time, understood }: Said): boolean =>
  refusesTime && !time && !understood.intents.some((intent) => ENDINGS.includes(intent));
const ENDINGS: readonly Intent[] = ['not-interested', 'bye', 'cancel'];

const askOtherTime = (state: AgentState, away: Away | null = null): Step =>
  ask({ ...state, proposed: null, offered: [], partial: { ...NOTHING_SAID, away } }, 'times', line('askTime'));

/** "The first of December" does not choose the first offer. */
const namesDate = (time: SpokenTime | null) =>
  time?.days.some((day) => day.kind === 'date' && day.month !== null) ?? false;

const whichOf = ({ offered: [first, second] }: AgentState): Line =>
  line('whichOffer', first as string, second as string);

function confirmTime(context: CallContext, state: AgentState, said: Said, intent: Intent | undefined): Step | null {
  const { proposed } = state;
  if (said.time) {
    const meant = resolveTime(completeTime(said.time, state.partial), { ...context, language: state.language });
    const same = meant.kind === 'moment' && meant.at.toISOString() === proposed;
    if (!same) return schedule(state, said.time, context);
    const isVague = namesOnlyStart(said.time) && intent !== 'yes';
    if (!said.heard || isVague || intent === 'when' || QUESTION.test(said.text)) return askAgain(state);
    if (proposed && agrees(said)) return need(state, { kind: 'book', at: proposed });
  }
  if (onlyRefusesTime(said)) return askOtherTime(state, said.away);
  if (proposed && (intent === 'yes' || leavesAgreed(said))) return need(state, { kind: 'book', at: proposed });
  if (intent === 'not-interested' || intent === 'cancel') return notInterested(state);
  if (intent === 'busy') return callBackAt(context, state, null);
  if (intent === 'any') return askAgain(state);
  if (intent === 'no' || intent === 'neither' || intent === 'maybe') return askOtherTime(state);
  return null;
}

/** Whether no more than a week or a month is named. */
const namesOnlyStart = ({ days, clocks, notBefore = null }: SpokenTime): boolean =>
  notBefore !== null && days.length + clocks.length === 0;

/** Who asks the time back has not agreed to it. */
const QUESTION = /\?\s*$/;

/** Whether somebody who repeats the proposed time agrees to it. */
const agrees = ({ understood }: Said): boolean => !objects(understood.intents);
const objects = (intents: readonly Intent[]): boolean => intents.some((intent) => OBJECTING.includes(intent));
const OBJECTING: readonly Intent[] = ['not-interested', 'cancel', 'neither', 'busy', 'maybe', 'no'];

/** Whether somebody says goodbye because the proposed time is settled: "yes, have a nice day", "see you then". */
const leavesAgreed = (said: Said): boolean =>
  said.understood.intents[0] === 'bye' &&
  agrees(said) &&
  (said.understood.intents.includes('yes') || expectsMeeting(said));

const expectsMeeting = ({ text }: Said): boolean => LANGUAGE_PACKS.some(({ meets }) => meets.test(text));

function afterBooking(context: CallContext, state: AgentState, said: Said, intent: Intent | undefined): Step | null {
  const namesTime = said.time !== null && namesTimeOfMeeting(context, state, said, said.time);
  const repeats = namesTime && namesMeeting(context, state, said);
  const namesOther = said.time !== null && namesTime && !repeats;
  if (cancels(said) && !namesOther) return need(state, { kind: 'cancel' });
  if (said.time && namesOther) return schedule(state, said.time, context);
  if (repeats && (intent === 'when' || QUESTION.test(said.text))) return sayTimeAgain(state);
  if (intent === 'neither' || (onlyRefusesTime(said) && !isAwayElsewhere(context, state, said)))
    return askOtherTime(state, said.away);
  if (objectionOf(intent)) return null;
  if (intent === 'yes' && said.understood.words <= 2 && !repeats) return wait(state, [line('goOn')]);
  const more = !intent && said.understood.words > 0 && !repeats;
  return end(state, 'MEETING_BOOKED', [...(more ? [line('passOn')] : []), line('goodbye')]);
}

/** Whether the week or month that does not suit is not that of the meeting. */
function isAwayElsewhere(context: CallContext, { booked }: AgentState, { away }: Said): boolean {
  if (booked === null || away === null) return false;
  const day = dateOf(booked, context);
  return day < away.from || day >= away.to;
}

/** Whether a time is named of the meeting, and not a month of which they only speak: "I am on holiday in January". */
function namesTimeOfMeeting(context: CallContext, state: AgentState, said: Said, time: SpokenTime): boolean {
  if (time.clocks.length + time.days.length > 0) return true;
  if (!namesOnlyStart(time)) return false;
  const moves = LANGUAGE_PACKS.some((pack) => pack.moves.test(said.text));
  return moves || saysOnlyTime(said) || matches(said, 'suitingTime') || namesMeeting(context, state, said);
}

/** Whether they cancel, and do not ask about something, such as how long they have to cancel. */
function cancels({ understood: { intents }, text }: Said): boolean {
  if (intents[0] === 'cancel' || !intents.includes('cancel')) return intents[0] === 'cancel';
  const clauses = plainWords(text).split(/ [,?](?= )/);
  return clauses.some((clause) => {
    const meant = intentsOf(`${clause} `);
    return meant.includes('cancel') && !asksAbout(meant[0], clause);
  });
}

const asksAbout = (intent: Intent | undefined, clause: string): boolean =>
  intent === 'price' ? asksPrice(clause) : intent === 'duration' || intent === 'source';

/** Whether they name the time of the booked meeting, or nothing but its day: "see you Tuesday". */
function namesMeeting(context: CallContext, { booked, language }: AgentState, { time, text }: Said): boolean {
  if (booked === null || !time) return false;
  const meant = resolveTime(time, { ...context, language });
  if (meant.kind === 'moment') return meant.at.toISOString() === booked;
  if (time.part !== null || time.bounds || LANGUAGE_PACKS.some(({ moves }) => moves.test(text))) return false;
  const day = new Date(booked).toLocaleDateString('sv-SE', { timeZone: context.zone });
  if (meant.kind === 'nothing') return Boolean(time.notBefore && day >= time.notBefore);
  return meant.kind === 'day' ? meant.date === day : meant.kind === 'days' && meant.readings.includes(day);
}

function callBack(context: CallContext, state: AgentState, said: Said, intent: Intent | undefined): Step | null {
  const { question } = state;
  if (question?.key === 'either' && (intent === 'first' || intent === 'second'))
    return agreeOnCallBack(context, state, question.times[intent === 'first' ? 0 : 1] as string);
  if (question?.key === 'offerCallBack') {
    const step = answerCallBackOffer(context, state, said, intent);
    if (step) return step;
  }
  const dayless = { ...state, partial: { ...state.partial, days: [] } };
  if (said.time) return callBackAt(context, rejectsDay(said) ? dayless : state, said.time);
  if (onlyRefusesTime(said) || (intent === 'neither' && saysTime(state.partial))) return askCallBack(state, said.away);
  if (goesOn(said)) return goOn(state);
  if (intent === 'no' && refusesNamedTime(state)) return askCallBack(state);
  if (intent === 'not-interested' || intent === 'no') return notInterested(state);
  if (objectionOf(intent)) return null;
  if (intent === 'yes' && question?.key === 'askCallBack' && state.askedAgain < MAX_CALL_BACK_REPEATS)
    return askAgain(state);
  return callBackAt(context, state, null);
}

const goOn = (state: AgentState): Step =>
  state.interested ? offerTimes(state) : ask(state, 'qualify', line('qualify'));

/** Answers to the offer of a call at another time than the one that was named. Only a clear "yes" fixes it; null if other words decide. */
function answerCallBackOffer(
  context: CallContext,
  state: AgentState,
  said: Said,
  intent: Intent | undefined,
): Step | null {
  const offered = state.question?.times[0] as string;
  if (goesOn(said)) return goOn(state);
  if (intent === 'hello' || (QUESTION.test(said.text) && !said.time))
    return objectionOf(intent) ? null : askAgain(state);
  if (said.time && !isSameTime(offered, said.time, state, context)) return null;
  if (intent === 'not-interested' || objectionOf(intent)) return null;
  if (!agrees(said) || said.refusesTime || asksLater(said) || RESERVED.test(said.text)) return askCallBack(state);
  if (saysOnlyTime(said) && (intent === 'yes' || said.time) && !QUESTION.test(said.text))
    return endWithCallBack(context, state, offered);
  return intent === 'yes' || said.time ? askAgain(state) : askCallBack(state);
}

/** A "yes" with a reservation. */
const RESERVED =
  /\b(?:but|not|never)\b(?! a problem)|\bno\b(?! (?:problem|worries))|(?<!\p{L})(?:אבל|רק|לא)(?!\p{L})/iu;

const asksLater = ({ text }: Said): boolean => LANGUAGE_PACKS.some(({ otherHour }) => otherHour.test(text));

/** How often the agent asks again for a time to call back that is agreed to, but not named: "yes" to "when?". */
const MAX_CALL_BACK_REPEATS = 2;

/** Whether a "no" answers a question about a time that they named, and so refuses that time, not the call. */
const refusesNamedTime = ({ question, partial }: AgentState): boolean =>
  question !== null && question.key !== 'askCallBack' && saysTime(partial);

/** Whether a day that was agreed on before does not suit: "another day, at five". */
const rejectsDay = ({ understood, refusesDay }: Said): boolean => refusesDay || understood.intents[0] === 'neither';

/** Ends a call with somebody who asks for a person: whom one calls, and no campaign. A meeting that is booked stays, unless they cancel it. */
function handOver(context: CallContext, state: AgentState, said: Said): Step {
  const { time } = said;
  if (state.booked !== null && cancels(said))
    return need({ ...state, nextStep: line('nextPerson') }, { kind: 'cancel' });
  if (state.booked !== null)
    return end(state, 'MEETING_BOOKED', [line('passOnPerson')], { nextStep: line('nextPersonMeeting', state.booked) });
  const meant = resolveTime(time ?? NOTHING_SAID, { ...context, language: state.language });
  const at = meant.kind === 'moment' ? meant.at.toISOString() : meant.kind === 'day' ? meant.date : null;
  if (at === null) return end(state, 'CALL_BACK', [line('passOnPerson')], { nextStep: line('nextPerson') });
  return end(state, 'CALL_BACK', [line('passOnPersonAt', at)], { nextStep: line('nextPersonAt', at) });
}

const notInterested = (state: AgentState): Step =>
  end(state, 'NOT_INTERESTED', [line('notInterested')], { effects: [{ kind: 'lead', to: 'LOST' }] });

const wrongNumber = (state: AgentState): Step =>
  end(state, 'WRONG_NUMBER', [line('wrongNumber')], { nextStep: line('nextRightNumber') });

const OBJECTIONS: Partial<Record<Intent, LineKey>> = {
  who: 'who',
  robot: 'robot',
  source: 'source',
  price: 'price',
  duration: 'duration',
  provider: 'provider',
  'send-info': 'sendInfo',
};

const objectionOf = (intent: Intent | undefined): LineKey | undefined => intent && OBJECTIONS[intent];

/** Answers a question or an objection, and repeats its own question. The same objection twice counts as a no. */
function objection(state: AgentState, intent: Intent | undefined, text: string): Step | null {
  const reply = objectionOf(intent);
  if (!reply) return null;
  const stubborn = reply === 'provider' || reply === 'price' || reply === 'sendInfo';
  if (stubborn && state.answered.includes(reply) && !(reply === 'price' && asksPrice(text)))
    return notInterested(state);
  const nextStep = reply === 'sendInfo' ? line('nextSendInfo') : state.nextStep;
  const answered = { ...state, answered: [...state.answered, reply], nextStep };
  const before = [line(reply)];
  if (state.stage === 'consent' && stubborn) return ask(answered, 'qualify', line('interest'), { before });
  if (state.question?.key === 'greeting') return ask(answered, 'consent', line('mayWeTalk'), { before });
  if (state.question?.key === 'qualify') return ask(answered, 'qualify', line('interest'), { before });
  return askAgain(answered, before);
}

const asksPrice = (text: string): boolean => LANGUAGE_PACKS.some((pack) => pack.asksPrice.test(text));

function misunderstood(state: AgentState, { words }: Understanding): Step {
  // A cough is no utterance.
  if (words === 0) return wait(state);
  const missed = { ...state, misses: state.misses + 1 };
  return missed.misses > MAX_MISSES ? giveUp(missed, 'giveUp') : askAgain(missed, [line('notUnderstood')]);
}
