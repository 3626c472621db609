import { answer } from './conversation.ts';
import { greet, hold, introduce, passGate, soundsLikeMachine, waitBehindGate } from './gatekeepers.ts';
import type { Heard } from './heard.ts';
import type { AgentEvent, AgentState, CallContext, Step } from './machine.ts';
import { continueWith, timeIn } from './scheduling.ts';
import type { LineKey } from './sentences/lines.ts';
import { sayLine } from './sentences/sentences.ts';
import { ask, askAgain, callBackSometime, end, giveUp, line, outcomeSoFar, wait } from './steps.ts';
import type { Intent } from './understanding/intent.ts';
import { plainWords, shorten } from './understanding/plain-words.ts';
import { answerToRemoval } from './understanding/refusals.ts';
import { saysNothing, type Understanding, understand } from './understanding/understand.ts';

/** The maximum number of turns in a call. */
const MAX_TURNS = 60;
/** How many times in a row the agent repeats what was not heard. */
const MAX_REPEATS = 3;
/** How many times in a row a question is asked in the same words: "yes" to "Monday or Tuesday?" is understood, but settles nothing. */
const MAX_ASKED_AGAIN = 4;

/**
 * Returns what the agent does next in a call: a pure function of state and event, without a clock, a database or a model. If the step has a
 * need, it is called again with the result.
 */
export function respond(context: CallContext, state: AgentState, event: AgentEvent): Step {
  const step = react(context, state, event);
  if (step.state.askedAgain <= MAX_ASKED_AGAIN || step.next === 'hang-up') return step;
  const last = step.state.stage === 'call-back' ? callBackSometime(step.state) : giveUp(step.state, 'giveUp');
  return { ...last, effects: [...step.effects, ...last.effects] };
}

function react(context: CallContext, state: AgentState, event: AgentEvent): Step {
  switch (event.kind) {
    case 'answered':
      return begin({ ...state, party: event.by }, context);
    case 'hung-up':
      return hangUp(state);
    case 'silence':
      return hearSilence(state);
    case 'speech':
      return hear(context, state, event, true);
    case 'interrupted':
      return hear(context, state, event, wasHeard(state, event, context));
    default:
      return continueWith(state, event, context);
  }
}

function begin(state: AgentState, context: CallContext): Step {
  if (state.party === 'SCREENER') return introduce(state);
  // What was taken for a voicemail may be a screener, or a person: its first words tell.
  return state.party === 'HOLD' || state.party === 'VOICEMAIL' ? hold(state) : greet(state, context);
}

/** Says nothing more; the outcome so far stays. */
function hangUp(state: AgentState): Step {
  const outcome = outcomeSoFar(state);
  const followUp = outcome === 'INTERESTED' && !state.nextStep ? { nextStep: line('nextFollowUp') } : {};
  return end(state, outcome, [], followUp);
}

/** Two reprompts, then a polite end. Silence after the question whether to call again counts as a refusal. */
function hearSilence(state: AgentState): Step {
  if (state.stage === 'ended') return end(state, outcomeSoFar(state), []);
  if (state.stage === 'gate') return waitBehindGate(state);
  if (state.stage === 'booked') return end(state, 'MEETING_BOOKED', [line('goodbye')]);
  if (state.stage === 'refusal') return refuse(state);
  const silent = { ...state, silences: state.silences + 1 };
  if (silent.silences > 2) return giveUp(silent, 'silenceEnd');
  return askAgain(silent, [line(silent.silences === 1 ? 'stillThere' : 'inaudible')]);
}

/** Whether the essential lines were said before the agent was interrupted. */
function wasHeard(state: AgentState, { heardText }: Extract<Heard, { kind: 'interrupted' }>, context: CallContext) {
  const heard = bare(heardText);
  // It is unknown which of a model's words are essential, so all of them are.
  if (state.phrased) return heard.includes(bare(state.phrased));
  return state.said
    .filter(({ key }) => state.essential.includes(key))
    .every((essential) => heard.includes(bare(sayLine(state.language, essential, context.names, context))));
}

const bare = (text: string) =>
  plainWords(text)
    .replace(/ [,?](?= )/g, '')
    .trim();

type Utterance = Extract<Heard, { text: string }>;

