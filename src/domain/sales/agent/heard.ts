import type { CallOutcome, CallParty } from '#generated/prisma/enums.ts';
import type { AgentLanguage } from './languages/tags.ts';
import type { Meaning } from './understanding/intent.ts';

/** What a call brings to the agent. */
export type Heard =
  /** Somebody, or something, took the call. */
  | { kind: 'answered'; by: CallParty }
  | { kind: 'speech'; text: string; meaning?: Meaning | null }
  /** Nothing was said for as long as the line waits. */
  | { kind: 'silence' }
  /** Somebody spoke while the agent did: how much of its last words was heard, and what they said. */
  | { kind: 'interrupted'; heardText: string; text: string; meaning?: Meaning | null }
  /** The other side has ended the call: there is nothing to say any more. */
  | { kind: 'hung-up' };

/** What the agent does next, and how it judges the call by now. */
export type Turn = {
  /** To be said now; empty where the agent only waits. */
  say: string;
  next: 'listen' | 'hang-up';
  /** Whether what is answered rests on all of it: a line that does not tell what was heard lets nobody cut it off. */
  mustBeHeard: boolean;
  /** What `say` is in, and what is to be listened for. */
  language: AgentLanguage;
  /** Who is spoken with, as far as it can be told: another party than took the call, where a person came after a screener. */
  answeredBy: CallParty;
  /** What came of the call; null as long as that is open. */
  outcome: CallOutcome | null;
  /** What was agreed on, in words. */
  nextStep: string | null;
  /** When the lead asked to be called again. */
  callBackAt: Date | null;
};
