import type { Watch } from './watch-channels.ts';

/** A numbered feed, as one reader has come to know it. */
export type Tail<Entry> = {
  /** The number of the last entry that the reader has. */
  seen: number;
  numberOf(entry: Entry): number;
  watch: Watch;
  /** Reads on from a number, for everybody who waits for what comes after it. */
  readOn(after: number): AsyncGenerator<Entry>;
};

/** Tells readers who ask for the same of new entries together: each is read and answered once (src/http/graphql/broadcasts.ts). */
export type Broadcast = {
  /**
   * Waits with others for what comes next. Resolves to the number of the last entry that the reader was told where it is to read
   * on by itself, as it does while nobody else waits for the same; to null when it has left.
   */
  follow<Entry>(tail: Tail<Entry>): Promise<number | null>;
};
