import type { Watch } from './watch-channels.ts';

/** The position of one reader in a numbered feed. */
export type Tail<Entry> = {
  /** The number of the last entry that the reader has. */
  seen: number;
  numberOf(entry: Entry): number;
  watch: Watch;
  /** Reads the entries after a number, for all readers who wait for them. */
  readOn(after: number): AsyncGenerator<Entry>;
};

/** Sends new entries to all readers who ask for the same: each entry is read and executed once (src/http/graphql/broadcasts.ts). */
export type Broadcast = {
  /**
   * Waits with others for new entries. Resolves to the number of the last entry that the reader was sent, once it has to read on by itself,
   * as it does while nobody else waits for the same; or to null when the reader has left.
   */
  follow<Entry>(tail: Tail<Entry>): Promise<number | null>;
};
