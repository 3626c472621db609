/**
 * How soon a job starts: from the commit of its enqueueing to the first line of its handler, on an idle system.
 * With BENCH_DATABASE_URL, whose server it makes a database on, the worker is another process; without, everything is in this
 * one, on an embedded database.
 *
 *   node bench/job-latency.ts [samples]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deps } from '#domain/core/deps.ts';
import { startWorker } from '#worker/worker.ts';
import { createEffectsTable, enqueue, waitForJob } from '../test/support/job-rows.ts';
import { createUser, openServices } from '../test/support/services.ts';
import { WorkerProcess } from '../test/support/worker-process.ts';
import { chooseDatabase } from './support/database.ts';

const samples = Number(process.argv[2] ?? 100);
const server = process.env.BENCH_DATABASE_URL;
const database = await chooseDatabase();
const services = await openServices(database.env, { works: !server });
const startsMs = await (server ? measureProcess() : measureInProcess());
await services.close();
await database.drop();
const [firstMs = 0, ...restMs] = startsMs;
restMs.sort((a, b) => a - b);
const at = (share: number) => restMs[Math.ceil(share * restMs.length) - 1];
console.log(`${server ? 'PostgreSQL, worker in another process' : 'embedded, one process'}: ${samples} jobs`);
console.log(
  `the first of a new process started after ${firstMs} ms; then p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, at most ${at(1)} ms`,
);

/** With a worker in another process. */
async function measureProcess(): Promise<number[]> {
  await createEffectsTable(services);
  const worker = await WorkerProcess.start(database.url);
  const measured = await measure(await createUser(services), async (id) => (await worker.waitFor('begun', id)).atMs);
  await worker.kill();
  return measured;
}

async function measureInProcess(): Promise<number[]> {
  const begunMs = new Map<string, number>();
  const worker = await startWorker(services, {
    runOf: () => async (_deps, _payload, job) => void begunMs.set(job.id, Date.now()),
    concurrency: { long: 3 },
  });
  const measured = await measure(await createUser(services), async (id) => {
    await waitForJob(services, id, 'SUCCEEDED');
    return begunMs.get(id) as number;
  });
  await worker.stop();
  return measured;
}

/** One job after the other, each on a system that has come to rest. */
async function measure(deps: Deps, begunAtMs: (jobId: string) => Promise<number>): Promise<number[]> {
  const startsMs: number[] = [];
  for (let n = 0; n < samples; n += 1) {
    const id = await enqueue(deps, 'quick');
    const committedMs = Date.now();
    startsMs.push((await begunAtMs(id)) - committedMs);
    await waitForJob(deps, id, 'SUCCEEDED');
    await sleep(100);
  }
  return startsMs;
}
