import { CALL_BACK_WITHIN_MS, earliestOn, laterToday } from './call-back-times.ts';
import { dayOf } from './local-days.ts';
import type { AgentState, CallContext, Fulfilled, Step } from './machine.ts';
import { ask, callBackSometime, end, line, need } from './steps.ts';
import { resolveTime } from './times/resolve-time.ts';
import { type Away, completeTime, isLimited, NOTHING_SAID, type SpokenTime } from './times/spoken-time.ts';

export const askCallBack = (state: AgentState, away: Away | null = null): Step =>
  ask({ ...state, partial: { ...NOTHING_SAID, away } }, 'call-back', line('askCallBack'));

/** Agrees on a time to call back if one was named; otherwise asks for it, once. */
export function callBackAt(context: CallContext, state: AgentState, time: SpokenTime | null): Step {
  const partial = completeTime(time ?? NOTHING_SAID, state.stage === 'call-back' ? state.partial : NOTHING_SAID);
  const meant = resolveTime(partial, { ...context, language: state.language });
  const asking = { ...state, partial };
  const asked = state.stage === 'call-back';
  if (meant.kind === 'moment') return agreeOnCallBack(context, asking, meant.at.toISOString());
  if (meant.kind === 'day' && (asked || isLimited(partial))) return agreeOnCallBack(context, asking, meant.date);
  if (meant.kind === 'day') return ask(asking, 'call-back', line('askHour', meant.date));
  if (meant.kind === 'clock') return ask(asking, 'call-back', line('askDay'));
  if (meant.kind === 'moments')
    return ask(asking, 'call-back', line('either', ...meant.readings.map((at) => at.toISOString())));
  if (meant.kind === 'days') return ask(asking, 'call-back', line('either', ...meant.readings));
  const { bounds, notBefore } = partial;
  if (meant.kind === 'nothing' && notBefore && (isLimited(partial) || (asked && !time)))
    return agreeOnCallBack(context, asking, notBefore);
  if (meant.kind === 'nothing' && notBefore) return ask(asking, 'call-back', line('askDay'));
  const today = bounds && laterToday(bounds, context);
  if (meant.kind === 'nothing' && today) return agreeOnCallBack(context, asking, today);
  if (meant.kind === 'nothing' && time && isLimited(time)) return ask(asking, 'call-back', line('askDay'));
  return asked ? callBackSometime(asking) : ask(asking, 'call-back', line('askCallBack'));
}

/**
 * Agrees on a call back at a moment or on a day, if calls are made then. Asks again if the hours that suit are over. Nobody knows yet when
 * calls are made so far ahead that no campaign makes them.
 */
export function agreeOnCallBack(context: CallContext, state: AgentState, named: string): Step {
  const at = named.includes('T') ? named : earliestOn(named, state.partial, context);
  if (at === null) return askCallBack(state);
  return isAhead(at, context) ? need(state, { kind: 'call-time', at }) : endWithCallBack(context, state, at);
}

/** Whether a time is so near that a campaign calls then. */
const isAhead = (at: string, { now }: CallContext): boolean => Date.parse(at) <= now.getTime() + CALL_BACK_WITHIN_MS;

type CallTime = Extract<Fulfilled, { kind: 'call-time' }>;

/** Ends the call with the call back that was asked for, or offers the first one after it if no calls are made then. */
export function settleCallBack(context: CallContext, state: AgentState, { named, at }: CallTime): Step {
  if (at === null) return endWithCallBack({ ...context, callsAgain: false }, state, named);
  if (at === named) return endWithCallBack(context, state, named);
  const partial = { ...NOTHING_SAID, days: [dayOf(at, context)] };
  return ask({ ...state, partial }, 'call-back', line('offerCallBack', at));
}

/** Ends the call with a call back at a moment or on a day: promised if a campaign makes it, else passed on to the owner. */
export function endWithCallBack(context: CallContext, state: AgentState, at: string): Step {
  const exact = at.includes('T');
  const agreed = { ...state, callBackAt: exact ? at : null };
  const promise = exact ? 'callBackAt' : 'callBackOn';
  const passOn = exact ? 'passOnCallBackAt' : 'passOnCallBackOn';
  const last = line(context.callsAgain && isAhead(at, context) ? promise : passOn, at);
  return end(agreed, 'CALL_BACK', [last], { nextStep: line('nextCallBack', at) });
}
