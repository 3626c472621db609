import type pg from 'pg';
import type { Sql } from '#adapters/database/named-statements.ts';
import { isOutage, isStatementTimeout } from '#adapters/database/outages.ts';

/** Reads from the replica until that fails once. */
export type Reader = {
  /** Runs a statement there; what it does not answer, and from then on all, on the primary. */
  sql: Sql;
  /** Leaves the replica: what is under way there is run on the primary. */
  leave(): void;
};

/**
 * Creates a reader. It never returns to the replica, so that whoever reads by it sees time go forward only: what was read from the
 * primary may name rows that the replica does not have yet. `onLeft` is told when it leaves.
 */
export function createReader(replica: Sql, primary: Sql, onLeft: () => void): Reader {
  let hasLeft = false;
  const underWay = new Set<() => void>();
  const leave = () => {
    if (hasLeft) return;
    hasLeft = true;
    onLeft();
    for (const giveUp of underWay) giveUp();
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
        if (isStatementTimeout(error)) throw error; // the primary would take as long
        if (isOutage(error)) leave();
        const rows = await primary<Row>(text, values, plan);
        leave();
        return rows;
      }
    },
  };
}

/** Rejects what is under way on a replica that is left. */
class ReplicaLeft extends Error {
  override name = 'ReplicaLeft';
}
