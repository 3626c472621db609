import { createRateLimitError } from '#http/rate-limits.ts';

/** Counts the connections of each payer that stay open. */
export type Connections = {
  /** Counts one; returns how to say that it has closed. Throws RATE_LIMITED where there are too many. */
  open(payer: string): () => void;
};

/** Creates the count of a process: each payer may have `max`. A connection holds some 40 KB, and a file descriptor. */
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
