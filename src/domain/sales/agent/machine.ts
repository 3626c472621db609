import type { CallDirection, CallOutcome, CallParty, LeadStatus } from '#generated/prisma/enums.ts';
import type { Heard } from './heard.ts';
import type { AgentLanguage } from './languages/tags.ts';
import type { Line, LineKey, Names } from './sentences/lines.ts';
import type { TimeTeller } from './sentences/say-time.ts';
import type { DayPart, SpokenTime } from './times/spoken-time.ts';

/** Where the agent is in a call. GATE: what answered is no person yet. REFUSAL: whether to be called again is being asked. */
export type Stage = 'gate' | 'consent' | 'qualify' | 'times' | 'confirm' | 'booked' | 'call-back' | 'refusal' | 'ended';

/** What is kept of a call between its turns, as JSON. Times are in UTC. */
export type AgentState = {
  stage: Stage;
  language: AgentLanguage;
  party: CallParty;
  /** Silences, and utterances without a sense, in a row. */
  silences: number;
  misses: number;
  /** How long something that is no person was waited for, in turns. */
  waits: number;
  turns: number;
  /** How often what was not heard was said again, in a row. */
  repeats: number;
  /** How often the question was asked again in the same words, in a row. */
  askedAgain: number;
  /** What was said last, and of it what the answer rests on: an answer of somebody who did not hear it is none. */
  said: Line[];
  /** The words of a model that were said for it; null where it was said as it is written. */
  phrased: string | null;
  essential: LineKey[];
  /** What is being asked. */
  question: Line | null;
  /** The stage that the question of a refusal interrupted. */
  resume: Stage | null;
  /** Whether they would like to hear more. */
  interested: boolean;
  /** Objections that were answered. */
  answered: LineKey[];
  /** Meetings that were offered, and the one that is being confirmed. */
  offered: string[];
  proposed: string | null;
  booked: string | null;
  /** What is known of a time that is being asked for. */
  partial: SpokenTime;
  outcome: CallOutcome | null;
  nextStep: Line | null;
  callBackAt: string | null;
};

/** What the agent knows of a call. */
export type CallContext = TimeTeller & {
  names: Names;
  direction: CallDirection;
  /** The language that the lead is known to speak. */
  language: AgentLanguage;
  now: Date;
  /** Whether a campaign calls the lead again at the time that they name; else it is passed on. */
  callsAgain: boolean;
  /** Whether it is within the hours at which its owner meets people. */
  isOpen(at: Date): boolean;
};

/** What a turn needs to know, or do, before it can say anything. */
export type Need =
  /** The next free times of the owner: at all, or on a day. */
  | { kind: 'times'; on: string | null; part: DayPart | null }
  /** Whether a meeting can be held then. */
  | { kind: 'check'; at: string }
  /** A meeting at that time; where one is booked in the call already, it is moved there. */
  | { kind: 'book'; at: string }
  | { kind: 'cancel' };

/** What became of a need. */
export type Fulfilled =
  | { kind: 'times'; on: string | null; times: string[] }
  | { kind: 'free'; at: string }
  /** It cannot be then; `times` are the next at which it can. */
  | { kind: 'taken' | 'closed'; times: string[] }
  /** It stands in the database, at this time. */
  | { kind: 'booked'; at: string }
  | { kind: 'cancelled' };

export type AgentEvent = Heard | Fulfilled;

/** What a turn changes beside the call: the number is refused for good, or the sale goes on. */
export type Effect = { kind: 'refuse' } | { kind: 'lead'; to: LeadStatus };

/** One step of the machine: with a `need`, its words wait for what becomes of that. */
export type Step = {
  state: AgentState;
  say: Line[];
  next: 'listen' | 'hang-up';
  effects: Effect[];
  need: Need | null;
};
