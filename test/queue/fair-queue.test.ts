import pg from 'pg';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Deps } from '#domain/core/deps.ts';
import { write } from '#domain/core/write.ts';
import { cancelJob, retryJob } from '#domain/jobs/jobs.ts';
import type { Client } from '../support/client.ts';
import { makeEpisode } from '../support/fixtures.ts';
import { enqueue, insertEpisode, waitForJob } from '../support/job-rows.ts';
import { ProcessEpisode } from '../support/operations.ts';
import { useServices } from '../support/services.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

const JOBS = /* GraphQL */ `{ jobs(first: 100) { edges { node { id status startedAt queuePosition } } } }`;
type JobNode = { id: string; status: string; startedAt: string | null; queuePosition: number | null };

const jobsOf = async (client: Client): Promise<JobNode[]> =>
  (await client.ask(JOBS)).jobs.edges.map(({ node }: { node: JobNode }) => node).reverse();

describe('through the API', () => {
  const { start } = useProcesses({ env: { MAX_CONCURRENT_JOBS: '1' } });

  it('a user who has as many jobs waiting as one may fills no queue of others, and whoever comes then is second', async () => {
    const server = await start('server');
    const [ann, bob] = [await server.user(), await server.user()];
    const process = async (client: Client) =>
      client.send(ProcessEpisode, { input: { episodeId: await makeEpisode(client, 3) } });
    for (let n = 0; n < 50; n += 1) expect((await process(ann)).errors).toBeUndefined();
    const [refusal] = (await process(ann)).errors ?? [];
    expect(refusal).toMatchObject({ extensions: { code: 'QUEUE_FULL', limit: 50, limitOf: 'user' } });
    expect(refusal?.message).toMatch(/50 of your jobs .* cancel some/);
    expect((await process(bob)).errors).toBeUndefined();
    const [bobs] = await jobsOf(bob);
    expect(bobs).toMatchObject({ status: 'QUEUED', queuePosition: 1 });
    expect((await jobsOf(ann)).map(({ queuePosition }) => queuePosition)).toEqual([
      0,
      ...Array.from({ length: 49 }, (_, n) => n + 2),
    ]);

    await start('worker');
    await until(
      () => jobsOf(bob),
      ([job]) => job?.status === 'SUCCEEDED',
    );
    const started = [...(await jobsOf(ann)), ...(await jobsOf(bob))].filter(({ startedAt }) => startedAt);
    started.sort((a, b) => String(a.startedAt).localeCompare(String(b.startedAt)));
    expect(started.map(({ id }) => id).indexOf(bobs?.id ?? '')).toBe(1);
  });

  it('URGENT takes the scope ADMIN', async () => {
    const server = await start('server');
    const ann = await server.user();
    const urgent = async (client: Client) =>
      client.send(ProcessEpisode, { input: { episodeId: await makeEpisode(client, 3), priority: 'URGENT' } });
    const { errors } = await urgent(ann);
    expect(errors).toMatchObject([
      { message: expect.stringMatching(/ADMIN.*HIGH/), extensions: { code: 'FORBIDDEN' } },
    ]);
    expect(await jobsOf(ann)).toEqual([]);
    const { data } = await urgent(server.admin);
    expect(data?.processEpisode?.job).toMatchObject({ status: 'QUEUED', priority: 'URGENT' });
  });
});

const { query: queryOf } = pg.Pool.prototype;

