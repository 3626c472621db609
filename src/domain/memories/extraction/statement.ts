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
  /** Something is to be deleted. */
  | { type: 'FORGET'; fact: Fact };
