import { createRateLimitError } from '#http/rate-limits.ts';

/** What a connection holds with an ordinary subscription, at most; it has a file descriptor, too. */
export const BYTES_PER_CONNECTION = 40_000;

/** Counts the connections of each payer that stay open. */
export type Connections = {
  /** Counts one; returns how to say that it has closed. Throws RATE_LIMITED where there are too many. */
  open(payer: string): () => void;
};

/** Creates the count of a process: each payer may have `max`. */
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
