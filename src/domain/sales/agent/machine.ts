import type { CallDirection, CallOutcome, CallParty, LeadStatus } from '#generated/prisma/enums.ts';
import type { Heard } from './heard.ts';
import type { AgentLanguage } from './languages/tags.ts';
import type { Line, LineKey, Names } from './sentences/lines.ts';
import type { TimeTeller } from './sentences/say-time.ts';
import type { DayPart, HourBounds, SpokenTime } from './times/spoken-time.ts';

/** The stage of a call. gate: no person has answered yet. refusal: the agent is asking whether it may call again. */
export type Stage = 'gate' | 'consent' | 'qualify' | 'times' | 'confirm' | 'booked' | 'call-back' | 'refusal' | 'ended';

/** The state of a call between turns, stored as JSON. Times are in UTC. */
export type AgentState = {
  stage: Stage;
  language: AgentLanguage;
  party: CallParty;
  /** Consecutive silences. */
  silences: number;
  /** Consecutive utterances that were not understood. */
  misses: number;
  /** For how many turns the agent has waited for a person. */
  waits: number;
  turns: number;
  /** How many times in a row the agent has repeated what was not heard. */
  repeats: number;
  /** How many times in a row the question was asked in the same words. */
  askedAgain: number;
  /**
   * What was said last. The answer depends on the `essential` lines of it: an answer from somebody who did not hear them does not count.
   */
  said: Line[];
  /** The model's words that were said instead; null if it was said as written. */
  phrased: string | null;
  essential: LineKey[];
  /** The pending question. */
  question: Line | null;
  /** The stage that the question about a refusal interrupted. */
  resume: Stage | null;
  /** Whether they would like to hear more. */
  interested: boolean;
  /** The objections that were answered. */
  answered: LineKey[];
  /** The times that were offered for a meeting. */
  offered: string[];
  /** The time that is being confirmed. */
  proposed: string | null;
  booked: string | null;
  /** What is known so far of a time that is being asked for. */
  partial: SpokenTime;
  outcome: CallOutcome | null;
  nextStep: Line | null;
  callBackAt: string | null;
};

/** What the agent knows about a call. */
export type CallContext = TimeTeller & {
  names: Names;
  direction: CallDirection;
  /** The language that the lead is known to speak. */
  language: AgentLanguage;
  now: Date;
  /** Whether a campaign calls the lead again at the time that they name; otherwise it is passed on to the owner. */
  callsAgain: boolean;
  /** Whether a time is within the owner's hours for meetings. */
  isOpen(at: Date): boolean;
};

/** What a turn has to look up or do before anything can be said. */
export type Need =
  /** The owner's next free times, in general, from a day on, or on a day. */
  | { kind: 'times'; on: string | null; from?: string | null; part: DayPart | null; bounds?: HourBounds | null }
  /** Whether a meeting can be held at a time. */
  | { kind: 'check'; at: string }
  /** Books a meeting at a time, or moves the one that this call has already booked. */
  | { kind: 'book'; at: string }
  | { kind: 'cancel' }
  /** Whether the lead may be called at a moment, or on a day. */
  | { kind: 'call-time'; at: string };

/** The result of a need. */
export type Fulfilled =
  | { kind: 'times'; on: string | null; times: string[] }
  | { kind: 'free'; at: string }
  /** Not possible then; `times` are the next possible ones. */
  | { kind: 'taken' | 'closed'; times: string[] }
  /** Stored in the database, at this time. */
  | { kind: 'booked'; at: string }
  | { kind: 'cancelled' }
  /** The first moment or day from the named one on at which calls are made: itself if they are then; null if there is none. */
  | { kind: 'call-time'; named: string; at: string | null };

export type AgentEvent = Heard | Fulfilled;

/** A side effect of a turn: the number is put on the do-not-call list, or the lead's status changes. */
export type Effect = { kind: 'refuse' } | { kind: 'lead'; to: LeadStatus };

/** One step of the state machine. With a `need`, its words depend on the result of that. */
export type Step = {
  state: AgentState;
  say: Line[];
  next: 'listen' | 'hang-up';
  effects: Effect[];
  need: Need | null;
};
