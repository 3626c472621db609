import { isDeepStrictEqual } from 'node:util';
import { settleCallBack } from './call-backs.ts';
import { dateOf, dayOf } from './local-days.ts';
import type { AgentState, CallContext, Fulfilled, Need, Step } from './machine.ts';
import type { Line } from './sentences/lines.ts';
import { ask, askAgain, end, line, need } from './steps.ts';
import { parseTime } from './times/parse-time.ts';
import { type Resolution, resolveTime } from './times/resolve-time.ts';
import {
  type Away,
  completeTime,
  isLimited,
  isWithin,
  NOTHING_SAID,
  type SpokenTime,
  saysTime,
} from './times/spoken-time.ts';

/** What an utterance says of a time. */
export type TimeSaid = {
  /** The time that it names; null if it names none. */
  time: SpokenTime | null;
  /** Whether it names a time because it does not suit, and whether that is a day. */
  refusesTime: boolean;
  refusesDay: boolean;
  /** The week or month that does not suit, if one was named. */
  away: Away | null;
};

/** Returns what an utterance says of a time. */
export function timeIn(text: string, context: CallContext): TimeSaid {
  const said = parseTime(text, context);
  const { refuses = false, refusesDay = false, away = null } = said;
  return { time: saysTime(said) ? said : null, refusesTime: refuses, refusesDay, away };
}

/** Offers the next free times. */
export const offerTimes = (state: AgentState, away: Away | null = null): Step =>
  need({ ...state, partial: { ...NOTHING_SAID, away }, proposed: null }, { kind: 'times', on: null, part: null }, [
    { kind: 'lead', to: 'QUALIFIED' },
  ]);

/** Asks for confirmation of a time, if a meeting can be held then. */
export const propose = (state: AgentState, at: string): Step => need(state, { kind: 'check', at });

/** Continues with what was said about the time of the meeting, combined with what is already known of it. */
export function schedule(state: AgentState, said: SpokenTime, context: CallContext): Step {
  const offered = offeredBy(state, said, context);
  if (offered) return propose(state, offered);
  const partial = completeTime(said, state.partial);
  const resolution = resolveTime(partial, { ...context, language: state.language });
  const known = { ...state, partial };
  if (namesSeveral(said) && isDeepStrictEqual(readingsOf(resolution), state.offered)) return choose(known, 0, context);
  const forgotten = { ...state, partial: NOTHING_SAID, proposed: null };
  switch (resolution.kind) {
    case 'moment':
      return propose(known, resolution.at.toISOString());
    case 'moments':
      return askWhich(
        known,
        resolution.readings.map((at) => at.toISOString()),
      );
    case 'days':
      return askWhich(known, resolution.readings);
    case 'day':
      return need(known, { kind: 'times', on: resolution.date, part: resolution.part, bounds: partial.bounds ?? null });
    case 'clock':
      return askTimes({ ...known, proposed: null }, line('askDay'));
    case 'past':
      return askTimes(forgotten, line('askTime'), [line('past')]);
    case 'nothing':
      if (limitsOffers(partial)) return need(known, offersWithin(partial));
      return askTimes({ ...known, proposed: null }, line('askTime'));
  }
}

/** What is said before the first question about times to somebody who named one before a meeting was spoken of. */
const introduction = ({ stage }: AgentState): Line[] => (stage === 'consent' ? [line('aboutMeeting')] : []);

const askTimes = (state: AgentState, question: Line, before: Line[] = []): Step =>
  ask(state, 'times', question, { before: [...introduction(state), ...before] });

/** Whether only some of the times that can be offered suit. */
const limitsOffers = (said: SpokenTime): boolean => isLimited(said) || (said.notBefore ?? null) !== null;

const offersWithin = ({ part, bounds = null, notBefore = null }: SpokenTime): Need => ({
  kind: 'times',
  on: null,
  from: notBefore,
  part,
  bounds,
});

/** Asks which of two readings is meant; the answer then chooses between them. */
const askWhich = (state: AgentState, readings: string[]): Step =>
  askTimes({ ...state, offered: readings, proposed: null }, line('either', ...readings));

/** Chooses one of the two that were named: a time, or a day whose time is still open. */
export function choose(state: AgentState, index: number, context: CallContext): Step {
  const chosen = state.offered[index];
  if (chosen === undefined) return askAgain(state);
  if (chosen.includes('T')) return propose(state, chosen);
  const [year, month, day] = chosen.split('-').map(Number) as [number, number, number];
  return schedule({ ...state, offered: [] }, { ...state.partial, days: [{ kind: 'date', year, month, day }] }, context);
}

/** Returns the offered time that an answer such as "the ten o'clock" or "Monday" means. */
function offeredBy(state: AgentState, said: SpokenTime, context: CallContext): string | null {
  const fitting = state.offered.filter((at) => at.includes('T') && fits(at, said, state, context));
  const isChosen = fitting.length === 1 || namesSeveral(said);
  return isChosen && state.stage === 'times' ? (fitting[0] ?? null) : null;
}

/** "Monday or Tuesday" leaves the choice to the agent, where both were offered. */
const namesSeveral = ({ days, clocks }: SpokenTime): boolean => days.length > 1 || clocks.length > 1;

function readingsOf(resolution: Resolution): string[] {
  if (resolution.kind === 'days') return resolution.readings;
  return momentsOf(resolution).map((at) => at.toISOString());
}

