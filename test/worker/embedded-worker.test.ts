import { beforeAll, expect, it } from 'vitest';
import type { Deps } from '#domain/core/deps.ts';
import { Unavailable } from '#domain/core/errors.ts';
import { cancelJob } from '#domain/jobs/jobs.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import type { Worker } from '#worker/worker.ts';
import { enqueue, findJob, waitForJob } from '../support/job-rows.ts';
import { useServices } from '../support/services.ts';

/** The same engine on the embedded database, where one process does everything. */
const { services, newUser, startWorker, restart } = useServices({ on: 'embedded', works: true });
let ann: Deps;
let worker: Worker;
/** What the next jobs do. */
let task: (job: RunningJob) => Promise<void>;

async function work(): Promise<void> {
  worker = await startWorker({ runOf: () => (_deps, _payload, job) => task(job), concurrency: { long: 3 } });
  ann = await newUser();
}

beforeAll(work);

it('runs many jobs that come at once', async () => {
  task = (job) => job.finish(async () => ({ done: true }));
  const ids = await Promise.all(Array.from({ length: 20 }, () => enqueue(ann, 'quick')));
  for (const id of ids)
    expect(await waitForJob(services, id, 'SUCCEEDED')).toMatchObject({ attempt: 1, result: { done: true } });
});

it('refuses more than there are places', async () => {
  const full = { ...ann, limits: { ...ann.limits, maxQueueSize: 0 } };
  await expect(enqueue(full, 'quick')).rejects.toMatchObject({ code: 'QUEUE_FULL' });
});

it('tries again after a failure that may mend', async () => {
  let failures = 1;
  task = async () => {
    if (failures-- > 0) throw new Unavailable();
  };
  const id = await enqueue(ann, 'quick');
  expect(await waitForJob(services, id, 'SUCCEEDED')).toMatchObject({ attempt: 2, errorCode: null });
});

it('tries again after the last attempt that was allowed where that has got somewhere', async () => {
  task = async (job) => {
    const { attempt } = await services.database.prisma.job.findUniqueOrThrow({ where: { id: job.id } });
    if (attempt > 1) return;
    await services.database.prisma.job.update({ where: { id: job.id }, data: { maxAttempts: 1 } });
    await job.writeFenced(({ tx }) => job.giveAttemptsBack(tx));
    throw new Unavailable();
  };
  const id = await enqueue(ann, 'quick');
  const { maxAttempts } = services.jobKinds.PROCESS_EPISODE;
  expect(await waitForJob(services, id, 'SUCCEEDED', 'FAILED')).toMatchObject({ status: 'SUCCEEDED', maxAttempts });
});

it('cancels a job that runs', async () => {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  task = (job) =>
    new Promise((_resolve, reject) => {
      job.signal.addEventListener('abort', () => reject(job.signal.reason));
      begin();
    });
  const id = await enqueue(ann, 'quick');
  await begun;
  await cancelJob(ann, { jobId: id });
  expect(await waitForJob(services, id, 'CANCELLED')).toMatchObject({ attempt: 1 });
});

it('runs after a restart what it was running before', async () => {
  let begin = () => {};
  const begun = new Promise<void>((resolve) => (begin = resolve));
  task = (job) =>
    new Promise((_resolve, reject) => {
      job.signal.addEventListener('abort', () => reject(job.signal.reason));
      begin();
    });
  const id = await enqueue(ann, 'quick');
  await begun;
  await worker.stop({ graceMs: 0 });
  task = (job) => job.finish(async () => ({ after: 'restart' }));
  await restart();
  await work();
  await waitForJob(services, id, 'SUCCEEDED');
  expect(await findJob(services, id)).toMatchObject({ attempt: 1, result: { after: 'restart' } });
});
