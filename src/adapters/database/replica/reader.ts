import type pg from 'pg';
import type { Sql } from '#adapters/database/named-statements.ts';
import { isCheckoutTimeout, isOutage, isStatementTimeout } from '#adapters/database/outages.ts';
import { Slab } from '#adapters/slab.ts';

/** Reads from the replica until it fails once. */
export type Reader = {
  /** Runs a statement there. If it fails, this statement and all later ones run on the primary. */
  sql: Sql;
  /** Leaves the replica: statements that are running there are run on the primary. */
  leave(): void;
};

/** `onFailed` is called with a failure of the replica before the reader leaves it; `onLeft` when it does. */
type Reports = { onFailed: (error: Error) => void; onLeft: () => void };

/**
 * Creates a reader. It never returns to the replica, so that its callers never see older data than before: rows that were read from the
 * primary may refer to rows that the replica does not have yet. The one exception is a statement that got no connection to the replica,
 * because others had them all: it alone runs on the primary, which could not take the load of all of them.
 */
export function createReader(replica: Sql, primary: Sql, { onFailed, onLeft }: Reports): Reader {
  let hasLeft = false;
  const underWay = new Slab<() => void>();
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
  /** Rejects when the reader leaves the replica, though the replica may still answer one day. */
  const ask = <Row>(run: () => Promise<Row[]>) => {
    const { promise, resolve, reject } = Promise.withResolvers<Row[]>();
    const giveUp = () => reject(new ReplicaLeft());
    run().then(resolve, reject).finally(underWay.add(giveUp));
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
          // It may take as long on the primary; the next attempt of the user is not sent here again.
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

/** Rejects the statements that are running on a replica when the reader leaves it. */
class ReplicaLeft extends Error {
  override name = 'ReplicaLeft';
}
