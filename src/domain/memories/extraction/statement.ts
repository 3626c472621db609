import type { ExtractedMemory } from './extracted-memory.ts';
import type { Fact } from './fact.ts';

export type MemoryIds = { memoryIds: string[] };

/** Something a user says that changes what is remembered about them. Rules find the memories by facts; a model refers to them by id. */
export type Statement<Target = Fact> =
  /** Something to remember; it supersedes what it `replaces`. */
  | { type: 'LEARN'; memory: ExtractedMemory; replaces: Target | null }
  /** Something that no longer holds, according to the sentence. */
  | { type: 'END'; fact: Target; sentence: string }
  /** Something to delete. With `isOne`, nothing is deleted if more than one memory may be meant. */
  | { type: 'FORGET'; fact: Fact; isOne?: true }
  /** Deletes what the user said last in the conversation. */
  | { type: 'FORGET_LAST' }
  /** Keeps what the user said just before from being remembered. */
  | { type: 'WITHHOLD_LAST' }
  /** Deletes everything that is remembered. */
  | { type: 'FORGET_ALL' }
  /** Keeps a part of the message from being remembered; no other statement comes from that part. */
  | { type: 'WITHHOLD' };

/** Whether a statement asks to forget something, or not to remember it. Such requests are honoured even where extraction is off. */
export const isForgetting = ({ type }: Statement<unknown>): boolean => type !== 'LEARN' && type !== 'END';
