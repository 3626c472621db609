import { setTimeout as sleep } from 'node:timers/promises';
import { type Job as EngineJob, fromPrisma, type PgBoss, type PrismaTransactionLike } from 'pg-boss';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '#adapters/database/database.ts';
import type { Logger } from '#adapters/log.ts';
import { currentTraceParent } from '#adapters/tracing.ts';
import type { Config } from '#config/config.ts';
import type { JobPriority } from '#generated/prisma/enums.ts';
import { watchDueLanes } from './due-lanes.ts';
import { startEngine } from './engine.ts';

/** Jobs of a lane share its workers, and never wait behind those of another lane. */
export const LANES = ['long', 'renders', 'replies', 'light', 'calls', 'campaigns', 'operations'] as const;
/** One of LANES. */
export type Lane = (typeof LANES)[number];

/**
 * A worker's claim on a job. It lasts as long as the worker's heartbeats arrive; then the job is delivered to another worker, and
 * whatever the first one still does under its claim has no effect. `traceParent` is the span in which the job was enqueued.
 */
export type Claim = {
  lane: Lane;
  jobId: string;
  engineJobId: string;
  delivery: number;
  traceParent?: string | undefined;
};

/**
 * A job for a worker of the lane: the highest priority is delivered first, then the smallest `turn`, 0 to MAX_TURN. `owner` is the user
 * to whom the job belongs; null if it belongs to nobody.
 */
export type NewEngineJob = { lane: Lane; jobId: string; priority: JobPriority; turn: number; owner: string | null };

/** How many jobs of a lane a process runs at once, and how many of them may belong to one owner; null for no limit. */
type Places = { all: number; perOwner: number | null };

/** Called with a job that is due. When it resolves, the job is not delivered again; when it rejects, it is. */
export type Deliver = (claim: Claim, claimLost: AbortSignal) => Promise<void>;

/** The workers of one lane in this process. */
export type LaneWorkers = {
  /** Polls for jobs now, instead of at the end of the interval. */
  wake(): void;
  /** Claims no more jobs; resolves when the running ones are done. */
  stop(): Promise<void>;
};

/**
 * Delivers jobs to workers by pg-boss, which knows neither what a job is nor when it is given up. Methods that take a transaction act
 * within it. On the embedded database nobody is notified of new jobs: wake the workers after the commit.
 */
export type Queue = {
  /** Returns the engine's id of the job. */
  add(tx: PrismaTransactionLike, job: NewEngineJob): Promise<string>;
  /** The job is not delivered (again). */
  remove(tx: PrismaTransactionLike, job: { lane: Lane; engineJobId: string }): Promise<void>;
  /** Whether the claim is still valid; it cannot be lost before the transaction ends. */
  holds(tx: PrismaTransactionLike, claim: Claim): Promise<boolean>;
  /** Ends the claim: the job is delivered to the next worker, after the delay. */
  requeue(tx: PrismaTransactionLike, claim: Claim, delaySeconds: number): Promise<void>;
  /** Ends the delay of a job: it is delivered to the next worker. */
  deliverNow(tx: PrismaTransactionLike, job: { lane: Lane; engineJobId: string }): Promise<void>;
  /** Ends the claims of all workers: for a process that is the only one. Their jobs are delivered to the next workers. */
  releaseClaims(): Promise<void>;
  /** Delivers the jobs of a lane, as many at once as it has slots, until the workers are stopped. */
  work(lane: Lane, places: Places, deliver: Deliver): Promise<LaneWorkers>;
  /** Does not wait for running jobs. */
  close(): Promise<void>;
};

const PRIORITIES: Record<JobPriority, number> = { LOW: 0, NORMAL: 1, HIGH: 2, URGENT: 3 };
/** pg-boss orders deliveries by one 32-bit number, the largest first: so many turns are between two priorities. */
const TURNS = 2 ** 29;
/** The last turn. */
export const MAX_TURN = TURNS - 1;

/** How often a free worker polls without being woken. */
const POLL_SECONDS = 60;
/** How often a worker sends heartbeats: often enough for the shortest JOB_LEASE_MS, 10 s. */
const HEARTBEAT_SECONDS = 2;
const WORK_OPTIONS = {
  pollingIntervalSeconds: POLL_SECONDS,
  notifyPollingIntervalSeconds: POLL_SECONDS,
  heartbeatRefreshSeconds: HEARTBEAT_SECONDS,
};
/** After how long a lane that could not get another worker tries again. */
const RETRY_MS = 2_000;

/** Opens the queue of a process. One that `works` may call `work`, and releases the jobs of dead workers. */
export async function openQueue(
  config: Pick<Config, 'databaseUrl' | 'jobLeaseMs'>,
  database: Database,
  log: Logger,
  { works }: { works: boolean },
): Promise<Queue> {
  const boss = await startEngine(config, database, log, { lanes: LANES, works });
  return createQueue(boss, log, { works });
}

type EngineData = { jobId: string; traceParent?: string | undefined };

