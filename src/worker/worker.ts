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

export type WorkerOptions = {
  /** Returns how jobs of a kind are run; the default is their definition. */
  runOf?: (kind: JobKind) => RunJob;
  /** How many jobs of each lane run concurrently, whatever their kinds; none of a lane that is omitted. */
  concurrency: Partial<Record<Lane, number>>;
};

export type Worker = {
  /** Claims no more jobs, lets running ones finish for `graceMs`, and releases the rest to other workers. */
  stop(options?: { graceMs?: number }): Promise<void>;
  /** The number of running jobs. */
  running(): number;
};

/** The grace period for running jobs after the worker was told to stop. */
const STOP_GRACE_MS = 20_000;
/** How long released jobs have to notice that, before the connections close under them. */
const LEAVE_MS = 1_000;

/** Starts to run jobs of the given lanes. */
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
 * In lanes whose jobs may take hours, slots that one user has taken are unavailable to everybody who comes later, however fair the queue
 * is. So one user gets at most half of them, even while nobody else waits.
 */
const LANES_OF_LONG_WORK: ReadonlySet<Lane> = new Set<Lane>(LIMITED_LANES);

/** Returns a function that stops the lane, and resolves when its running jobs are done. */
async function startLane({ queue, pubsub }: Services, lane: Lane, size: number, deliver: Deliver) {
  const places = { all: size, perOwner: LANES_OF_LONG_WORK.has(lane) ? Math.ceil(size / 2) : null };
  const workers = await queue.work(lane, places, deliver);
  const leave = await pubsub.subscribe(laneChannel(lane), workers.wake);
  return () => {
    leave();
    return workers.stop();
  };
}

/** Claims a nonexistent job. The first transaction of a process connects and compiles, which no real job should wait for. */
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
