import { fromPrisma, PgBoss, type ConstructorOptions, type PrismaTransactionLike, type QueueOptions } from 'pg-boss';
import { v7 as uuidv7 } from 'uuid';
import type { Config } from '../config.ts';
import type { JobPriority } from '../generated/prisma/enums.ts';
import type { Database } from './database.ts';
import type { Logger } from './log.ts';
import { repeatsQuietly } from './queue-log.ts';

/** Jobs of a lane share its workers, and never wait behind those of another lane. */
export const LANES = ['long'] as const;
export type Lane = (typeof LANES)[number];

/**
 * A job in a worker's hands. It stands for as long as the worker is heard of; then the job is delivered to another, and
 * whatever the first one still asks for under its claim is not done.
 */
export type Claim = { lane: Lane; jobId: string; engineJobId: string; delivery: number };

/** Gets a job that is due. Answering means that it need not be delivered again; throwing, that it must. */
export type Deliver = (claim: Claim, claimLost: AbortSignal) => Promise<void>;

export type LaneWorkers = {
  /** Look for jobs at once, instead of at the next poll. */
  wake(): void;
  /** Takes no more jobs; resolves when those in hand are done. */
  stop(): Promise<void>;
};

/**
 * Brings jobs to workers: pg-boss, which knows neither what a job is nor when it is given up. Where a transaction is
 * taken, the act is a part of it. On the embedded database nobody hears of new jobs: wake the workers after the commit.
 */
export type Queue = {
  /** Answers the id by which the engine knows the job. */
  add(tx: PrismaTransactionLike, job: { lane: Lane; jobId: string; priority: JobPriority }): Promise<string>;
  /** The job is not delivered (again). */
  remove(tx: PrismaTransactionLike, job: { lane: Lane; engineJobId: string }): Promise<void>;
  /** Whether the claim still stands; it cannot be lost before the transaction ends. */
  holds(tx: PrismaTransactionLike, claim: Claim): Promise<boolean>;
  /** Ends the claim: the job is delivered to whoever asks next, after the delay. */
  putBack(tx: PrismaTransactionLike, claim: Claim, delaySeconds: number): Promise<void>;
  work(lane: Lane, concurrency: number, deliver: Deliver): Promise<LaneWorkers>;
  close(): Promise<void>;
};

const PRIORITIES: Record<JobPriority, number> = { LOW: 0, NORMAL: 1, HIGH: 2, URGENT: 3 };

/**
 * How soon a worker is found dead, and its job by another: pg-boss looks for missed heartbeats every second, in one
 * process at a time (should that be the dead one, the next takes over within another second), and free workers poll
 * every two. So a job is taken again within its lease and four seconds of its worker's last heartbeat.
 */
const SUPERVISE_SECONDS = 1;
const POLL_SECONDS = 2;
const HEARTBEATS_PER_LEASE = 5;

const DAY_SECONDS = 24 * 60 * 60;

/** The engine gives no job up and forgets none that waits: that is for the `jobs` row to say. */
const NEVER_GIVEN_UP = {
  retryLimit: 1_000_000,
  retryDelay: 0,
  expireInSeconds: DAY_SECONDS,
  retentionSeconds: 3650 * DAY_SECONDS,
} satisfies QueueOptions;

/** pg-boss counts its table every second, so what is done leaves it soon. */
const TIDY = { deleteAfterSeconds: 60, maintenanceIntervalSeconds: 60 };

/** Parts of pg-boss that Parley has no use for, as quiet as they can be. */
const UNUSED: ConstructorOptions = { schedule: false, flowIntervalSeconds: DAY_SECONDS, reindex: false, monitorVacuum: false };

/**
 * Opens the engine, and installs or migrates its tables; any number of processes may do so at once. A process that
 * `works` may call `work`, and looks after dead workers.
 */
