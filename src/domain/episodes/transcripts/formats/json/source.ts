import type { Fields } from './fields.ts';

/**
 * Where a JSON document has its segments, and words beside them or instead. `path` names the list; `unit` is that of its
 * numbers, in seconds, and `guessed` where the tool does not tell it.
 */
export type JsonSource = { path: string; items: unknown[]; words: unknown; unit: number; guessed: boolean };

/** A document without anything, in seconds. */
export const SECONDS: JsonSource = { path: '', items: [], words: null, unit: 1, guessed: false };

export const toWords = (words: Fields[]): JsonSource => ({ ...SECONDS, path: 'words', words });
