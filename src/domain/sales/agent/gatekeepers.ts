import type { AgentState, CallContext, Step } from './machine.ts';
import { ask, end, line, wait } from './steps.ts';
import type { Intent } from './understanding/intent.ts';
import { saysNothing, type Understanding } from './understanding/understand.ts';

/** How many turns to wait for a screener, or on hold. */
const MAX_WAITS = 4;
/** How often to introduce the agent to a screener. */
const MAX_INTRODUCTIONS = 2;

/** Begins to speak with a person, or with what may be one. */
export function greet(state: AgentState, { direction }: CallContext): Step {
  if (direction === 'INBOUND') return ask(state, 'qualify', line('inboundGreeting'));
  return ask(state, 'consent', line('greeting'));
}

/** Leaves a short message, because whoever hears it later cannot answer. */
const leaveMessage = (state: AgentState): Step =>
  end({ ...state, party: 'VOICEMAIL' }, 'VOICEMAIL', [line('voicemail')]);

/** Says in one sentence who calls and why, and waits for a person. */
export const introduce = (state: AgentState): Step =>
  wait({ ...state, stage: 'gate', party: 'SCREENER', waits: state.waits + 1 }, [line('screener')]);

/** Waits silently. */
export function hold(state: AgentState): Step {
  if (state.waits >= MAX_WAITS) return end(state, 'NO_OUTCOME', []);
  return wait({ ...state, stage: 'gate', waits: state.waits + 1 });
}

const MACHINES: readonly Intent[] = ['voicemail', 'screener', 'hold'];

/** Whether the utterance is that of a machine. */
export const soundsLikeMachine = ({ intents }: Understanding): boolean =>
  intents.some((intent) => MACHINES.includes(intent));

/** The maximum number of words of a person who answers; recorded greetings are longer. */
const SHORT = 4;
/** The number of words from which an utterance may be an announcement. */
const LONG = 6;

/** Responds to a machine, or to a person who may have come on the line after one. */
export function passGate(state: AgentState, understood: Understanding, context: CallContext): Step {
  const [intent] = understood.intents;
  if (intent === 'voicemail') return leaveMessage(state);
  if (intent === 'screener' || (intent === 'who' && state.party !== 'PERSON'))
    return state.party !== 'SCREENER' || state.waits < MAX_INTRODUCTIONS ? introduce(state) : hold(state);
  if (intent === 'hold') return hold({ ...state, party: 'HOLD' });
  if (intent === 'wait') return hold(state);
  if (state.party === 'VOICEMAIL' && understood.words > SHORT) return leaveMessage(state);
  if (saysNothing(understood) && state.party !== 'UNKNOWN' && understood.words > LONG) return hold(state);
  return greet({ ...state, party: 'PERSON', waits: 0 }, context);
}

/** Keeps waiting at a machine. A silent voicemail is recording. */
export const waitBehindGate = (state: AgentState): Step =>
  state.party === 'VOICEMAIL' ? leaveMessage(state) : hold(state);
