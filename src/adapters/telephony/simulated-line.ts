import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '#adapters/log.ts';
import type { LineFault } from '#config/telephony.ts';
import { answerOf } from './simulated-lines.ts';
import { type CallPlan, planCall } from './simulated-plan.ts';
import type {
  DialledCall,
  LineEvents,
  LineReply,
  LineReport,
  LineStatus,
  LineTurn,
  OutgoingCall,
  Telephony,
} from './telephony.ts';

/** The settings of simulated calls. */
export type SimulatedLineOptions = {
  seed: string;
  /** How many times faster than real calls they run. */
  speed: number;
  /** The faults that are injected into their events. */
  faults: readonly LineFault[];
  ringSeconds: number;
  maxSeconds: number;
};

/** How long a person thinks before they speak, and how long it takes to say a letter, in milliseconds. */
const THINKING_MS = 700;
const LETTER_MS = 60;
/** How long the line waits during silence. */
const SILENCE_MS = 5_000;
/** The delay of an event on a line with late events. */
const LATE_MS = 4_000;

type Carried = { call: OutgoingCall; status: LineStatus; at: Date; ending: AbortController };

/**
 * Returns a line without phones: each call follows its plan, in this process, which plays the lead. A call ends with the process that
 * runs it; any other process that is asked can then tell how it ended.
 */
export function createSimulatedLine(options: SimulatedLineOptions, log: Logger): Telephony {
  const carried = new Map<string, Carried>();
  const closing = new AbortController();
  let events: LineEvents | null = null;
  const planOf = ({ phone, attempt }: OutgoingCall) => planCall(options.seed, phone, attempt, options.ringSeconds);

  async function carry(call: OutgoingCall, ending: AbortController): Promise<void> {
    if (!events) throw new Error('The line is not connected.');
    const state: Carried = { call, status: 'QUEUED', at: new Date(), ending };
    carried.set(idOf(call), state);
    const line = createLineClock(options, ending.signal);
    const deliver = createDelivery(options, log);
    const report = (status: LineStatus, more: Partial<LineReport> = {}) => {
      Object.assign(state, { status, at: new Date() });
      const report = { ...reportOf(call, state), ...more };
      return deliver(() => (events as LineEvents).report(call.callId, report));
    };
    try {
      await playCall(planOf(call), call, { events, line, report, isLive: () => !ending.signal.aborted });
    } catch (error) {
      if (!ending.signal.aborted) log.error({ err: error, callId: call.callId }, 'a simulated call broke off');
    } finally {
      if (isUnder(state.status) && !closing.signal.aborted)
        await report(state.status === 'IN_PROGRESS' ? 'COMPLETED' : 'CANCELLED').catch(() => {});
      carried.delete(idOf(call));
    }
  }

  return {
    name: 'simulated',
    async createCall(call) {
      const ending = new AbortController();
      closing.signal.addEventListener('abort', () => ending.abort(), { signal: ending.signal });
      void carry(call, ending);
      return idOf(call);
    },
    async hangUp(providerCallId) {
      carried.get(providerCallId)?.ending.abort();
    },
    async fetchReport(call) {
      const state = carried.get(idOf(call));
      return state ? reportOf(call, state) : reportFallen(planOf(call), call, options.speed);
    },
    checkAccount: async () => 'good',
    connect(sink) {
      events = sink;
    },
    close: () => closing.abort(),
  };
}

const idOf = ({ callId }: OutgoingCall) => `simulated-${callId}`;

const isUnder = (status: LineStatus) => status === 'QUEUED' || status === 'RINGING' || status === 'IN_PROGRESS';

const reportOf = (call: OutgoingCall, { status, at }: Pick<Carried, 'status' | 'at'>): LineReport => ({
  providerCallId: idOf(call),
  status,
  at,
  answeredBy: null,
  durationSeconds: null,
  error: null,
});

/** The result of a call whose process has died: if it was answered, it was cut off then. */
function reportFallen(plan: CallPlan, call: DialledCall, speed: number): LineReport {
  const endedAt = new Date(call.dialledAt.getTime() + (plan.setUpMs + plan.ringMs) / speed);
  const report = reportOf(call, { status: plan.unanswered ?? 'COMPLETED', at: endedAt });
  return plan.unanswered ? report : { ...report, answeredBy: plan.answeredBy };
}

type Stage = {
  events: LineEvents;
  line: LineClock;
  report(status: LineStatus, more?: Partial<LineReport>): Promise<void>;
  isLive(): boolean;
};

async function playCall(plan: CallPlan, call: OutgoingCall, { events, line, report, isLive }: Stage): Promise<void> {
  await line.wait(plan.setUpMs);
  await report('RINGING');
  await line.wait(plan.ringMs);
  if (plan.unanswered) return report(plan.unanswered, describeFailure(plan.unanswered));
  await report('IN_PROGRESS', { answeredBy: plan.answeredBy });
  let turn: LineTurn = { callId: call.callId, turn: 0, text: null, answeredBy: plan.answeredBy };
  while (isLive() && !line.isSpent()) {
    const reply = await events.turn(turn);
    await line.wait(reply.say.length * LETTER_MS);
    if (reply.next === 'hang-up' || hasLeft(plan, turn.turn)) break;
    turn = { callId: call.callId, turn: turn.turn + 1, text: await speak(plan, reply, turn.turn + 1, line) };
  }
  await report('COMPLETED');
}

const hasLeft = ({ party, persona, leavesAfter }: CallPlan, turn: number) =>
  party === 'person' && persona === 'leaves' && turn >= leavesAfter;

async function speak(
  plan: CallPlan,
  { stage, language }: LineReply,
  turn: number,
  line: LineClock,
): Promise<string | null> {
  const text = answerOf(plan, { stage, turn, language });
  await line.wait(text === null ? SILENCE_MS : THINKING_MS + text.length * LETTER_MS);
  return text;
}

function describeFailure(status: LineStatus): Partial<LineReport> {
  if (status !== 'FAILED') return {};
  return { error: { code: 'UNREACHABLE', message: 'The number could not be reached.' } };
}

type LineClock = { wait(ms: number): Promise<void>; isSpent(): boolean };

/** The clock of a call, which is faster than real time; waiting ends with the call. */
function createLineClock({ speed, maxSeconds }: SimulatedLineOptions, signal: AbortSignal): LineClock {
  let spentMs = 0;
  return {
    async wait(ms) {
      spentMs += ms;
      await sleep(ms / speed, undefined, { signal });
    },
    isSpent: () => spentMs > maxSeconds * 1_000,
  };
}

/** Returns a function that delivers events, with the line's faults. Waits for each delivery, except for late ones. */
function createDelivery({ faults, speed }: SimulatedLineOptions, log: Logger) {
  let held: (() => Promise<void>) | null = null;
  return async (send: () => Promise<void>): Promise<void> => {
    const sends = faults.includes('doubled') ? [send, send] : [send];
    if (faults.includes('late')) {
      for (const one of sends)
        setTimeout(
          () => void one().catch((error: unknown) => log.error({ err: error }, 'a late event was lost')),
          LATE_MS / speed,
        ).unref();
      return;
    }
    if (faults.includes('shuffled') && !held) {
      held = send;
      setTimeout(() => void flush(), LATE_MS / speed).unref();
      return;
    }
    for (const one of sends) await one();
    await flush();
  };
  async function flush() {
    const last = held;
    held = null;
    await last?.();
  }
}
