import type { ExtractedMemory } from './extracted-memory.ts';
import type { Fact } from './fact.ts';

/** Memories by their ids. */
export type MemoryIds = { memoryIds: string[] };

/** What a user says that changes what is remembered of them; rules find the memories by facts, a model names them. */
export type Statement<Target = Fact> =
  /** Something to be remembered; it takes the place of what it `replaces`. */
  | { type: 'LEARN'; memory: ExtractedMemory; replaces: Target | null }
  /** Something does not hold any more, as the sentence says. */
  | { type: 'END'; fact: Target; sentence: string }
  /** Something is to be deleted; of what `isOne`, nothing where more than one thing is remembered that may be meant. */
  | { type: 'FORGET'; fact: Fact; isOne?: true }
  /** What the user said last in the conversation is to be deleted. */
  | { type: 'FORGET_LAST' }
  /** What the user said just before is not to be remembered. */
  | { type: 'WITHHOLD_LAST' }
  /** Everything that is remembered is to be deleted. */
  | { type: 'FORGET_ALL' }
  /** Some of the message is not to be remembered: that is read as no statement. */
  | { type: 'WITHHOLD' };

/** Whether a statement asks to forget something, or not to remember it: that is done where nothing is learned, too. */
export const isForgetting = ({ type }: Statement<unknown>): boolean => type !== 'LEARN' && type !== 'END';