export async function openQueue(
  config: Pick<Config, 'databaseUrl' | 'jobLeaseMs'>,
  database: Database,
  log: Logger,
  { works }: { works: boolean },
): Promise<Queue> {
  const listens = database.kind === 'postgres';
  const boss = new PgBoss({
    ...UNUSED,
    ...(listens ? ownConnections(config.databaseUrl as string, works) : sharedConnections(database)),
    supervise: works,
    superviseIntervalSeconds: SUPERVISE_SECONDS,
    monitorIntervalSeconds: SUPERVISE_SECONDS,
    maintenanceIntervalSeconds: TIDY.maintenanceIntervalSeconds,
  });
  const report = repeatsQuietly(log);
  boss.on('error', (error) => report(error, 'the job engine met an error; it goes on trying'));
  boss.on('warning', ({ message, data }) => log.warn({ data }, message));
  await boss.start();
  const leaseSeconds = Math.ceil(config.jobLeaseMs / 1000);
  const lane = { ...NEVER_GIVEN_UP, deleteAfterSeconds: TIDY.deleteAfterSeconds, heartbeatSeconds: leaseSeconds, notify: listens };
  for (const name of LANES) await openLane(boss, name, lane);
  return queueOn(boss, leaseSeconds);
}

/** A few connections of its own: the polls of one process, a heartbeat, its maintenance; and one that listens. */
function ownConnections(connectionString: string, works: boolean): ConstructorOptions {
  return { connectionString, application_name: 'parley jobs', max: works ? 4 : 2, useListenNotify: works };
}

function sharedConnections({ pool }: Database): ConstructorOptions {
  return { backend: 'pglite', db: { executeSql: (text, values) => pool.query(text, values) } };
}

async function openLane(boss: PgBoss, name: Lane, options: Parameters<PgBoss['createQueue']>[1] & object): Promise<void> {
  await boss.createQueue(name, options);
  await boss.updateQueue(name, options);
  // Fills pg-boss's cache of queues. A miss would be read outside the caller's transaction, which on the embedded
  // database waits for that transaction to end.
  await boss.findJobs(name, { id: uuidv7() });
}

type EngineData = { jobId: string };

function queueOn(boss: PgBoss, leaseSeconds: number): Queue {
  const attempt = ({ engineJobId, delivery }: Claim) => ({ id: engineJobId, retryCount: delivery });
  return {
    async add(tx, { lane, jobId, priority }) {
      const id = uuidv7();
      await boss.send(lane, { jobId } satisfies EngineData, { id, priority: PRIORITIES[priority], db: fromPrisma(tx) });
      return id;
    },
    async remove(tx, { lane, engineJobId }) {
      await boss.cancel(lane, engineJobId, { db: fromPrisma(tx) });
    },
    async holds(tx, claim) {
      const touched = (await boss.touch(claim.lane, attempt(claim), { db: fromPrisma(tx) })) as { affected: number };
      return touched.affected === 1;
    },
    async putBack(tx, claim, delaySeconds) {
      const db = fromPrisma(tx);
      await boss.fail(claim.lane, attempt(claim), null, { db });
      await boss.update(claim.lane, undefined, { id: claim.engineJobId, startAfter: delaySeconds, db });
    },
    work: (lane, concurrency, deliver) => work(boss, leaseSeconds, lane, concurrency, deliver),
    close: () => boss.stop({ graceful: false }),
  };
}

async function work(boss: PgBoss, leaseSeconds: number, lane: Lane, concurrency: number, deliver: Deliver): Promise<LaneWorkers> {
  const options = {
    pollingIntervalSeconds: POLL_SECONDS,
    notifyPollingIntervalSeconds: POLL_SECONDS,
    heartbeatRefreshSeconds: leaseSeconds / HEARTBEATS_PER_LEASE,
  };
  const start = async (): Promise<string> => {
    const worker: string = await boss.work<EngineData>(lane, options, async ([job]) => {
      if (!job) return;
      await deliver({ lane, jobId: job.data.jobId, engineJobId: job.id, delivery: job.retryCount }, job.signal);
      // It would otherwise pause for a poll's length between two jobs.
      boss.notifyWorker(worker);
    });
    return worker;
  };
  const workers = await Promise.all(Array.from({ length: concurrency }, start));
  return {
    wake: () => workers.forEach((worker) => boss.notifyWorker(worker)),
    stop: () => boss.offWork(lane),
  };
}
