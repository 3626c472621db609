/**
 * What one search covers: rows with `owner_id` and `search`, which are ordered within a parent (a conversation, an episode). Every field
 * but the numbers is SQL about a row `d` of the table, and is inserted into statements verbatim. The corpus's own parameters come first: $1
 * is the owner, the others narrow the rows (`visible`).
 */
export type Corpus = {
  table: string;
  /** The number of the corpus's own parameters. */
  parameters: number;
  /** The condition that a row of the owner has to meet in addition. */
  visible: string;
  /** A FROM clause for the owner's newest rows `d`, newest first, limited to what one search can read. */
  newest: string;
  /**
   * A SELECT of the approximate number of rows, which stops counting where that would take long. It may use `s.sampled`, the number of
   * visible rows among the newest SAMPLE_SIZE.
   */
  size: string;
  /** The text column. */
  text: string;
  /** The id of the row's conversation or episode. */
  parent: string;
  /** When the row was said or saved; null if that is unknown, in which case a date in a query is treated as mere words. */
  timestamp: string | null;
  /** Whether a query that only names a time finds the rows of that time. False if the timestamp is the time of saving. */
  isFoundByTime: boolean;
  /** Who said it: a message_role as text, or NULL. */
  role: string;
  /** A factor of the score, around 1, for the row's recency. */
  recency: string;
  /** A factor of the score, around 1, for the row's importance. */
  importance: string;
  /**
   * The minimum number of rows that inverse document frequencies are computed for. In a smaller collection, a word that one row has would
   * weigh next to nothing compared with a word that no row has.
   */
  minCollectionSize: number;
  /**
   * From this many rows on, a word that no row has counts in full against an answer (MISSING in rank.ts). In a smaller collection it counts
   * in proportion, because a few rows lack most words by chance.
   */
  fullPenaltySize: number;
  /** A SELECT of `id` and `step` of the rows around a row `t`: step 1 is the next row, -1 the previous one. */
  neighbours: string;
};

/** The placeholders of a statement's own parameters, which follow those of the corpus. */
export function placeholders<Name extends string>(
  { parameters }: Corpus,
  names: readonly Name[],
): Record<Name, string> {
  return Object.fromEntries(names.map((name, index) => [name, `$${parameters + index + 1}`])) as Record<Name, string>;
}

/** How many of the newest rows are sampled to estimate document frequencies. */
export const SAMPLE_SIZE = 600;

/** How many following rows share in a row's score. With 3 and smaller shares, recall is 3 points lower (docs/decisions/search.md). */
export const STEPS_ON = 4;

/** How many preceding rows share in a row's score. */
export const STEPS_BACK = 2;