function createQueue(boss: PgBoss, log: Logger, { works }: { works: boolean }): Queue {
  const attempt = ({ engineJobId, delivery }: Claim) => ({ id: engineJobId, retryCount: delivery });
  const working = new Map<Lane, LaneWorkers>();
  const closing = new AbortController();
  if (works) void watchDueLanes(boss, working, closing.signal);
  return {
    async add(tx, { lane, jobId, priority, turn, owner }) {
      const id = uuidv7();
      const order = PRIORITIES[priority] * TURNS - turn;
      const data: EngineData = { jobId, traceParent: currentTraceParent() };
      const group = owner === null ? {} : { group: { id: owner } };
      await boss.send(lane, data, { id, priority: order, ...group, db: fromPrisma(tx) });
      return id;
    },
    async remove(tx, { lane, engineJobId }) {
      await boss.cancel(lane, engineJobId, { db: fromPrisma(tx) });
    },
    async holds(tx, claim) {
      const touched = (await boss.touch(claim.lane, attempt(claim), { db: fromPrisma(tx) })) as { affected: number };
      return touched.affected === 1;
    },
    async requeue(tx, claim, delaySeconds) {
      const db = fromPrisma(tx);
      await boss.fail(claim.lane, attempt(claim), null, { db });
      await boss.update(claim.lane, undefined, { id: claim.engineJobId, startAfter: delaySeconds, db });
    },
    async deliverNow(tx, { lane, engineJobId }) {
      await boss.update(lane, undefined, { id: engineJobId, startAfter: 0, db: fromPrisma(tx) });
    },
    async releaseClaims() {
      for (const lane of LANES) {
        const claimed = (await boss.findJobs(lane)).filter(({ state }) => state === 'active');
        if (claimed.length > 0)
          await boss.fail(
            lane,
            claimed.map(({ id }) => id),
          );
      }
    },
    async work(lane, { all, perOwner }, deliver) {
      const workers =
        perOwner === null
          ? await work({ boss, log: log.child({ lane }) }, lane, all, deliver)
          : await workForOwners(boss, lane, { all, perOwner }, deliver);
      working.set(lane, workers);
      return workers;
    },
    close() {
      closing.abort();
      return boss.stop({ graceful: false });
    },
  };
}

/**
 * One worker of a lane polls for jobs. When it gets one, another is spawned to poll in its place, as long as the lane may run more; when
 * it is done, it polls again, or ends if another one is polling. So however many jobs a lane may run at once, a new job costs one fetch: 32
 * workers that poll and are woken together cost 32. If the engine fails to spawn a worker, the current job runs all the same, and the lane
 * tries again until somebody polls.
 */
async function work(
  { boss, log }: { boss: PgBoss; log: Logger },
  lane: Lane,
  concurrency: number,
  deliver: Deliver,
): Promise<LaneWorkers> {
  let busy = 0;
  let stopping = false;
  let isPolling = false;
  let pollingWorker = '';
  const spawnWorker = async () => {
    isPolling = true;
    try {
      const worker: string = await boss.work<EngineData>(lane, WORK_OPTIONS, async ([job]) => {
        if (!job) return;
        busy += 1;
        isPolling = false;
        void keepPolling();
        try {
          await deliver(toClaim(lane, job), job.signal);
        } finally {
          busy -= 1;
          poll(worker);
        }
      });
      pollingWorker = worker;
    } catch (error) {
      isPolling = false;
      throw error;
    }
  };
  const keepPolling = async () => {
    while (!isPolling && !stopping && busy < concurrency) {
      try {
        await spawnWorker();
      } catch (error) {
        log.warn({ err: error }, 'a lane cannot poll for more jobs at the moment; it tries again');
        await sleep(RETRY_MS, undefined, { ref: false });
      }
    }
  };
  const poll = (worker: string) => {
    if (isPolling) return void boss.offWork(lane, { id: worker, wait: false });
    isPolling = true;
    pollingWorker = worker;
    // Otherwise it would wait for POLL_SECONDS between two jobs.
    boss.notifyWorker(worker);
  };
  await spawnWorker();
  return {
    wake: () => boss.notifyWorker(pollingWorker),
    stop() {
      stopping = true;
      return boss.offWork(lane);
    },
  };
}

/**
 * As many workers as there are slots: only for workers that exist from the beginning does the engine count an owner's running jobs, and
 * skip those of an owner who has reached the maximum. Here, too, a new job costs one fetch, or two: when the lane is woken, one free worker
 * polls, and if it gets a job, the next one does. Busy workers poll again when they are done.
 */
async function workForOwners(
  boss: PgBoss,
  lane: Lane,
  { all, perOwner }: { all: number; perOwner: number },
  deliver: Deliver,
): Promise<LaneWorkers> {
  const wake = () => {
    const workers = boss.getWipData().filter(({ name, state }) => name === lane && state === 'active');
    const free = workers.find(({ count }) => count === 0);
    for (const worker of workers) if (worker.count > 0 || worker === free) boss.notifyWorker(worker.id);
  };
  const options = { ...WORK_OPTIONS, localConcurrency: all, localGroupConcurrency: perOwner };
  await boss.work<EngineData>(lane, options, async ([job]) => {
    wake();
    try {
      if (job) await deliver(toClaim(lane, job), job.signal);
    } finally {
      wake();
    }
  });
  return { wake, stop: () => boss.offWork(lane) };
}

const toClaim = (lane: Lane, { id, data, retryCount }: EngineJob<EngineData>): Claim => ({
  lane,
  ...data,
  engineJobId: id,
  delivery: retryCount,
});
