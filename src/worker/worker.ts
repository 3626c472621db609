import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import type { Deliver, Lane } from '#adapters/queue/queue.ts';
import { inSpan } from '#adapters/tracing.ts';
import { laneChannel } from '#domain/core/channels.ts';
import type { Services } from '#domain/core/deps.ts';
import { LIMITED_LANES } from '#domain/core/job-kinds.ts';
import { claimJob } from '#domain/jobs/attempts.ts';
import type { JobKind } from '#generated/prisma/enums.ts';
import type { RunJob } from './job-kind.ts';
import { JOB_KINDS } from './job-kinds.ts';
import { type Run, startRun } from './run.ts';

/** What a worker runs. */
export type WorkerOptions = {
  /** How jobs of a kind are run; by its definition, unless something else is given. */
  runOf?: (kind: JobKind) => RunJob;
  /** How many jobs of each lane run at once, whatever their kinds; of a lane that is not named, none. */
  concurrency: Partial<Record<Lane, number>>;
};

/** A worker that runs jobs. */
export type Worker = {
  /** Claims no more jobs, lets those in hand finish for `graceMs`, and gives what is left to other workers. */
  stop(options?: { graceMs?: number }): Promise<void>;
  /** How many jobs it runs. */
  running(): number;
};

/** How long jobs may go on after the worker was told to stop. */
const STOP_GRACE_MS = 20_000;
/** For running jobs to notice that they were released, before the connections close under them. */
const LEAVE_MS = 1_000;

/** Starts to run jobs of the given lanes, as many at once as each may. */
export async function startWorker(
  services: Services,
  { runOf = (kind) => JOB_KINDS[kind].run, concurrency }: WorkerOptions,
): Promise<Worker> {
  const runs = new Set<Run>();
  await warmUp(services);
  const deliver = createDeliver(services, runOf, runs);
  const lanes = Object.entries(concurrency) as [Lane, number][];
  const stops = await Promise.all(lanes.map(([lane, size]) => startLane(services, lane, size, deliver)));
  const claimNoMore = () => Promise.all(stops.map((stop) => stop()));
  return {
    async stop({ graceMs = STOP_GRACE_MS } = {}) {
      const done = claimNoMore();
      await waitAtMost(graceMs, done);
      if (runs.size === 0) return;
      await Promise.all(
        Array.from(runs, (run) => run.release().catch((error: unknown) => logLeftBehind(services, error))),
      );
      await waitAtMost(LEAVE_MS, done);
    },
    running: () => runs.size,
  };
}

/**
 * Where a job may take hours, the places that one user has taken are gone for everybody who comes later, however fair the order in which
 * jobs wait. So one user gets half of them at most, also while nobody else is there.
 */
const LANES_OF_LONG_WORK: ReadonlySet<Lane> = new Set<Lane>(LIMITED_LANES);

/** Returns how to stop, which resolves when what is in hand is done. */
async function startLane({ queue, pubsub }: Services, lane: Lane, size: number, deliver: Deliver) {
  const places = { all: size, perOwner: LANES_OF_LONG_WORK.has(lane) ? Math.ceil(size / 2) : null };
  const workers = await queue.work(lane, places, deliver);
  const leave = await pubsub.subscribe(laneChannel(lane), workers.wake);
  return () => {
    leave();
    return workers.stop();
  };
}

/** Claims a job that there is not: the first transaction of a process connects and compiles, for which no job should wait. */
async function warmUp(services: Services): Promise<void> {
  await claimJob(services, { lane: 'replies', jobId: uuidv7(), engineJobId: uuidv7(), delivery: 0 });
}

function createDeliver(services: Services, runOf: (kind: JobKind) => RunJob, runs: Set<Run>): Deliver {
  return async (claim, claimLost) => {
    try {
      const attempt = await claimJob(services, claim);
      if (!attempt) return;
      const { id, kind, attempt: number } = attempt.job;
      const runOnce = async () => {
        const run = startRun(services, runOf(kind), attempt, claimLost);
        runs.add(run);
        await run.done.finally(() => runs.delete(run));
      };
      await inSpan(`job ${kind}`, { 'job.id': id, 'job.attempt': number }, runOnce, claim.traceParent);
      await JOB_KINDS[kind].afterEnd?.(services);
    } catch (error) {
      services.log.error(
        { err: error, jobId: claim.jobId },
        'a job could not be claimed or ended; it will be delivered again',
      );
      throw error;
    }
  };
}

async function waitAtMost(graceMs: number, done: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  const graceOver = sleep(graceMs, undefined, { signal: timer.signal }).catch(() => {});
  await Promise.race([done, graceOver]);
  timer.abort();
}

function logLeftBehind({ log }: Services, error: unknown): void {
  log.error({ err: error }, 'a running job could not be released; another worker gets it when its lease is over');
}
