import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import type { Client } from '../support/client.ts';
import { uploadEpisode } from '../support/fixtures.ts';
import { JobProgress, ProcessEpisode } from '../support/operations.ts';
import { fetchStatus, type Parley, signalAndWait } from '../support/parley.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

const postgres = useProcesses();
const embedded = useProcesses({ on: 'embedded' });

/** Starts a job that takes seconds; returns its id once it is running. */
async function startJob({ admin: client, url }: Parley, sentences = 25_000): Promise<string> {
  const episodeId = await uploadEpisode(url, client, sentences);
  const { processEpisode } = await client.ask(ProcessEpisode, { input: { episodeId } });
  const jobId = processEpisode?.job.id as string;
  // Asked for again and again: without Redis, a subscription sees what a worker does within five seconds only.
  await until(
    () => client.ask('query ($jobId: ID!) { job(id: $jobId) { status } }', { jobId }),
    ({ job }) => job.status === 'RUNNING',
  );
  return jobId;
}

async function lastState(client: Client, jobId: string) {
  const states = [];
  for await (const { data } of client.follow(JobProgress, { jobId })) states.push(data?.jobProgress);
  return states.at(-1);
}

it('a worker with a job in hand on PostgreSQL finishes it or leaves it to another, and exits with 0', async () => {
  const [server, worker] = await Promise.all([postgres.start('server'), postgres.start('worker')]);
  const jobId = await startJob(server);
  const exit = signalAndWait(worker, 'SIGTERM');
  await postgres.start('worker');
  expect(await lastState(server.admin, jobId)).toMatchObject({ status: 'SUCCEEDED', attempt: 1 });
  const { code, tookMs } = await exit;
  expect(code).toBe(0);
  expect(tookMs).toBeLessThan(30_000);
});

it('the embedded server with a job in hand finishes it or goes on with it when it is started again', async () => {
  const parley = await embedded.start();
  const jobId = await startJob(parley);
  const { code, tookMs } = await signalAndWait(parley, 'SIGTERM');
  expect(code).toBe(0);
  expect(tookMs).toBeLessThan(30_000);
  const again = await embedded.start();
  expect(await lastState(again.admin, jobId)).toMatchObject({ status: 'SUCCEEDED', attempt: 1 });
});

it('a second signal ends even a busy process at once, with 1', async () => {
  const parley = await embedded.start();
  await startJob(parley);
  parley.kill('SIGTERM');
  await until(
    () => fetchStatus(parley, '/health/ready'),
    (status) => status === 503,
  );
  const { code, tookMs } = await signalAndWait(parley, 'SIGTERM');
  expect(code).toBe(1);
  expect(tookMs).toBeLessThan(3_000);
});

it('a worker that cannot finish its job leaves it to another', async () => {
  const [server, worker] = await Promise.all([postgres.start('server'), postgres.start('worker')]);
  const locker = new pg.Client(postgres.database.url);
  await locker.connect();
  onTestFinished(() => locker.end());
  await locker.query('BEGIN; LOCK TABLE clips IN SHARE MODE');
  const jobId = await startJob(server, 100);
  const { code, tookMs } = await signalAndWait(worker, 'SIGTERM');
  expect(code).toBe(0);
  expect(tookMs).toBeLessThan(30_000);
  await locker.query('ROLLBACK');
  await postgres.start('worker');
  expect(await lastState(server.admin, jobId)).toMatchObject({ status: 'SUCCEEDED' });
});
