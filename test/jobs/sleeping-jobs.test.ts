import { expect, it } from 'vitest';
import type { Deps } from '#domain/core/deps.ts';
import { runTransaction } from '#domain/core/transaction.ts';
import { write } from '#domain/core/write.ts';
import { cancelJob } from '#domain/jobs/jobs.ts';
import { wakeJob } from '#domain/jobs/sleeping-jobs.ts';
import { useServices } from '../support/services.ts';
import { until } from '../support/until.ts';

const app = useServices({ works: true });
const LIMITS = { timeoutMs: 10_000, lockWaitMs: 2_000 };

const enqueueOne = (deps: Deps) =>
  write(deps, {
    action: 'test',
    run: async ({ enqueue }) => (await enqueue({ kind: 'EMBED_MEMORIES', payload: { all: true } })).id,
  });
const jobOf = (deps: Deps, id: string) => deps.database.prisma.job.findUniqueOrThrow({ where: { id } });
const wake = (deps: Deps, id: string) => runTransaction(deps, LIMITS, (change) => wakeJob(change, deps, id));

it('a job sleeps without a worker, is RUNNING for its user, and is woken; what woke it while it ran is not lost', async () => {
  const ann = await app.newUser();
  let runs = 0;
  const { promise: isRunning, resolve: begun } = Promise.withResolvers<void>();
  const { promise: goOn, resolve: release } = Promise.withResolvers<void>();
  await app.startWorker({
    concurrency: { light: 1 },
    runOf: () => async (_deps, _payload, job) => {
      runs += 1;
      if (runs === 1) {
        begun();
        await goOn;
      }
      if (runs < 4) await job.sleep(null);
    },
  });
  const id = await enqueueOne(ann);
  await isRunning;
  await wake(ann, id);
  release();
  const asleep = await until(
    () => jobOf(ann, id),
    ({ sleepsUntil }) => runs === 2 && sleepsUntil !== null && sleepsUntil.getTime() > Date.now(),
  );
  expect(asleep).toMatchObject({ status: 'RUNNING', attempt: 1 });
  await wake(ann, id);
  await until(
    () => jobOf(ann, id),
    ({ sleepsUntil }) => runs === 3 && sleepsUntil !== null,
  );
  await wake(ann, id);
  await until(
    () => jobOf(ann, id),
    ({ status }) => status === 'SUCCEEDED',
  );
  expect(runs).toBe(4);
});

it('a job that sleeps is cancelled at once', async () => {
  const ann = await app.newUser();
  await app.startWorker({ concurrency: { light: 1 }, runOf: () => (_deps, _payload, job) => job.sleep(null) });
  const id = await enqueueOne(ann);
  await until(
    () => jobOf(ann, id),
    ({ sleepsUntil }) => sleepsUntil !== null,
  );
  expect(await cancelJob(ann, { jobId: id })).toMatchObject({ status: 'CANCELLED', sleepsUntil: null });
});

it('a job that sleeps shows what it reported last, also right after another report', async () => {
  const ann = await app.newUser();
  await app.startWorker({
    concurrency: { light: 1 },
    runOf: () => (_deps, _payload, job) => {
      job.reportProgress({ fraction: 0.2, message: 'first' });
      job.reportProgress({ fraction: 0.4, message: 'last' });
      return job.sleep(null);
    },
  });
  const id = await enqueueOne(ann);
  const asleep = await until(
    () => jobOf(ann, id),
    ({ sleepsUntil }) => sleepsUntil !== null,
  );
  expect(asleep).toMatchObject({ progress: 0.4, message: 'last' });
});
