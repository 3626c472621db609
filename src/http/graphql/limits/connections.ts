import { createRateLimitError } from '#http/rate-limits.ts';

/** Memory of a connection with an ordinary subscription, at most. It also takes a file descriptor. */
export const BYTES_PER_CONNECTION = 40_000;

/** Counts the open connections of each payer. */
export type Connections = {
  /** Counts a connection, and returns a function that uncounts it once it has closed. Throws RATE_LIMITED if there are too many. */
  open(payer: string): () => void;
};

/** Creates the counter of a process: each payer may have `max` connections. */
export function createConnections(max: number): Connections {
  const byPayer = new Map<string, number>();
  return {
    open(payer) {
      const before = byPayer.get(payer) ?? 0;
      if (before >= max) throw createRateLimitError(`You have ${before} connections open`, 10);
      byPayer.set(payer, before + 1);
      return () => {
        const left = (byPayer.get(payer) ?? 0) - 1;
        if (left > 0) byPayer.set(payer, left);
        else byPayer.delete(payer);
      };
    },
  };
}
