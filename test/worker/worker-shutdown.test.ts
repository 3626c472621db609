import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { uploadEpisode } from '../support/fixtures.ts';
import { pollToEnd } from '../support/jobs.ts';
import { ProcessEpisode } from '../support/operations.ts';
import { fetchStatus, type Parley, signalAndWait } from '../support/parley.ts';
import { until } from '../support/until.ts';
import { setUpProcesses } from '../support/use-parley.ts';

/** Two starts of a server, a stop that may take 30 s, and a job of 25 s. */
const TWO_STARTS_MS = 120_000;
/** Each of which may take 30 s. */
const TWO_STOPS_MS = 120_000;

/** Starts a job that takes seconds; returns its id once it is running. */
async function startJob({ admin: client, url }: Parley, sentences = 8_000): Promise<string> {
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

describe.concurrent('a process with a job in hand that is told to stop', () => {
  it('is a worker: it finishes the job or leaves it to another, and exits with 0, also where it cannot finish', {
    timeout: TWO_STOPS_MS,
  }, async (context) => {
    const { start, database } = await setUpProcesses(context);
    const [server, first] = await Promise.all([start('server'), start('worker')]);
    const jobId = await startJob(server);
    const exit = signalAndWait(first, 'SIGTERM');
    const second = await start('worker');
    expect(await pollToEnd(server.admin, jobId)).toMatchObject({ status: 'SUCCEEDED', attempt: 1 });
    const { code, tookMs } = await exit;
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(30_000);

    const locker = new pg.Client(database.url);
    await locker.connect();
    context.onTestFinished(() => locker.end());
    await locker.query('BEGIN; LOCK TABLE clips IN SHARE MODE');
    const stuckId = await startJob(server, 100);
    const left = await signalAndWait(second, 'SIGTERM');
    expect(left.code).toBe(0);
    expect(left.tookMs).toBeLessThan(30_000);
    await locker.query('ROLLBACK');
    await start('worker');
    expect(await pollToEnd(server.admin, stuckId)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('is an embedded server: it finishes the job or goes on with it when it is started again; a second signal ends it at once', {
    timeout: TWO_STARTS_MS,
  }, async (context) => {
    const { start } = await setUpProcesses(context, { on: 'embedded' });
    const parley = await start();
    const jobId = await startJob(parley);
    const { code, tookMs } = await signalAndWait(parley, 'SIGTERM');
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(30_000);
    const again = await start();
    expect(await pollToEnd(again.admin, jobId)).toMatchObject({ status: 'SUCCEEDED', attempt: 1 });

    await startJob(again, 25_000);
    again.kill('SIGTERM');
    await until(
      () => fetchStatus(again, '/health/ready'),
      (status) => status === 503,
    );
    const second = await signalAndWait(again, 'SIGTERM');
    expect(second.code).toBe(1);
    expect(second.tookMs).toBeLessThan(3_000);
  });
});
