import { setTimeout as sleep } from 'node:timers/promises';
import { type Job as EngineJob, fromPrisma, type PgBoss, type PrismaTransactionLike } from 'pg-boss';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '#adapters/database/database.ts';
import type { Logger } from '#adapters/log.ts';
import { currentTraceParent } from '#adapters/tracing.ts';
import type { Config } from '#config/config.ts';
import type { JobPriority } from '#generated/prisma/enums.ts';
import { startEngine } from './engine.ts';

/** Jobs of a lane share its workers, and never wait behind those of another lane. */
export const LANES = ['long', 'renders', 'replies', 'light', 'calls', 'campaigns', 'operations'] as const;
/** One of LANES. */
export type Lane = (typeof LANES)[number];

/**
 * A worker's hold on a job. It lasts for as long as the worker's heartbeats come; then the job is delivered to another
 * worker, and whatever the first one still asks for under its claim is not done. `traceParent` names the span in which the job
 * was asked for.
 */
export type Claim = {
  lane: Lane;
  jobId: string;
  engineJobId: string;
  delivery: number;
  traceParent?: string | undefined;
};

/**
 * A job for a worker of the lane: the higher priority is delivered first, then the smaller `turn`, 0 to MAX_TURN. `owner` is the user whose
 * job it is; null where it is nobody's.
 */
export type NewEngineJob = { lane: Lane; jobId: string; priority: JobPriority; turn: number; owner: string | null };

/** How many jobs of a lane a process runs at once, and how many of them may be one owner's; null for as many as there are. */
type Places = { all: number; perOwner: number | null };

/** Gets a job that is due. When it resolves, the job is not delivered again; when it rejects, it is. */
export type Deliver = (claim: Claim, claimLost: AbortSignal) => Promise<void>;

/** The workers of one lane in this process. */
export type LaneWorkers = {
  /** Polls for jobs now, instead of when the interval is over. */
  wake(): void;
  /** Takes no more jobs; resolves when those in hand are done. */
  stop(): Promise<void>;
};

/**
 * Brings jobs to workers: pg-boss, which knows neither what a job is nor when it is given up. Where a transaction is
 * taken, the act is a part of it. On the embedded database nobody hears of new jobs: wake the workers after the commit.
 */
export type Queue = {
  /** Returns the id by which the engine knows the job. */
  add(tx: PrismaTransactionLike, job: NewEngineJob): Promise<string>;
  /** The job is not delivered (again). */
  remove(tx: PrismaTransactionLike, job: { lane: Lane; engineJobId: string }): Promise<void>;
  /** Whether the claim still stands; it cannot be lost before the transaction ends. */
  holds(tx: PrismaTransactionLike, claim: Claim): Promise<boolean>;
  /** Ends the claim: the job is delivered to whoever asks next, after the delay. */
  requeue(tx: PrismaTransactionLike, claim: Claim, delaySeconds: number): Promise<void>;
  /** A job that is to be delivered after a delay is delivered to whoever asks next. */
  deliverNow(tx: PrismaTransactionLike, job: { lane: Lane; engineJobId: string }): Promise<void>;
  /** Ends the claims of all workers: for a process that knows of no other. Their jobs are delivered to whoever asks next. */
  releaseClaims(): Promise<void>;
  /** Delivers the jobs of a lane, as many at once as there are places, until they are stopped. */
  work(lane: Lane, places: Places, deliver: Deliver): Promise<LaneWorkers>;
  /** Waits for no job. */
  close(): Promise<void>;
};

const PRIORITIES: Record<JobPriority, number> = { LOW: 0, NORMAL: 1, HIGH: 2, URGENT: 3 };
/** pg-boss has one number of 32 bits for the order of delivery, the largest first: so many turns are between two priorities. */
const TURNS = 2 ** 29;
/** The last turn there is. */
export const MAX_TURN = TURNS - 1;

/** How often a free worker polls, in case no notification came: none comes when a delay is over. */
const POLL_SECONDS = 2;
/** How often a worker says that it has its jobs: often enough for the shortest JOB_LEASE_MS, 10 s. */
const HEARTBEAT_SECONDS = 2;
const WORK_OPTIONS = {
  pollingIntervalSeconds: POLL_SECONDS,
  notifyPollingIntervalSeconds: POLL_SECONDS,
  heartbeatRefreshSeconds: HEARTBEAT_SECONDS,
};
/** How often a worker polls that is woken to poll: in case that it is not. */
const UNWOKEN_POLL_SECONDS = 60;
const OWNERS_WORK_OPTIONS = {
  ...WORK_OPTIONS,
  pollingIntervalSeconds: UNWOKEN_POLL_SECONDS,
  notifyPollingIntervalSeconds: UNWOKEN_POLL_SECONDS,
};

/** Opens the queue of a process. One that `works` may call `work`, and hands the jobs of dead workers to others. */
export async function openQueue(
  config: Pick<Config, 'databaseUrl' | 'jobLeaseMs'>,
  database: Database,
  log: Logger,
  { works }: { works: boolean },
): Promise<Queue> {
  return createQueue(await startEngine(config, database, log, { lanes: LANES, works }), log);
}

type EngineData = { jobId: string; traceParent?: string | undefined };

function createQueue(boss: PgBoss, log: Logger): Queue {
  const attempt = ({ engineJobId, delivery }: Claim) => ({ id: engineJobId, retryCount: delivery });
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
    work: (lane, { all, perOwner }, deliver) =>
      perOwner === null
        ? work({ boss, log: log.child({ lane }) }, lane, all, deliver)
        : workForOwners(boss, lane, { all, perOwner }, deliver),
    close: () => boss.stop({ graceful: false }),
  };
}

/**
 * One worker of a lane polls for jobs. When it gets one, another is spawned to poll in its place, as long as the lane
 * may run more; when it is done, it polls again, or ends if another polls already. So whatever a lane may run at once,
 * an idle lane costs one poll, and a new job one fetch: 32 workers that poll and wake together cost 32. Where the engine
 * spawns none, the job in hand runs all the same, and the lane tries again until somebody polls.
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
        await sleep(POLL_SECONDS * 1_000, undefined, { ref: false });
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
 * As many workers as there are places: the engine counts the jobs of an owner that run here, and passes over those of one who has as many
 * as they may, only for workers that it knows from the beginning. Here, too, an idle lane costs one poll: every POLL_SECONDS, and when it
 * is woken, one free worker looks, and where it gets a job, the next one does. Those at work look again when they are done.
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
  const options = { ...OWNERS_WORK_OPTIONS, localConcurrency: all, localGroupConcurrency: perOwner };
  await boss.work<EngineData>(lane, options, async ([job]) => {
    wake();
    try {
      if (job) await deliver(toClaim(lane, job), job.signal);
    } finally {
      wake();
    }
  });
  const polls = setInterval(wake, POLL_SECONDS * 1_000).unref();
  return {
    wake,
    stop() {
      clearInterval(polls);
      return boss.offWork(lane);
    },
  };
}

const toClaim = (lane: Lane, { id, data, retryCount }: EngineJob<EngineData>): Claim => ({
  lane,
  ...data,
  engineJobId: id,
  delivery: retryCount,
});
