import type { ExtractedMemory } from '#domain/memories/extraction/extracted-memory.ts';
import type { Revisions } from './revisions.ts';

/** A form of statement that is worth recalling, and what the memory of it is like. */
export type Rule = Omit<ExtractedMemory, 'content' | 'topic'> & {
  /**
   * How the statement begins, or all of it. A group `name` has a capital letter, where the user writes any; a group `place`
   * begins with a known place.
   */
  pattern: RegExp;
  /** The topic, where there is one; an empty one is none. */
  topic?: (groups: Record<string, string | undefined>) => string;
  /** Whether it is worth recalling only with a date. */
  dated?: true;
};

/** How one language says things. Every pattern is for one sentence or statement, without spaces around it. */
export type Grammar = {
  /** A question, also without its mark. */
  question: RegExp;
  /** What is not so, or only perhaps. */
  hypothetical: RegExp;
  /** From here on the words are material to work on: a text to translate, a part to play. */
  material: RegExp;
  /** What people say before they begin. */
  opening: RegExp;
  /** What stands between two statements of one sentence. */
  joint: RegExp;
  /** Asks to remember `what`; or, in `note`, says what to remember as a whole. */
  remember: RegExp;
  /** A date that means the same on every day. */
  date: RegExp;
  /** A date that is counted from the day on which it is said, as "tomorrow". */
  relativeDate: RegExp;
  /** Says that something was said on a day, given as `YYYY-MM-DD`. */
  saidOn: (day: string) => string;
  /** The first rule that fits a statement counts. */
  rules: readonly Rule[];
  revisions: Revisions;
};

/** Builds a pattern of pieces; letter case does not matter. */
export function regex(pieces: TemplateStringsArray, ...inserted: string[]): RegExp {
  return new RegExp(String.raw(pieces, ...inserted), 'iu');
}

/** Builds a piece that is one of these, parted by `|`. */
export function anyOf(alternatives: string): string {
  return `(?:${alternatives
    .trim()
    .split(/\s*\|\s*/)
    .join('|')})`;
}