describe('among jobs of one priority', () => {
  const { services, newUser, startWorker } = useServices({ works: true });
  let users: Deps[];
  /** The jobs by their names, as `a1`. */
  const ids = new Map<string, string>();

  beforeEach(async () => {
    ids.clear();
    await services.database.pool.query('TRUNCATE jobs, pgboss.job_common');
    users = await Promise.all([newUser(), newUser(), newUser()]);
  });

  /** Enqueues a user's next jobs. */
  async function comes(name: string, count: number, owner: Deps): Promise<void> {
    for (let n = 1; n <= count; n += 1)
      ids.set(await enqueue(owner, 'quick', { episodeId: await insertEpisode(owner) }), `${name}${n}`);
  }

  /** Runs one job at a time, until none waits; returns their names in the order in which they began. */
  async function runAll(onBegin: (name: string) => Promise<void> = async () => {}): Promise<string[]> {
    const order: string[] = [];
    const worker = await startWorker({
      runOf: () => async (_deps, _payload, job) => {
        const name = ids.get(job.id) as string;
        order.push(name);
        await onBegin(name);
      },
      concurrency: { long: 1 },
    });
    await until(
      () => services.database.prisma.job.count({ where: { status: { not: 'SUCCEEDED' } } }),
      (left) => left === 0,
    );
    await worker.stop();
    return order;
  }

  it('users take turns, each with their jobs in the order they came', async () => {
    const [ann, bob, cy] = users as [Deps, Deps, Deps];
    await comes('a', 4, ann);
    await comes('b', 2, bob);
    await comes('c', 3, cy);
    expect(await runAll()).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2', 'a3', 'c3', 'a4']);
  });

  it('who comes while another’s jobs run is next, and does not take the turns of those who wait', async () => {
    const [ann, bob] = users as [Deps, Deps];
    await comes('a', 4, ann);
    const order = await runAll(async (name) => {
      if (name === 'a1') await comes('b', 3, bob);
    });
    expect(order).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'b3', 'a4']);
  });

  it('no job waits for ever, though a new user comes with every job that begins', async () => {
    const [ann] = users as [Deps];
    await comes('a', 2, ann);
    let newcomers = 0;
    const order = await runAll(async (name) => {
      if (name === 'a2' || newcomers === 30) return;
      newcomers += 1;
      await comes('new', 1, await newUser());
    });
    expect(order.indexOf('a2')).toBeLessThan(12);
  });

  it('a job that its owner retries queues again behind their others', async () => {
    const [ann, bob] = users as [Deps, Deps];
    await comes('a', 2, ann);
    await comes('b', 1, bob);
    const [first = ''] = [...ids].find(([, name]) => name === 'a1') ?? [];
    await cancelJob(ann, { jobId: first });
    await retryJob(ann, { jobId: first });
    expect(await runAll()).toEqual(['b1', 'a2', 'a1']);
  });

  it('one user has half of the places at most, so that whoever comes begins, and their next job when one of theirs has ended', async () => {
    const [ann, bob] = users as [Deps, Deps];
    const ends = new Map<string, () => void>();
    const worker = await startWorker({
      runOf: () => (_deps, _payload, job) => new Promise((resolve) => ends.set(ids.get(job.id) as string, resolve)),
      concurrency: { long: 3 },
    });
    const begun = (count: number) =>
      until(
        async () => [...ends.keys()].sort(),
        (names) => names.length === count,
      );
    await comes('a', 4, ann);
    expect(await begun(2)).toEqual(['a1', 'a2']);
    await comes('b', 1, bob);
    expect(await begun(3)).toEqual(['a1', 'a2', 'b1']);
    ends.get('a2')?.();
    expect(await begun(4)).toEqual(['a1', 'a2', 'a3', 'b1']);
    ends.get('a1')?.();
    await begun(5);
    for (const end of ends.values()) end();
    await worker.stop();
  });

  it('an idle lane costs no poll, however many places it has: one statement looks for what is due', async () => {
    const query = vi.spyOn(pg.Pool.prototype, 'query');
    onTestFinished(() => query.mockRestore());
    let [fetches, looks] = [0, 0];
    query.mockImplementation(function (this: pg.Pool, ...args: unknown[]) {
      if (String(args[0]).includes("j.name = 'long'")) fetches += 1;
      if (String(args[0]).startsWith('SELECT lane')) looks += 1;
      return Reflect.apply(queryOf, this, args);
    });
    const worker = await startWorker({ runOf: () => async () => {}, concurrency: { long: 8 } });
    await until(
      async () => looks,
      (count) => count >= 3,
    );
    await worker.stop();
    expect(fetches).toBe(8); // each of the eight looks once when it starts
  });

  it('a clip is rendered while recordings have all the places of theirs', async () => {
    const [ann, bob] = users as [Deps, Deps];
    let end = () => {};
    const transcribing = new Promise<void>((resolve) => {
      end = resolve;
    });
    const worker = await startWorker({
      runOf: (kind) => async () => (kind === 'PROCESS_EPISODE' ? transcribing : undefined),
      concurrency: { long: 1, renders: 1 },
    });
    await comes('a', 1, ann);
    await until(
      () => services.database.prisma.job.count({ where: { status: 'RUNNING' } }),
      (running) => running === 1,
    );
    const render = await write(bob, {
      action: 'test.render',
      run: (change) => change.enqueue({ kind: 'RENDER_CLIP', payload: {} }),
    });
    await waitForJob(services, render.id, 'SUCCEEDED');
    end();
    await worker.stop();
  });
});
