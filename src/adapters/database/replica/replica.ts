import type { Database } from '#adapters/database/database.ts';
import { createSql, type Sql } from '#adapters/database/named-statements.ts';
import { isOutage, isStatementTimeout } from '#adapters/database/outages.ts';
import { openPingPool, openRequestPool } from '#adapters/database/pools.ts';
import type { Logger } from '#adapters/log.ts';
import type { Config } from '#config/config.ts';
import { type EndablePool, openEndablePool } from './endable-pool.ts';
import { createPauses } from './pauses.ts';
import { createReader, type Reader } from './reader.ts';
import { createComparison, PrimarySilent, type Standing } from './standing.ts';

/** A streaming replica, from which queries read. */
export type Replica = {
  /** The reader of now, and of which start of the primary it reads; null while no operation is to begin there. */
  reader(): ReplicaReader | null;
  status(): ReplicaStatus;
  /** Operations that were read from each of the two. */
  reads: { replica: number; primary: number };
  close(): Promise<void>;
};

export type ReplicaReader = { sql: Sql; primaryStartedAt: number };

/** Why it is not read from, as a clause, null where it is; its lag is null where it is not known. */
export type ReplicaStatus = { problem: string | null; lagMs: number | null };

/** How often it is compared with the primary, and how long either may take to answer that. */
const COMPARE_EVERY_MS = 1_000;
const COMPARE_TIMEOUT_MS = 1_000;
/** How far its clock may be from that of the primary: by it is decided what has expired. */
const MAX_SKEW_MS = 1_000;

/**
 * Opens the replica at DATABASE_REPLICA_URL, and compares it with the primary each second, by connections that wait for no request. It
 * is left when it fails, does not answer in time, or is none of this primary. While it lags by more than
 * DATABASE_REPLICA_MAX_LAG_SECONDS, or the primary does not answer, nothing more begins there, and what is under way ends there. Never rejects.
 */
export async function openReplica(config: Config, primary: Database, log: Logger): Promise<Replica> {
  const replicaUrl = config.databaseReplicaUrl as string;
  const [ofPrimary, ofReplica] = [config.databaseUrl as string, replicaUrl].map((url) =>
    openEndablePool(url, (connection) => openPingPool(connection, COMPARE_TIMEOUT_MS)),
  ) as [EndablePool, EndablePool];
  const compare = createComparison(createSql(ofPrimary.pool), createSql(ofReplica.pool));
  const closing = new Set<Promise<void>>();
  const pauses = createPauses();
  const told = new Set<string>();
  let reader: (Reader & ReplicaReader) | null = null;
  let status: ReplicaStatus = { problem: 'it was not asked yet', lagMs: null };

  const tell = (error: Error, problem: string) => {
    if (told.has(problem)) return log.debug({ err: error }, 'the replica failed');
    if (told.size < MAX_TOLD) told.add(problem);
    log.warn({ err: error }, `the replica is not read from: ${problem}`);
  };
  const pause = (error: Error) => {
    const problem = describeFailure(error);
    tell(error, problem);
    pauses.begin(problem);
    status = { ...status, problem };
  };
  const open = (primaryStartedAt: number) => {
    // Its own, as connections may have been lost unnoticed with those of the reader before it.
    const { pool, end } = openEndablePool(replicaUrl, (connection) =>
      openRequestPool(connection, { stats: primary.stats, config, log }),
    );
    // What conflicts with the recovery is read from the primary, not again here.
    const opened: Reader = createReader(
      createSql(pool, () => false),
      primary.sql,
      {
        onFailed: pause,
        onLeft() {
          if (reader?.sql === opened.sql) reader = null;
          const closed = end().finally(() => closing.delete(closed));
          closing.add(closed);
        },
      },
    );
    reader = { ...opened, primaryStartedAt };
  };
  const follow = (standing: Standing) => {
    const problem = findProblem(standing, config.databaseReplicaMaxLagMs) ?? pauses.reason();
    status = { problem, lagMs: Number.isFinite(standing.lagMs) ? standing.lagMs : null };
    if (standing.stranger !== null || reader?.primaryStartedAt !== standing.primaryStartedAt) reader?.leave();
    if (problem === null && reader === null && !isClosing) open(standing.primaryStartedAt);
  };
  let isClosing = false;
  const look = async () => {
    try {
      follow(await compare());
    } catch (error) {
      if (isClosing) return;
      const problem = describeFailure(error as Error);
      status = { problem, lagMs: null };
      if (error instanceof PrimarySilent) return log.debug({ err: error }, 'the replica was not compared');
      tell(error as Error, problem);
      reader?.leave();
    }
  };
  await look();
  let looking: Promise<void> | null = null;
  const timer = setInterval(() => {
    looking ??= look().finally(() => {
      looking = null;
    });
  }, COMPARE_EVERY_MS).unref();
  return {
    reader: () => (status.problem === null ? reader : null),
    status: () => status,
    reads: { replica: 0, primary: 0 },
    async close() {
      isClosing = true;
      clearInterval(timer);
      reader?.leave();
      await Promise.all([ofPrimary.end(), ofReplica.end(), looking]);
      await Promise.all(closing);
    },
  };
}

/** Causes that are remembered, so that each is logged once. */
const MAX_TOLD = 100;

function findProblem({ stranger, lagMs, skewMs }: Standing, maxLagMs: number): string | null {
  if (stranger !== null) return stranger;
  if (lagMs > maxLagMs) return `it is more than ${maxLagMs / 1_000} s behind`;
  return skewMs > MAX_SKEW_MS ? `its clock and that of the primary are ${Math.ceil(skewMs / 1_000)} s apart` : null;
}

function describeFailure(error: Error): string {
  if (error instanceof PrimarySilent) return 'the primary does not answer, with which it is compared';
  if (isStatementTimeout(error)) return 'a statement took longer there than it may';
  return isOutage(error) ? 'it does not answer' : `it refuses what it is asked: ${error.message}`;
}
