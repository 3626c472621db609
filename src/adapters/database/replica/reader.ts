import type pg from 'pg';
import type { Sql } from '#adapters/database/named-statements.ts';
import { isCheckoutTimeout, isOutage, isStatementTimeout } from '#adapters/database/outages.ts';

/** Reads from the replica until that fails once. */
export type Reader = {
  /** Runs a statement there; what it does not answer, and from then on all, on the primary. */
  sql: Sql;
  /** Leaves the replica: what is under way there is run on the primary. */
  leave(): void;
};

/** `onFailed` is told of what the replica did not answer, before it is left; `onLeft` when it is. */
type Reports = { onFailed: (error: Error) => void; onLeft: () => void };

/**
 * Creates a reader. It never returns to the replica, so that whoever reads by it sees time go forward only: what was read from the
 * primary may name rows that the replica does not have yet. The one exception is a statement that got no connection to the replica, as
 * others had them all: it alone is run on the primary, which could not take what all of them have under way.
 */
export function createReader(replica: Sql, primary: Sql, { onFailed, onLeft }: Reports): Reader {
  let hasLeft = false;
  const underWay = new Set<() => void>();
  const leave = () => {
    if (hasLeft) return;
    hasLeft = true;
    for (const giveUp of underWay) giveUp();
    onLeft();
  };
  const fail = (error: unknown) => {
    if (!hasLeft) onFailed(error as Error);
    leave();
  };
  /** Rejects when the replica is left, though it may answer one day. */
  const ask = <Row>(run: () => Promise<Row[]>) => {
    const { promise, resolve, reject } = Promise.withResolvers<Row[]>();
    const giveUp = () => reject(new ReplicaLeft());
    underWay.add(giveUp);
    run()
      .then(resolve, reject)
      .finally(() => underWay.delete(giveUp));
    return promise;
  };
  return {
    leave,
    async sql<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[], plan?: 'anew') {
      if (hasLeft) return primary<Row>(text, values, plan);
      try {
        return await ask(() => replica<Row>(text, values, plan));
      } catch (error) {
        if (isStatementTimeout(error)) {
          // The primary may take as long; who asks again is not sent here again.
          if (!hasLeft) onFailed(error as Error);
          throw error;
        }
        if (isCheckoutTimeout(error)) return primary<Row>(text, values, plan);
        if (isOutage(error)) fail(error);
        const rows = await primary<Row>(text, values, plan);
        fail(error);
        return rows;
      }
    },
  };
}

/** Rejects what is under way on a replica that is left. */
class ReplicaLeft extends Error {
  override name = 'ReplicaLeft';
}
