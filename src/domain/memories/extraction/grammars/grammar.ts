import type { ExtractedMemory } from '#domain/memories/extraction/extracted-memory.ts';
import type { Revisions } from './revisions.ts';

/** A form of statement that is worth recalling, and the properties of its memory. */
export type Rule = Omit<ExtractedMemory, 'content' | 'topic'> & {
  /**
   * Matches the beginning of the statement, or all of it. A group `name` has to be capitalized, if the user writes capitals at all; a group
   * `place` has to begin with a known place.
   */
  pattern: RegExp;
  /** The topic, if there is one; an empty string is none. */
  topic?: (groups: Record<string, string | undefined>) => string;
  /** Whether it is worth recalling only with a date. */
  dated?: true;
};

/** The grammar of one language. Every pattern applies to one sentence or statement, without surrounding spaces. */
export type Grammar = {
  /** A question, with or without its mark. */
  question: RegExp;
  /** Something that is not so, or only perhaps. */
  hypothetical: RegExp;
  /** What follows is material to work on: a text to translate, a part to play. */
  material: RegExp;
  /** Fillers at the beginning of a sentence. */
  opening: RegExp;
  /** The end of a clause that says that somebody else says what follows. */
  reported: RegExp;
  /** Separates two statements of one sentence. */
  joint: RegExp;
  /** Asks to remember `what`; or, in `note`, the whole request is what to remember. */
  remember: RegExp;
  /** An absolute date. */
  date: RegExp;
  /** A date relative to the day on which it is said, such as "tomorrow". */
  relativeDate: RegExp;
  /** Says that something was said on a day, given as `YYYY-MM-DD`. */
  saidOn: (day: string) => string;
  /** The first rule that matches a statement counts. */
  rules: readonly Rule[];
  revisions: Revisions;
};

/** Builds a case-insensitive pattern. */
export function regex(pieces: TemplateStringsArray, ...inserted: string[]): RegExp {
  return new RegExp(String.raw(pieces, ...inserted), 'iu');
}

/** Builds a group of alternatives, which are separated by `|`. */
export function anyOf(alternatives: string): string {
  return `(?:${alternatives
    .trim()
    .split(/\s*\|\s*/)
    .join('|')})`;
}
