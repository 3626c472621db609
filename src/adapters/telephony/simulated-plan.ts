import { createHash } from 'node:crypto';
import type { AnsweredBy, LineStatus } from './telephony.ts';

/** How somebody who answers behaves. */
export type Persona = 'books' | 'calls-back' | 'not-interested' | 'refuses' | 'wrong-number' | 'silent' | 'leaves';

/** The course of a simulated call, as far as it does not depend on what the agent says. */
export type CallPlan = {
  /** Milliseconds from the beginning to the ringing, and from there to the answer or the end. */
  setUpMs: number;
  ringMs: number;
  /** How a call ends that nobody answers; null if somebody does. */
  unanswered: Extract<LineStatus, 'BUSY' | 'NO_ANSWER' | 'FAILED'> | null;
  answeredBy: AnsweredBy;
  /** Who answers the call. */
  party: 'person' | 'voicemail' | 'screener' | 'hold';
  persona: Persona;
  /** After how many turns a lead who hangs up in the middle does so. */
  leavesAfter: number;
};

type Weighted<T> = readonly (readonly [weight: number, value: T])[];

const OUTCOMES: Weighted<CallPlan['unanswered'] | CallPlan['party']> = [
  [58, 'person'],
  [12, 'voicemail'],
  [3, 'screener'],
  [2, 'hold'],
  [8, 'BUSY'],
  [14, 'NO_ANSWER'],
  [3, 'FAILED'],
];

const PERSONAS: Weighted<Persona> = [
  [40, 'books'],
  [15, 'calls-back'],
  [20, 'not-interested'],
  [5, 'refuses'],
  [5, 'wrong-number'],
  [5, 'silent'],
  [10, 'leaves'],
];

/** Returns the course of the call, which is always the same for a seed, a number and an attempt. */
export function planCall(seed: string, phone: string, attempt: number, ringSeconds: number): CallPlan {
  const draw = createDraw(`${seed} ${phone} ${attempt}`);
  const outcome = pick(OUTCOMES, draw());
  const unanswered = outcome === 'BUSY' || outcome === 'NO_ANSWER' || outcome === 'FAILED' ? outcome : null;
  const party = unanswered ? 'person' : (outcome as CallPlan['party']);
  const persona = pick(PERSONAS, draw());
  const ring = draw();
  return {
    setUpMs: Math.round(500 + draw() * 1_500),
    ringMs:
      unanswered === 'NO_ANSWER'
        ? ringSeconds * 1_000
        : Math.round(1_000 + ring * Math.min(15, ringSeconds - 2) * 1_000),
    unanswered,
    party,
    persona,
    answeredBy: answeredBy(party, draw()),
    leavesAfter: 1 + Math.floor(draw() * 4),
  };
}

/** Answering-machine detection returns "unknown" for some people. */
function answeredBy(party: CallPlan['party'], chance: number): AnsweredBy {
  if (chance < 0.15) return 'UNKNOWN';
  return party === 'person' || party === 'hold' ? 'HUMAN' : 'MACHINE';
}

function pick<T>(choices: Weighted<T>, chance: number): T {
  let left = chance * choices.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, value] of choices) {
    left -= weight;
    if (left < 0) return value;
  }
  return (choices.at(-1) as (typeof choices)[number])[1];
}

/** Returns a generator of numbers from 0 to 1, the same ones for the same text. */
function createDraw(text: string): () => number {
  const bytes = createHash('sha256').update(text).digest();
  let offset = 0;
  return () => {
    const value = bytes.readUInt32BE(offset) / 2 ** 32;
    offset = (offset + 4) % bytes.length;
    return value;
  };
}
