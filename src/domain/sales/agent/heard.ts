import type { CallOutcome, CallParty } from '#generated/prisma/enums.ts';
import type { AgentLanguage } from './languages/tags.ts';
import type { Meaning } from './understanding/intent.ts';

/** An event of the call for the agent. */
export type Heard =
  /** Somebody, or a machine, answered the call. */
  | { kind: 'answered'; by: CallParty }
  | { kind: 'speech'; text: string; meaning?: Meaning | null }
  /** Nothing was said until the line's timeout. */
  | { kind: 'silence' }
  /** Somebody interrupted the agent: the part of its last words that was heard, and what they said. */
  | { kind: 'interrupted'; heardText: string; text: string; meaning?: Meaning | null }
  /** The other side has ended the call, so nothing can be said any more. */
  | { kind: 'hung-up' };

/** What the agent does next, and how it judges the call so far. */
export type Turn = {
  /** What to say now; empty if the agent only waits. */
  say: string;
  next: 'listen' | 'hang-up';
  /** Whether the answer depends on hearing all of it: a line that does not report what was heard does not allow interruptions then. */
  mustBeHeard: boolean;
  /** The language of `say`, and of the expected answer. */
  language: AgentLanguage;
  /** Who is on the line, as far as known: this changes when a person takes over from a screener. */
  answeredBy: CallParty;
  /** The outcome of the call; null while it is open. */
  outcome: CallOutcome | null;
  /** What was agreed on, in words. */
  nextStep: string | null;
  /** When the lead asked to be called back. */
  callBackAt: Date | null;
};
