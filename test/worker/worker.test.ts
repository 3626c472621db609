import { describe, expect, it, type TestContext } from 'vitest';
import { cancelJob } from '#domain/jobs/jobs.ts';
import { countEffects, createEffectsTable, enqueue, findJob, insertEpisode, waitForJob } from '../support/job-rows.ts';
import { setUpServices } from '../support/services.ts';

const LEASE_MS = 10_000;
/** PostgreSQL takes a hundred connections, of which these processes, side by side, would use up all. */
const FEW_CONNECTIONS = { DATABASE_POOL_SIZE: '3' };

/** A server without workers, on a database of its own, and a way to start workers beside it. */
async function setUp(context: TestContext) {
  const { services, newUser, startWorkerProcess } = await setUpServices(context, {
    env: { JOB_LEASE_MS: String(LEASE_MS), ...FEW_CONNECTIONS },
  });
  await createEffectsTable(services);
  return { services, ann: await newUser(), startWorker: () => startWorkerProcess(FEW_CONNECTIONS) };
}

describe.concurrent('worker processes', { timeout: 60_000 }, () => {
  it('take a killed worker’s job again within its lease and five seconds, with one effect', async (context) => {
    const { services, ann, startWorker } = await setUp(context);
    const first = await startWorker();
    const id = await enqueue(ann, 'hold');
    await first.waitFor('begun', id);
    const second = await startWorker();
    await first.kill();
    const killedMs = Date.now();
    const { atMs } = await second.waitFor('begun', id);
    expect(atMs - killedMs).toBeLessThan(LEASE_MS + 5_000);
    second.release();
    expect(await waitForJob(services, id, 'SUCCEEDED')).toMatchObject({ attempt: 2, fence: 2 });
    expect(await countEffects(services, id)).toBe(1);
  });

  it('fail a job in its row when its workers were killed as often as it may be tried', async (context) => {
    const { services, ann, startWorker } = await setUp(context);
    const first = await startWorker();
    const episodeId = await insertEpisode(ann);
    const id = await enqueue(ann, 'hold', { episodeId });
    await first.waitFor('begun', id);
    await services.database.prisma.job.update({ where: { id }, data: { maxAttempts: 1 } });
    await first.kill();
    await startWorker();
    const job = await waitForJob(services, id, 'FAILED');
    expect(job).toMatchObject({
      attempt: 1,
      errorCode: 'UNAVAILABLE',
      errorRetryable: true,
      errorMessage: expect.stringContaining('stopped'),
    });
    expect(job.finishedAt).not.toBeNull();
    expect(await services.database.prisma.episode.findUnique({ where: { id: episodeId } })).toMatchObject({
      status: 'FAILED',
      errorCode: job.errorCode,
      errorMessage: job.errorMessage,
    });
  });

  it('change nothing after they were frozen and another finished the job', async (context) => {
    const { services, ann, startWorker } = await setUp(context);
    const first = await startWorker();
    const id = await enqueue(ann, 'stubborn');
    await first.waitFor('begun', id);
    const second = await startWorker();
    first.freeze();
    await second.waitFor('begun', id);
    second.release();
    const finished = await waitForJob(services, id, 'SUCCEEDED');
    first.release();
    first.thaw();
    expect((await first.waitFor('threw', id)).reason).toContain('superseded');
    expect(await findJob(services, id)).toEqual(finished);
    expect(await countEffects(services, id)).toBe(1);
  });

  it('stop a job that was cancelled in another process, leaving nothing half-made', async (context) => {
    const { services, ann, startWorker } = await setUp(context);
    const worker = await startWorker();
    const id = await enqueue(ann, 'hold');
    await worker.waitFor('begun', id);
    expect(await cancelJob(ann, { jobId: id })).toMatchObject({ status: 'CANCELLING' });
    expect((await worker.waitFor('aborted', id)).reason).toContain('cancelled');
    expect(await waitForJob(services, id, 'CANCELLED')).toMatchObject({ attempt: 1, errorCode: null });
    expect(await countEffects(services, id)).toBe(0);
  });

  it('do not let a handler finish that does not heed its cancelling', async (context) => {
    const { services, ann, startWorker } = await setUp(context);
    const worker = await startWorker();
    const id = await enqueue(ann, 'stubborn');
    await worker.waitFor('begun', id);
    await cancelJob(ann, { jobId: id });
    worker.release();
    await waitForJob(services, id, 'CANCELLED');
    expect(await countEffects(services, id)).toBe(0);
  });

  it('end a job as CANCELLED whose worker was killed while it was CANCELLING', async (context) => {
    const { services, ann, startWorker } = await setUp(context);
    const worker = await startWorker();
    const id = await enqueue(ann, 'stubborn');
    await worker.waitFor('begun', id);
    await worker.kill();
    await cancelJob(ann, { jobId: id });
    await startWorker();
    expect(await waitForJob(services, id, 'CANCELLED')).toMatchObject({ attempt: 1 });
  });

  it('give what they run to others when they stop, at once and uncounted', async (context) => {
    const { services, ann, startWorker } = await setUp(context);
    const [first, second] = [await startWorker(), await startWorker()];
    const ids = [await enqueue(ann, 'hold'), await enqueue(ann, 'stubborn')];
    const workerOf = (id: string) =>
      Promise.race([first.waitFor('begun', id).then(() => first), second.waitFor('begun', id).then(() => second)]);
    const runners = await Promise.all(ids.map(workerOf));
    const stopping = runners[0] === first ? first : second;
    const staying = stopping === first ? second : first;
    await stopping.stop(0);
    for (const id of ids) await staying.waitFor('begun', id);
    staying.release();
    for (const id of ids) {
      expect(await waitForJob(services, id, 'SUCCEEDED')).toMatchObject({ attempt: 1 });
      expect(await countEffects(services, id)).toBe(1);
    }
  });

  it('finish what they run within their grace', async (context) => {
    const { services, ann, startWorker } = await setUp(context);
    const worker = await startWorker();
    const id = await enqueue(ann, 'hold');
    await worker.waitFor('begun', id);
    const stopped = worker.stop(20_000);
    worker.release();
    await stopped;
    expect(await findJob(services, id)).toMatchObject({ status: 'SUCCEEDED', attempt: 1 });
  });
});
