import type { ExtractedMemory } from './extracted-memory.ts';

/** A form of statement that tells something worth recalling. */
export type Rule = Omit<ExtractedMemory, 'content' | 'topic'> & {
  /** How the statement begins, or all of it. A group `name` has a capital letter, where the user writes any. */
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
  /** What is not so, no longer, or only perhaps. */
  hypothetical: RegExp;
  /** From here on the words are material to work on: a text to translate, a part to play. */
  material: RegExp;
  /** What people say before they begin. */
  opening: RegExp;
  /** What stands between two statements of one sentence. */
  joint: RegExp;
  /** Asks to remember `what`; or, in `note`, says what to remember as a whole. */
  remember: RegExp;
  /** A date that says the same on every day, and one that is counted from the day on which it is said. */
  date: RegExp;
  relativeDate: RegExp;
  saidOn: (day: string) => string;
  rules: readonly Rule[];
};

/** A pattern in pieces: letter case does not matter. */
export function regex(pieces: TemplateStringsArray, ...inserted: string[]): RegExp {
  return new RegExp(String.raw(pieces, ...inserted), 'iu');
}

/** A piece that is one of these. */
export function anyOf(alternatives: string): string {
  return `(?:${alternatives
    .trim()
    .split(/\s*\|\s*/)
    .join('|')})`;
}
