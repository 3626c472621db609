/**
 * What one search looks in: rows with `owner_id` and `search`, which stand in order within a parent (a conversation, an
 * episode). Every field but the numbers is SQL about a row `d` of the table; all that it says is put into statements as it is.
 * A statement takes the corpus' own parameters first: $1 is the owner, the others narrow the rows (`visible`).
 */
export type Corpus = {
  table: string;
  /** How many parameters the corpus has. */
  parameters: number;
  /** The condition that a row has to meet beside being the owner's. */
  visible: string;
  /** A FROM clause for the owner's rows `d`, newest first, at most as many as one search can read. */
  newest: string;
  /**
   * A SELECT of how many rows there are, about: it stops counting where counting would take long. It may use `s.sampled`, how
   * many of the newest SAMPLE_SIZE rows are visible.
   */
  size: string;
  /** The column that holds the text. */
  text: string;
  /** The id of the row's conversation or episode. */
  parent: string;
  /** When the row was said or saved; null where nobody knows, and a date in a query is nothing but its words. */
  timestamp: string | null;
  /** Whether a query that names a time and nothing else means the rows of that time: not where it is the time of saving. */
  isFoundByTime: boolean;
  /** Who said it, as a message_role in text, or NULL. */
  role: string;
  /** A factor of the score, around 1, for how new the row is. */
  recency: string;
  /** A factor of the score, around 1, for how important the row is. */
  importance: string;
  /**
   * Inverse document frequencies are computed as if there were at least this many rows: in a smaller collection a word that one
   * row has would weigh next to nothing beside a word that no row has.
   */
  minCollectionSize: number;
  /**
   * From this many rows on, a word that no row has counts in full against an answer (MISSING in rank.ts); in a smaller collection
   * it counts in proportion, because a few rows lack most words by chance.
   */
  fullPenaltySize: number;
  /** A SELECT of `id` and `step` of the rows around a row `t`: step 1 is the row that follows it, -1 the one before. */
  neighbours: string;
};

/** The placeholders of the parameters that a statement takes after those of the corpus. */
export function placeholders<Name extends string>(
  { parameters }: Corpus,
  names: readonly Name[],
): Record<Name, string> {
  return Object.fromEntries(names.map((name, index) => [name, `$${parameters + index + 1}`])) as Record<Name, string>;
}

/** How many of the newest rows are read to estimate how many rows have a word. */
export const SAMPLE_SIZE = 600;

/** How many rows after a row share in its score: with 3 and smaller shares 3 points of recall less (docs/decisions/search.md). */
export const STEPS_ON = 4;

/** How many rows before a row share in its score. */
export const STEPS_BACK = 2;
