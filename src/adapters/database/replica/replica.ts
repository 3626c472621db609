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

/** A streaming replica for queries. */
export type Replica = {
  /** The current reader, and the start time of the primary that it follows; null while no operation should begin there. */
  reader(): ReplicaReader | null;
  status(): ReplicaStatus;
  /** How many operations read from each of the two. */
  reads: { replica: number; primary: number };
  close(): Promise<void>;
};

export type ReplicaReader = { sql: Sql; primaryStartedAt: number };

/** Why it is not read from, as a clause; null if it is. The lag is null if it is unknown. */
export type ReplicaStatus = { problem: string | null; lagMs: number | null };

/** How often it is compared with the primary, and the time limit of either for that. */
const COMPARE_EVERY_MS = 1_000;
const COMPARE_TIMEOUT_MS = 1_000;
/** The tolerated difference between its clock and the primary's: the clock decides what has expired. */
const MAX_SKEW_MS = 1_000;

/** How many causes are remembered, so that each is logged once. */
const MAX_TOLD = 100;

/**
 * Opens the replica at DATABASE_REPLICA_URL, and compares it with the primary each second, by connections that no request waits for.
 * Readers leave it when it fails, does not answer in time, or is not a replica of this primary. While it lags by more than
 * DATABASE_REPLICA_MAX_LAG_SECONDS, or the primary does not answer, no operation begins there, and running ones leave it. Never rejects.
 */
export async function openReplica(config: Config, primary: Database, log: Logger): Promise<Replica> {
  const replica = new FollowedReplica(config, primary, log);
  await replica.follow();
  return replica;
}

class FollowedReplica implements Replica {
  readonly reads = { replica: 0, primary: 0 };
  readonly #config: Config;
  readonly #primary: Database;
  readonly #log: Logger;
  /** The connections for the comparison. */
  readonly #compared: EndablePool[];
  readonly #compare: () => Promise<Standing>;
  readonly #pauses = createPauses();
  /** Problems that were already logged. */
  readonly #told = new Set<string>();
  /** The ends of the pools of readers that have left. */
  readonly #closing = new Set<Promise<void>>();
  #reader: (Reader & ReplicaReader) | null = null;
  #status: ReplicaStatus = { problem: 'it was not asked yet', lagMs: null };
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | null = null;
  #isClosing = false;

  constructor(config: Config, primary: Database, log: Logger) {
    this.#config = config;
    this.#primary = primary;
    this.#log = log;
    const [ofPrimary, ofReplica] = [config.databaseUrl as string, this.#replicaUrl].map((url) =>
      openEndablePool(url, (connection) => openPingPool(connection, COMPARE_TIMEOUT_MS)),
    ) as [EndablePool, EndablePool];
    this.#compared = [ofPrimary, ofReplica];
    this.#compare = createComparison(createSql(ofPrimary.pool), createSql(ofReplica.pool));
  }

  /** Compares the two, now and then each second. */
  async follow(): Promise<void> {
    await this.#look();
    this.#timer = setInterval(() => {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = null;
      });
    }, COMPARE_EVERY_MS).unref();
  }

  reader(): ReplicaReader | null {
    return this.#status.problem === null ? this.#reader : null;
  }

  status(): ReplicaStatus {
    return this.#status;
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#timer);
    this.#reader?.leave();
    await Promise.all([...this.#compared.map((pool) => pool.end()), this.#looking]);
    await Promise.all(this.#closing);
  }

  get #replicaUrl(): string {
    return this.#config.databaseReplicaUrl as string;
  }

  async #look(): Promise<void> {
    try {
      this.#judge(await this.#compare());
    } catch (error) {
      if (this.#isClosing) return;
      const problem = describeFailure(error as Error);
      this.#status = { problem, lagMs: null };
      if (error instanceof PrimarySilent) return this.#log.debug({ err: error }, 'the replica was not compared');
      this.#tell(error as Error, problem);
      this.#reader?.leave();
    }
  }

  #judge(standing: Standing): void {
    const { stranger, lagMs, primaryStartedAt } = standing;
    const problem = findProblem(standing, this.#config.databaseReplicaMaxLagMs) ?? this.#pauses.reason();
    this.#status = { problem, lagMs: Number.isFinite(lagMs) ? lagMs : null };
    if (stranger !== null || this.#reader?.primaryStartedAt !== primaryStartedAt) this.#reader?.leave();
    if (problem === null && this.#reader === null && !this.#isClosing) this.#open(primaryStartedAt);
  }

  #open(primaryStartedAt: number): void {
    // A pool of its own, because connections may have been lost unnoticed together with those of the previous reader.
    const { pool, end } = openEndablePool(this.#replicaUrl, (connection) =>
      openRequestPool(connection, { stats: this.#primary.stats, config: this.#config, log: this.#log }),
    );
    // A statement that conflicts with recovery is run on the primary, not repeated here.
    const opened: Reader = createReader(
      createSql(pool, () => false),
      this.#primary.sql,
      {
        onFailed: (error) => this.#pause(error),
        onLeft: () => {
          if (this.#reader?.sql === opened.sql) this.#reader = null;
          const closed = end().finally(() => this.#closing.delete(closed));
          this.#closing.add(closed);
        },
      },
    );
    this.#reader = { ...opened, primaryStartedAt };
  }

  #pause(error: Error): void {
    const problem = describeFailure(error);
    this.#tell(error, problem);
    this.#pauses.begin(problem);
    this.#status = { ...this.#status, problem };
  }

  #tell(error: Error, problem: string): void {
    if (this.#told.has(problem)) {
      this.#log.debug({ err: error }, 'the replica failed');
      return;
    }
    if (this.#told.size < MAX_TOLD) this.#told.add(problem);
    this.#log.warn({ err: error }, `the replica is not read from: ${problem}`);
  }
}

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