/** Whether what was said of a time is no more than one that was offered, such as its day: a moment, or a day. */
export function isSameTime(at: string, said: SpokenTime, state: AgentState, context: CallContext): boolean {
  if (at.includes('T')) return fits(at, said, state, context);
  const resolution = resolveTime(said, { ...context, language: state.language });
  return resolution.kind === 'day' && resolution.date === at && !isLimited(said);
}

function fits(at: string, said: SpokenTime, state: AgentState, context: CallContext): boolean {
  if (said.inMinutes !== null) return false;
  if (said.notBefore && dateOf(at, context) < said.notBefore) return false;
  const days = said.days.length > 0 ? said.days : [dayOf(at, context)];
  const local = localTime(at, context);
  const isOfPart = partOf(local.hour) === said.part;
  const { bounds = null } = said;
  if (!isWithin({ ...local, half: local.hour < 12 ? 'am' : 'pm' }, bounds)) return false;
  if (said.clocks.length === 0 && said.days.length === 0) return isOfPart || (said.part === null && bounds !== null);
  if (said.clocks.length === 0 && said.part !== null && !isOfPart) return false;
  const clocks =
    said.clocks.length > 0 ? said.clocks : [{ ...local, half: local.hour < 12 ? ('am' as const) : ('pm' as const) }];
  const resolution = resolveTime(
    { days, clocks, part: said.part, inMinutes: null, notBefore: said.notBefore ?? state.partial.notBefore ?? null },
    { ...context, language: state.language },
  );
  return momentsOf(resolution).some((moment) => moment.toISOString() === at);
}

const momentsOf = (resolution: Resolution): Date[] =>
  resolution.kind === 'moment' ? [resolution.at] : resolution.kind === 'moments' ? resolution.readings : [];

const partOf = (hour: number) => (hour < 12 ? 'morning' : hour < 17 ? 'afternoon' : 'evening');

function localTime(at: string, { zone }: CallContext) {
  const [hour, minute] = new Date(at).toLocaleTimeString('sv-SE', { timeZone: zone }).split(':').map(Number);
  return { hour: hour as number, minute: minute as number };
}

/** Continues with the result of what a turn needed. */
export function continueWith(state: AgentState, event: Fulfilled, context: CallContext): Step {
  switch (event.kind) {
    case 'times':
      return event.on === null && !limitsOffers(state.partial)
        ? offer(state, event.times, [])
        : offerOn(state, event.times);
    case 'free':
      return confirm(state, event.at, context);
    case 'taken':
    case 'closed':
      return offer({ ...state, proposed: null, partial: NOTHING_SAID }, event.times, [event.kind]);
    case 'booked':
      return tellBooked(state, event.at, context);
    case 'call-time':
      return settleCallBack(context, state, event);
    case 'cancelled':
      return tellCancelled({ ...state, booked: null });
  }
}

/** Ends a call in which the meeting was cancelled, maybe by somebody who asks for a person instead. */
function tellCancelled(state: AgentState): Step {
  if (state.nextStep?.key === 'nextPerson') return end(state, 'CALL_BACK', [line('cancelledForPerson')]);
  return end({ ...state, nextStep: null }, 'NOT_INTERESTED', [line('cancelled')]);
}

/** Asks for confirmation of a time. If only the time of day is corrected then, the day stays. */
function confirm(state: AgentState, at: string, context: CallContext): Step {
  const partial = { ...NOTHING_SAID, days: [dayOf(at, context)], clocks: [clockOf(at, context)] };
  const before = introduction(state);
  return ask({ ...state, proposed: at, partial, offered: [] }, 'confirm', line('confirm', at), {
    before,
    essential: before.map(({ key }) => key),
  });
}

function clockOf(at: string, context: CallContext) {
  const { hour, minute } = localTime(at, context);
  return { hour, minute, half: hour < 12 ? ('am' as const) : ('pm' as const) };
}

function offer(state: AgentState, times: string[], before: ('taken' | 'closed')[]): Step {
  const lines = before.map((key) => line(key));
  const [first, second] = times;
  if (!first) return end(state, 'INTERESTED', [...lines, line('offerNone')], { nextStep: line('nextFollowUp') });
  const offered = { ...state, offered: times.slice(0, 2) };
  const question = second ? line('offerTwo', first, second) : line('offerOne', first);
  return askTimes(offered, question, lines);
}

/** Offers times on a named day, or asks for another day if it has none. */
function offerOn(state: AgentState, times: string[]): Step {
  if (times.length > 0) return offer({ ...state, partial: { ...state.partial, part: null } }, times, []);
  return askTimes({ ...state, partial: NOTHING_SAID, offered: [] }, line('askTime'), [line('closed')]);
}

/** The only place that announces a booking, which is then stored in the database. If only an hour is said after it, the day stays. */
function tellBooked(state: AgentState, at: string, context: CallContext): Step {
  const booked = {
    ...state,
    booked: at,
    proposed: null,
    partial: { ...NOTHING_SAID, days: [dayOf(at, context)] },
    outcome: 'MEETING_BOOKED' as const,
    nextStep: line('nextMeeting', at),
  };
  return ask(booked, 'booked', line('anythingElse'), { before: [line('booked', at)], essential: ['booked'] });
}
