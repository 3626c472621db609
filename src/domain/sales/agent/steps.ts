import { isDeepStrictEqual } from 'node:util';
import type { CallOutcome } from '#generated/prisma/enums.ts';
import type { AgentLanguage } from './languages/tags.ts';
import type { AgentState, Effect, Need, Stage, Step } from './machine.ts';
import type { Line, LineKey } from './sentences/lines.ts';
import { NOTHING_SAID } from './times/spoken-time.ts';

/** Returns the state of a call in which nothing was said yet. */
export function initialState(language: AgentLanguage): AgentState {
  return {
    stage: 'consent',
    language,
    party: 'UNKNOWN',
    silences: 0,
    misses: 0,
    waits: 0,
    turns: 0,
    repeats: 0,
    askedAgain: 0,
    said: [],
    phrased: null,
    essential: [],
    question: null,
    resume: null,
    interested: false,
    answered: [],
    offered: [],
    proposed: null,
    booked: null,
    partial: NOTHING_SAID,
    outcome: null,
    nextStep: null,
    callBackAt: null,
  };
}

export const line = (key: LineKey, ...times: string[]): Line => ({ key, times });

/** Says something and asks a question, in a stage. The answer depends on the question and on the `essential` lines. */
export function ask(
  state: AgentState,
  stage: Stage,
  question: Line,
  { before = [], essential = [], effects = [] }: { before?: Line[]; essential?: LineKey[]; effects?: Effect[] } = {},
): Step {
  const say = [...before, question];
  const askedAgain = isDeepStrictEqual(question, state.question) ? state.askedAgain + 1 : 0;
  const asked = { ...state, stage, question, askedAgain, said: say, essential: [...essential, question.key] };
  return { state: asked, say, next: 'listen', effects, need: null };
}

/** Repeats the last question. */
export function askAgain(state: AgentState, before: Line[] = []): Step {
  return state.question ? ask(state, state.stage, state.question, { before }) : wait(state, before);
}

/** Says something, or nothing, and keeps listening. */
export function wait(state: AgentState, say: Line[] = []): Step {
  return { state: { ...state, said: say, essential: [] }, say, next: 'listen', effects: [], need: null };
}

/** Says the last words of a call, and ends it. An outcome that is already known stays. */
export function end(
  state: AgentState,
  outcome: CallOutcome,
  last: Line[],
  { nextStep, effects = [] }: { nextStep?: Line; effects?: Effect[] } = {},
): Step {
  const ended = {
    ...state,
    stage: 'ended' as const,
    outcome,
    nextStep: nextStep ?? state.nextStep,
    said: last,
    essential: [],
  };
  return { state: ended, say: last, next: 'hang-up', effects, need: null };
}

/** Leaves what to say to the result of a need. */
export const need = (state: AgentState, what: Need, effects: Effect[] = []): Step => ({
  state,
  say: [],
  next: 'listen',
  effects,
  need: what,
});

/** Returns the outcome of a call if it ended now. */
export function outcomeSoFar({ booked, interested, outcome }: AgentState): CallOutcome {
  if (outcome) return outcome;
  return booked ? 'MEETING_BOOKED' : interested ? 'INTERESTED' : 'NO_OUTCOME';
}

/** Ends a call with somebody who would like to be called back, and named no time. */
export const callBackSometime = (state: AgentState): Step =>
  end(state, 'CALL_BACK', [line('callBackSometime')], { nextStep: line('nextCallBackSometime') });

/** Ends a call in which the two sides do not understand, or hear, each other. If the lead was interested, a person follows up. */
export function giveUp(state: AgentState, last: LineKey): Step {
  const outcome = outcomeSoFar(state);
  if (outcome !== 'INTERESTED') return end(state, outcome, [line(outcome === 'MEETING_BOOKED' ? 'goodbye' : last)]);
  return end(state, outcome, [line(last === 'giveUp' ? 'followUp' : last)], { nextStep: line('nextFollowUp') });
}
