/**
 * How soon a job starts: from the commit of its enqueueing to the first line of its handler, on an idle system.
 * With DATABASE_URL, whose server it makes a database on, the worker is another process; without, everything is in this
 * one, on an embedded database.
 *
 *   node bench/job-latency.ts [samples]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { migrate } from '#adapters/database/migrator/migrator.ts';
import type { Deps } from '#domain/core/deps.ts';
import { startWorker } from '#worker/worker.ts';
import { WorkerProcess } from '../test/support/job-worker-process.ts';
import { createEffectsTable, enqueue, jobWhen } from '../test/support/jobs.ts';
import { asNewUser, openServices } from '../test/support/services.ts';

const samples = Number(process.argv[2] ?? 100);
const { DATABASE_URL: server } = process.env;
const startsMs = server ? await onPostgres(server) : await onEmbedded();
const [firstMs = 0, ...restMs] = startsMs;
restMs.sort((a, b) => a - b);
const at = (share: number) => restMs[Math.ceil(share * restMs.length) - 1];
console.log(`${server ? 'PostgreSQL, worker in another process' : 'embedded, one process'}: ${samples} jobs`);
console.log(
  `the first of a new process started after ${firstMs} ms; then p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, at most ${at(1)} ms`,
);

async function onPostgres(serverUrl: string): Promise<number[]> {
  const admin = new pg.Client(serverUrl);
  await admin.connect();
  const name = `parley_job_latency_${process.pid}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await admin.query(`CREATE DATABASE ${name}`);
  const pool = new pg.Pool({ connectionString: url.href });
  await migrate(pool);
  await pool.end();
  const services = await openServices({ DATABASE_URL: url.href });
  await createEffectsTable(services);
  const worker = await WorkerProcess.start(url.href);
  const measured = await measure(await asNewUser(services), async (id) => (await worker.hears('begun', id)).atMs);
  await worker.kill();
  await services.close();
  await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
  await admin.end();
  return measured;
}

async function onEmbedded(): Promise<number[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-job-latency-'));
  const services = await openServices({ DATA_DIR: dataDir }, { works: true });
  const begunMs = new Map<string, number>();
  const worker = await startWorker(services, {
    runOf: () => async (_deps, _payload, job) => void begunMs.set(job.id, Date.now()),
    concurrency: { long: 3 },
  });
  const measured = await measure(await asNewUser(services), async (id) => {
    await jobWhen(services, id, 'SUCCEEDED');
    return begunMs.get(id) as number;
  });
  await worker.stop();
  await services.close();
  rmSync(dataDir, { recursive: true });
  return measured;
}

/** One job after the other, each on a system that has come to rest. */
async function measure(deps: Deps, begunAtMs: (jobId: string) => Promise<number>): Promise<number[]> {
  const startsMs: number[] = [];
  for (let n = 0; n < samples; n += 1) {
    const id = await enqueue(deps, 'quick');
    const committedMs = Date.now();
    startsMs.push((await begunAtMs(id)) - committedMs);
    await jobWhen(deps, id, 'SUCCEEDED');
    await sleep(100);
  }
  return startsMs;
}