function hear(context: CallContext, before: AgentState, utterance: Utterance, heard: boolean): Step {
  const text = shorten(utterance.text);
  const understood = understand(text, utterance.meaning, context.names.lead);
  const state: AgentState = {
    ...before,
    silences: 0,
    turns: before.turns + 1,
    language: understood.language ?? before.language,
  };
  if (understood.refusal === 'clear') return refuse(state);
  if (state.stage === 'ended') return end(state, outcomeSoFar(state), []);
  if (state.turns > MAX_TURNS) return giveUp(state, 'giveUp');
  if (state.stage === 'gate') return passGate(state, understood, context);
  if (state.stage === 'consent' && soundsLikeMachine(understood)) return passGate(state, understood, context);
  if (state.stage === 'refusal') return settleRefusal(state, understood, text);
  if (understood.refusal === 'unsure') return askRefusal(state);
  const said = timeIn(text, context);
  if (!heard && needsHearing(understood, said.time !== null) && !saidOften(state)) return sayAgain(state);
  if (state.language !== before.language && state.stage === 'consent') return greet(state, context);
  const reached = { ...state, repeats: 0, party: 'PERSON' as const };
  const step = answer(context, reached, { ...said, understood, text, heard });
  if (step.state.outcome === 'WRONG_NUMBER') return step;
  return { ...step, effects: [{ kind: 'lead', to: 'CONTACTED' }, ...step.effects] };
}

/** Whether it was the greeting, which some people never let anybody finish: it is repeated once at most. */
const saidOften = ({ question, repeats }: AgentState) => question?.key === 'greeting' && repeats > 0;

/** Whether an answer only has a meaning to somebody who has heard the question: "yes", but not "call me tomorrow". */
function needsHearing({ intents }: Understanding, namesTime: boolean): boolean {
  if (namesTime) return false;
  const [intent] = intents;
  return !intent || NEEDING_QUESTION.includes(intent);
}

const NEEDING_QUESTION: readonly Intent[] = [
  'yes',
  'no',
  'maybe',
  'hello',
  'first',
  'second',
  'neither',
  'any',
  'bye',
  'wait',
  'repeat',
  'when',
  'go-on',
];

function sayAgain(state: AgentState): Step {
  const repeated = { ...state, repeats: state.repeats + 1 };
  if (repeated.repeats > MAX_REPEATS) return giveUp(repeated, 'giveUp');
  const essential = state.said.filter(({ key }) => state.essential.includes(key));
  const step = wait(repeated, essential);
  return { ...step, state: { ...step.state, essential: state.essential } };
}

/** Refuses the number at once, and for good. */
function refuse(state: AgentState): Step {
  return end({ ...state, party: 'PERSON', callBackAt: null }, 'DO_NOT_CALL', [line('refused')], {
    effects: [{ kind: 'refuse' }],
  });
}

/** Asks once. Anything but "no", or a request to repeat or to wait, then counts as a refusal. */
const askRefusal = (state: AgentState): Step => interrupt({ ...state, resume: state.stage }, 'askRefusal');

/** Asks about a refusal, and keeps the question that it interrupts. */
function interrupt(state: AgentState, question: LineKey): Step {
  const asked = ask(state, 'refusal', line(question));
  return { ...asked, state: { ...asked.state, question: state.question } };
}

/**
 * "I don't want" is asked about once more: it may be the calls that they do not want, or that they are taken off. So is "yes, leave me there".
 */
function settleRefusal(state: AgentState, understood: Understanding, text: string): Step {
  const [intent] = understood.intents;
  const answered = answerToRemoval(plainWords(text));
  const isUnsure = understood.refusal === 'unsure';
  const saysYes = understood.intents.includes('yes') && !understood.intents.includes('no');
  if (answered !== 'stays' && (isUnsure || saysYes)) return refuse(state);
  if (answered === 'declines' || (answered === 'stays' && (isUnsure || intent === 'yes'))) {
    const isSecond = state.said.some(({ key }) => key === 'confirmRefusal');
    return isSecond ? refuse(state) : interrupt(state, 'confirmRefusal');
  }
  const keeps = intent === 'no' || intent === 'repeat' || intent === 'wait' || understood.intents.includes('no');
  if (answered !== 'stays' && (!keeps || saysNothing(understood))) return refuse(state);
  return askAgain({ ...state, stage: state.resume ?? 'consent', resume: null });
}
