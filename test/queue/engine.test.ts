import { PgBoss } from 'pg-boss';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Deps } from '#domain/core/deps.ts';
import { write } from '#domain/core/write.ts';
import { backOffSeconds } from '#domain/jobs/failures.ts';
import type { RunJob } from '#worker/job-kind.ts';
import { createDatabase } from '../support/databases.ts';
import { enqueue, findJob, waitForJob } from '../support/job-rows.ts';
import { createUser, type OpenServices, useServices } from '../support/services.ts';
import { until } from '../support/until.ts';

const { services, newUser, open, startWorker } = useServices({ works: true });
let ann: Deps;

beforeEach(async () => {
  await services.database.pool.query('TRUNCATE jobs, pgboss.job_common');
  ann = await newUser();
});

const workOn = (run: RunJob, maxConcurrentJobs = 3) =>
  startWorker({ runOf: () => run, concurrency: { long: maxConcurrentJobs } });

describe('the engine', () => {
  it('starts in several processes at once, on a database that it was never on', async () => {
    const fresh = await createDatabase();
    onTestFinished(() => fresh.drop());
    const opened = await Promise.all([1, 2, 3].map(() => open(fresh.env)));
    await enqueue(await createUser(opened[0] as OpenServices), 'quick');
  });

  it('knows nothing of a job whose transaction was rolled back', async () => {
    const failing = write(ann, {
      action: 'test.fail',
      async run(change) {
        await change.enqueue({ kind: 'PROCESS_EPISODE', payload: {} });
        throw new Error('and then it failed');
      },
    });
    await expect(failing).rejects.toThrow('and then it failed');
    expect(await services.database.prisma.job.count()).toBe(0);
    const { rows } = await services.database.pool.query('SELECT 1 FROM pgboss.job');
    expect(rows).toEqual([]);
  });

  it('brings urgent jobs first, and those of one priority in the order they came', async () => {
    const admin = await newUser('ADMIN');
    const ids = new Map<string, string>();
    for (const [name, priority] of [
      ['a', 'LOW'],
      ['b', 'NORMAL'],
      ['c', 'URGENT'],
      ['d', 'HIGH'],
      ['e', 'NORMAL'],
    ] as const) {
      ids.set(await enqueue(admin, 'quick', { priority }), name);
    }
    const order: (string | undefined)[] = [];
    const worker = await workOn(async (_deps, _payload, job) => void order.push(ids.get(job.id)), 1);
    await until(
      async () => order.length,
      (length) => length === 5,
    );
    await worker.stop();
    expect(order).toEqual(['c', 'd', 'b', 'e', 'a']);
  });

  it('runs as many at once as it is told, and no more', async () => {
    const ids: string[] = [];
    for (const owner of [ann, await newUser(), await newUser()])
      for (let n = 0; n < 3; n += 1) ids.push(await enqueue(owner, 'quick'));
    let running = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    const worker = await workOn(async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => waiting.push(resolve));
      running -= 1;
    });
    await until(
      async () => waiting.length,
      (length) => length === 3,
    );
    for (const id of ids) {
      await until(
        async () => waiting.length,
        (length) => length > 0,
      );
      waiting.shift()?.();
      await until(
        () => services.database.prisma.job.count({ where: { status: 'SUCCEEDED' } }),
        (count) => count > ids.indexOf(id),
      );
    }
    await worker.stop();
    expect(most).toBe(3);
  });

  it('goes on when it cannot poll at the moment when a job begins, and so with all its places', async () => {
    const refused = vi.spyOn(PgBoss.prototype, 'work');
    onTestFinished(() => refused.mockRestore());
    const begun: (() => void)[] = [];
    const worker = await startWorker({
      runOf: () => () => new Promise<void>((resolve) => begun.push(resolve)),
      concurrency: { light: 2 },
    });
    refused.mockRejectedValueOnce(new Error('not at the moment'));
    const embed = () =>
      write(ann, {
        action: 'test.embed',
        run: (change) => change.enqueue({ kind: 'EMBED_MEMORIES', payload: {} }),
      });
    const ids = [(await embed()).id, (await embed()).id];
    await until(
      async () => begun.length,
      (running) => running === 2,
    );
    for (const end of begun) end();
    for (const id of ids) expect(await waitForJob(services, id, 'SUCCEEDED')).toMatchObject({ attempt: 1 });
    await worker.stop();
  });

  it('lets exactly as many wait as there are places, whoever comes at once', async () => {
    const other = await open();
    const limits = { ...ann.limits, maxQueueSize: 10 };
    const comers = [
      { ...ann, limits },
      { ...ann, ...other, limits },
    ];
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) => enqueue(comers[n % 2] as Deps, 'quick')),
    );
    const refusals = outcomes.filter((outcome) => outcome.status === 'rejected').map((outcome) => outcome.reason);
    expect(refusals).toHaveLength(40);
    for (const refusal of refusals)
      expect(refusal).toMatchObject({ code: 'QUEUE_FULL', details: { limit: 10, limitOf: 'everybody' } });
    expect(await services.database.prisma.job.count({ where: { status: 'QUEUED' } })).toBe(10);
  });

  it('lets exactly as many of one user wait as may, whoever comes at once', async () => {
    const other = await open();
    const limits = { ...ann.limits, maxQueuedPerUser: 5 };
    const bob = await newUser();
    const comers = [ann, { ...ann, ...other }, bob, { ...bob, ...other }].map((deps) => ({ ...deps, limits }));
    await Promise.allSettled(Array.from({ length: 60 }, (_, n) => enqueue(comers[n % 4] as Deps, 'quick')));
    const waiting = await services.database.prisma.job.groupBy({ by: ['requestedById'], _count: true });
    expect(waiting.map(({ _count }) => _count)).toEqual([5, 5]);
  });

  it('takes one job of whoever has none, though others have filled it, until twice as many wait', async () => {
    const limits = { ...ann.limits, maxQueueSize: 4, maxQueuedPerUser: 2 };
    const comers = await Promise.all(Array.from({ length: 7 }, async () => ({ ...(await newUser()), limits })));
    const [first, second, ...others] = comers as [Deps, Deps, ...Deps[]];
    for (const deps of [first, first, second, second]) await enqueue(deps, 'quick');
    await Promise.allSettled(others.flatMap((deps) => [enqueue(deps, 'quick'), enqueue(deps, 'quick')]));
    const waiting = await services.database.prisma.job.groupBy({ by: ['requestedById'], _count: true });
    expect(waiting.map(({ _count }) => _count).sort()).toEqual([1, 1, 1, 1, 2, 2]);
    await expect(enqueue({ ...ann, limits }, 'quick')).rejects.toMatchObject({
      code: 'QUEUE_FULL',
      details: { limit: 4, limitOf: 'everybody' },
    });
  });

  it('gives handlers the user who asked, and an answer kept as the result', async () => {
    const id = await enqueue(ann, 'quick');
    const worker = await workOn((deps, payload, job) =>
      job.finish(async () => ({ for: deps.actor.userId, payload: payload as object })),
    );
    const job = await waitForJob(services, id, 'SUCCEEDED');
    await worker.stop();
    expect(job).toMatchObject({
      attempt: 1,
      progress: 1,
      result: { for: ann.actor.userId, payload: { task: 'quick' } },
      errorCode: null,
    });
    expect(job.finishedAt?.getTime()).toBeGreaterThanOrEqual(job.startedAt?.getTime() as number);
  });

  it('shows progress at most four times a second, and never falling', async () => {
    const id = await enqueue(ann, 'quick');
    const seen: { version: number; progress: number }[] = [];
    let reports = 0;
    const startedMs = performance.now();
    const worker = await workOn(async (_deps, _payload, job) => {
      for (; (await findJob(services, job.id)).version < 6; reports += 1) {
        job.reportProgress({ fraction: (reports % 7 === 6 ? reports - 5 : reports) / 10_000, stage: 'counting' });
        const { version, progress } = await findJob(services, job.id);
        seen.push({ version, progress });
      }
    });
    const job = await waitForJob(services, id, 'SUCCEEDED');
    const seconds = (performance.now() - startedMs) / 1000;
    await worker.stop();
    expect(seen.map(({ progress }) => progress)).toEqual(seen.map(({ progress }) => progress).sort((a, b) => a - b));
    expect(new Set(seen.map(({ version }) => version)).size).toBeGreaterThanOrEqual(3);
    expect(reports).toBeGreaterThan(10);
    expect(job.version).toBeLessThanOrEqual(3 + 1 + 4 * seconds);
  });
});

it('the pause before another attempt grows, and is as long at least as what failed asks for, within bounds', () => {
  for (const [attempt, retryAfterMs, longOutage, least] of [
    [1, null, false, 1],
    [3, null, false, 4],
    [1, 20_000, false, 20],
    [20, null, false, 300],
    [1, 86_400_000, false, 3_600],
    [1, null, true, 2],
    [3, null, true, 50],
    [3, 60_000, true, 60],
    [5, null, true, 300],
  ] as const) {
    const seconds = backOffSeconds(attempt, { retryAfterMs, longOutage });
    expect(seconds).toBeGreaterThanOrEqual(least);
    expect(seconds).toBeLessThanOrEqual(least * 1.5);
  }
});
