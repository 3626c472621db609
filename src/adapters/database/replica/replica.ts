import type { Database } from '#adapters/database/database.ts';
import { createSql, type Sql } from '#adapters/database/named-statements.ts';
import { openPingPool, openRequestPool, REQUEST_OPTIONS } from '#adapters/database/pools.ts';
import { withSessionOptions } from '#adapters/database/session-settings.ts';
import type { Logger } from '#adapters/log.ts';
import type { Config } from '#config/config.ts';
import { createReader, type Reader } from './reader.ts';
import { createComparison, type Standing } from './standing.ts';

/** A streaming replica, from which queries read. */
export type Replica = {
  /** The reader of now, and of which start of the primary it reads; null while nothing is read from the replica. */
  reader(): ReplicaReader | null;
  status(): ReplicaStatus;
  /** Operations that were read from each of the two. */
  reads: { replica: number; primary: number };
  close(): Promise<void>;
};

export type ReplicaReader = { sql: Sql; primaryStartedAt: number };

/** Why it is not read from, as a clause, null where it is; its lag is null where it is not known. */
export type ReplicaStatus = { problem: string | null; lagMs: number | null };

/** How often it is compared with the primary, and how long it may take to answer that. */
const COMPARE_EVERY_MS = 1_000;
const COMPARE_TIMEOUT_MS = 1_000;

/**
 * Opens the replica at DATABASE_REPLICA_URL, and compares it with the primary each second. Nothing is read from one that does not
 * answer in time, lags by more than DATABASE_REPLICA_MAX_LAG_SECONDS, or is none of this primary. Never rejects.
 */
export async function openReplica(config: Config, primary: Database, log: Logger): Promise<Replica> {
  const connection = { connectionString: withSessionOptions(config.databaseReplicaUrl as string, REQUEST_OPTIONS) };
  const comparisons = openPingPool(connection, COMPARE_TIMEOUT_MS);
  const compare = createComparison(primary.sql, createSql(comparisons));
  const closing = new Set<Promise<void>>();
  let reader: (Reader & ReplicaReader) | null = null;
  let status: ReplicaStatus = { problem: 'it was not asked yet', lagMs: null };

  const follow = ({ primaryStartedAt }: Standing) => {
    if (reader?.primaryStartedAt === primaryStartedAt) return;
    reader?.leave();
    // Its own, as connections may have been lost unnoticed with those of the reader before it.
    const pool = openRequestPool(connection, { stats: primary.stats, config, log });
    // What conflicts with the recovery is read from the primary, not again here.
    const opened: Reader = createReader(
      createSql(pool, () => false),
      primary.sql,
      () => {
        if (reader?.sql === opened.sql) reader = null;
        const closed = pool.end().finally(() => closing.delete(closed));
        closing.add(closed);
      },
    );
    reader = { ...opened, primaryStartedAt };
  };
  const look = async () => {
    try {
      const standing = await compare();
      const isLate = standing.lagMs > config.databaseReplicaMaxLagMs;
      const problem =
        standing.stranger ?? (isLate ? `it is more than ${config.databaseReplicaMaxLagMs / 1_000} s behind` : null);
      status = { problem, lagMs: Number.isFinite(standing.lagMs) ? standing.lagMs : null };
      if (problem === null) return follow(standing);
    } catch (error) {
      log.debug({ err: error }, 'the replica was not compared');
      status = { problem: 'it does not answer', lagMs: null };
    }
    reader?.leave();
  };
  await look();
  let looking = Promise.resolve();
  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    looking = look().finally(() => {
      isLooking = false;
    });
  }, COMPARE_EVERY_MS).unref();
  return {
    reader: () => reader,
    status: () => status,
    reads: { replica: 0, primary: 0 },
    async close() {
      clearInterval(timer);
      await looking;
      reader?.leave();
      await Promise.all([...closing, comparisons.end()]);
    },
  };
}
