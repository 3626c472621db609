/**
 * Where search looks: rows with `owner_id` and `search`, which stand in order within a parent (a conversation, an episode).
 * Every statement takes the corpus' own values first: $1 is the owner, the rest what narrows it.
 */
export type Corpus = {
  table: string;
  /** How many values it takes. */
  values: number;
  /** What a row `d` has to pass, beside being the owner's. */
  visible: string;
  /** A FROM clause: the owner's rows `d`, newest first, so many at most that all can be read. */
  newest: string;
  /**
   * How many rows there are, about: it stops counting where it would take long. `s.sampled` of the newest, SAMPLE_SIZE at
   * most, passed.
   */
  size: string;
  text: string;
  /** The conversation or episode of a row `d`. */
  parent: string;
  /** When a row `d` was said; null where nobody knows: then a date is what its words are. */
  saidAt: string | null;
  /** Who said it: a message_role, or null. */
  role: string;
  /** What a row `d` is worth beside what it says: factors around 1. */
  recency: string;
  importance: string;
  /**
   * Among a few rows a word that one of them has would weigh next to nothing beside one that none has: words count as if there were
   * so many rows.
   */
  leastRows: number;
  /** From how many rows on a word that none of them has tells that something else is asked for: a few say little. */
  telling: number;
  /** The rows around a row `t` of the same table: SELECT of their `id` and `step`, 1 for the one that follows it. */
  around: string;
};

/** The placeholders of what a statement takes after the corpus' own values. */
export function placeholders<Name extends string>({ values }: Corpus, names: readonly Name[]): Record<Name, string> {
  return Object.fromEntries(names.map((name, index) => [name, `$${values + index + 1}`])) as Record<Name, string>;
}

/** How many of the newest rows are read to see how common a word is. */
export const SAMPLE_SIZE = 600;

/** How far what a row says carries: three rows on, one back. */
export const STEPS_ON = 3;
export const STEPS_BACK = 1;
