import { once } from 'node:events';
import { z } from 'zod';
import { BadUserInput, Unavailable } from '#domain/core/errors.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import type { RunJob } from '#worker/job-kind.ts';
import { startWorker } from '#worker/worker.ts';
import { openServices } from './services.ts';
import type { FromWorker, ToWorker } from './worker-process.ts';

/**
 * A worker process for tests: a child of the test, with its environment. Its handlers do what their payload says, and
 * it tells its parent what they do. `effects` is a table that the test makes: a row says that a job took effect.
 */
const tell = (message: FromWorker) => void process.send?.(message);
const released = new AbortController();

const effect = (job: RunningJob) =>
  job.finish(async ({ tx }) => {
    await tx.$executeRaw`INSERT INTO effects (job_id) VALUES (${job.id}::uuid)`;
    return { done: true };
  });

const TASKS = {
  quick: effect,
  async hold(job) {
    await Promise.race([untilAborted(released.signal), untilAborted(job.signal)]);
    job.signal.throwIfAborted();
    await effect(job);
  },
  /** Does not heed its signal. */
  async stubborn(job) {
    await untilAborted(released.signal);
    await effect(job);
  },
  async unavailable() {
    throw new Unavailable('The transcriber is down; try again shortly.');
  },
  async refused() {
    throw new BadUserInput('input.platforms', 'There is nothing to do for no platform.');
  },
  async broken() {
    throw new Error('the password is hunter2');
  },
} satisfies Record<string, (job: RunningJob) => Promise<void>>;

export type Task = keyof typeof TASKS;

const Payload = z.object({ task: z.enum(Object.keys(TASKS) as [Task, ...Task[]]) });

const runTask: RunJob = async (_deps, payload, job) => {
  const { task } = Payload.parse(payload);
  tell({ event: 'begun', jobId: job.id, atMs: Date.now() });
  job.signal.addEventListener('abort', () =>
    tell({ event: 'aborted', jobId: job.id, reason: String(job.signal.reason) }),
  );
  await TASKS[task](job).catch((error: unknown) => {
    tell({ event: 'threw', jobId: job.id, reason: String(error) });
    throw error;
  });
  tell({ event: 'ended', jobId: job.id });
};

const services = await openServices(process.env as Record<string, string>, { works: true });
const worker = await startWorker(services, {
  runOf: () => runTask,
  concurrency: { long: Number(process.env.MAX_CONCURRENT_JOBS ?? 3) },
});
process.on('disconnect', () => process.exit());
process.on('message', async (message: ToWorker) => {
  if (message.order === 'release') return released.abort();
  await worker.stop({ graceMs: message.graceMs });
  await services.close();
  process.exit();
});
tell({ event: 'ready' });

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
