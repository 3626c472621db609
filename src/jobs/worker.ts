import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import type { Deliver, Lane, LaneWorkers } from '../adapters/queue.ts';
import { laneChannel } from '../domain/channels.ts';
import type { Services } from '../domain/deps.ts';
import { takeJob } from '../domain/job-attempts.ts';
import type { JobRegistry } from './handlers.ts';
import { type Run, startRun } from './run.ts';

export type Worker = {
  /** Takes no more jobs, lets those in hand finish for `graceMs`, and gives what is left to other workers. */
  stop(options?: { graceMs?: number }): Promise<void>;
};

const STOP_GRACE_MS = 20_000;
/** For handlers to notice that their job was given away, before the connections close under them. */
const LEAVE_MS = 1_000;

/** Works on the lane of long jobs, `maxConcurrentJobs` at a time whatever their kinds. */
export async function startWorker(
  services: Services,
  { registry, maxConcurrentJobs }: { registry: JobRegistry; maxConcurrentJobs: number },
): Promise<Worker> {
  const lane: Lane = 'long';
  const runs = new Set<Run>();
  await rehearse(services, lane);
  const workers = await services.queue.work(lane, maxConcurrentJobs, deliverTo(services, registry, runs));
  const leave = await services.pubsub.subscribe(laneChannel(lane), workers.wake);
  return {
    async stop({ graceMs = STOP_GRACE_MS } = {}) {
      leave();
      await finishWithin(graceMs, workers);
      if (runs.size === 0) return;
      await Promise.all(
        Array.from(runs, (run) => run.giveBack().catch((error: unknown) => leftBehind(services, error))),
      );
      await finishWithin(LEAVE_MS, workers);
    },
  };
}

/** Takes a job that there is not: the first transaction of a process connects and compiles, for which no job should wait. */
async function rehearse(services: Services, lane: Lane): Promise<void> {
  await takeJob(services, { lane, jobId: uuidv7(), engineJobId: uuidv7(), delivery: 0 });
}

function deliverTo(services: Services, registry: JobRegistry, runs: Set<Run>): Deliver {
  return async (claim, claimLost) => {
    try {
      const attempt = await takeJob(services, claim);
      if (!attempt) return;
      const run = startRun(services, registry[attempt.job.kind], attempt, claimLost);
      runs.add(run);
      await run.done.finally(() => runs.delete(run));
    } catch (error) {
      services.log.error(
        { err: error, jobId: claim.jobId },
        'a job could not be taken or ended; it will be delivered again',
      );
      throw error;
    }
  };
}

async function finishWithin(graceMs: number, workers: LaneWorkers): Promise<void> {
  const timer = new AbortController();
  const graceOver = sleep(graceMs, undefined, { signal: timer.signal }).catch(() => {});
  await Promise.race([workers.stop(), graceOver]);
  timer.abort();
}

function leftBehind({ log }: Services, error: unknown): void {
  log.error({ err: error }, 'a running job could not be given back; another worker gets it when its lease is over');
}
