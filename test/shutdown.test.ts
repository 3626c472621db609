import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { type Client, clientOf, socketOf } from './support/client.ts';
import { JobProgress, MessageAdded, ProcessEpisode } from './support/operations.ts';
import { ADMIN_KEY, type Parley, spawnParley, startParley } from './support/parley.ts';
import { createDatabase, createEmptyDatabase, type TestDatabase } from './support/postgres.ts';
import { until } from './support/until.ts';
import { conversationOf, vttOf } from './support/worlds.ts';

let database: TestDatabase;
let dataDir: string;
const started: Parley[] = [];

async function start(env: Record<string, string>, role?: 'server' | 'worker'): Promise<Parley> {
  const parley = await startParley(env, role);
  started.push(parley);
  return parley;
}

beforeAll(async () => {
  database = await createDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'parley-shutdown-'));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((parley) => parley.stop()));
});
afterAll(async () => {
  await database.drop();
  await rm(dataDir, { recursive: true });
});

const postgres = () => ({ DATABASE_URL: database.url });
const embedded = () => ({ DATA_DIR: dataDir });
const adminOf = ({ url }: Parley) => clientOf(url, ADMIN_KEY);

/** The exit code, and how long the process took to end after a signal. */
async function exitAfter(parley: Parley, signal: NodeJS.Signals): Promise<{ code: number | null; tookMs: number }> {
  const signalledAt = performance.now();
  parley.kill(signal);
  return { code: await parley.ended, tookMs: performance.now() - signalledAt };
}

/** An upload of a transcript that the server is reading, and that is not sent to its end. */
async function beginUpload({ url }: Parley): Promise<ClientRequest> {
  const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'text/vtt', expect: '100-continue' };
  const upload = request(`${url}/episodes?title=late`, { method: 'POST', headers });
  upload.flushHeaders();
  await once(upload, 'continue');
  return upload;
}

const statusOf = async ({ url }: Parley, path: string) => (await fetch(url + path)).status;

describe.each([
  ['SIGTERM', 'embedded', embedded, undefined],
  ['SIGINT', 'on PostgreSQL', postgres, 'server'],
] as const)('%s to a server %s', (signal, _where, env, role) => {
  it('is not ready from then on, ends what is live, answers what is running, and exits with 0', async () => {
    const parley = await start(env(), role);
    const conversationId = await conversationOf(adminOf(parley), 1);
    const socket = socketOf(parley.url, { authorization: `Bearer ${ADMIN_KEY}` });
    await new Promise((resolve) => socket.on('connected', resolve));
    const closed = new Promise<{ code: number }>((resolve) =>
      socket.on('closed', (event) => resolve(event as { code: number })),
    );
    await using stream = adminOf(parley).stream(MessageAdded, { conversationId, afterSequence: 0 });
    await stream.take(1);
    const upload = await beginUpload(parley);

    const exit = exitAfter(parley, signal);
    await until(
      () => statusOf(parley, '/health/ready'),
      (status) => status === 503,
    );
    expect(await statusOf(parley, '/health/live')).toBe(200);
    expect((await closed).code).toBe(1012);
    await expect(stream.next()).rejects.toThrow();
    await expect(socketRefused(parley)).resolves.toBe(503);
    const answer = once(upload, 'response') as Promise<[IncomingMessage]>;
    upload.end(vttOf(30));
    const [response] = await answer;
    expect(await json(response)).toMatchObject({ episode: { title: 'late' }, segments: 30 });
    const { code, tookMs } = await exit;
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(10_000);
  });
});

/** The status with which a new WebSocket is turned away. */
async function socketRefused({ url }: Parley): Promise<number> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  socket.on('error', () => {});
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  socket.terminate();
  return response.statusCode as number;
}

it('does not wait for a client that never answers the closing of its socket', async () => {
  const parley = await start(postgres(), 'server');
  const socket = new WebSocket(`${parley.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.pause();
  const { code, tookMs } = await exitAfter(parley, 'SIGTERM');
  expect(code).toBe(0);
  expect(tookMs).toBeLessThan(10_000);
  socket.terminate();
});

it('stops gently when it is told to while it starts', async () => {
  const empty = await createEmptyDatabase();
  const parley = spawnParley({ DATABASE_URL: empty.url }, 'server');
  await parley.logged(({ msg }) => msg.startsWith('Applying the migration'));
  expect((await exitAfter(parley, 'SIGTERM')).code).toBe(0);
  await empty.drop();
});

describe('with a job in hand', () => {
  /** A job that takes seconds; answers its id once it is running. */
  async function runningJob(client: Client, { url }: Parley, sentences = 25_000): Promise<string> {
    const upload = await fetch(`${url}/episodes?title=long`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'text/vtt' },
      body: vttOf(sentences),
    });
    const { episode } = (await upload.json()) as { episode: { id: string } };
    const { processEpisode } = await client.ask(ProcessEpisode, { input: { episodeId: episode.id } });
    const jobId = processEpisode?.job.id as string;
    await using progress = client.follow(JobProgress, { jobId });
    await until(
      () => progress.take(1),
      ([state]) => state?.jobProgress.status === 'RUNNING',
    );
    return jobId;
  }

  async function lastState(client: Client, jobId: string) {
    const states = [];
    for await (const { data } of client.follow(JobProgress, { jobId })) states.push(data?.jobProgress);
    return states.at(-1);
  }

  it('a worker on PostgreSQL finishes it or leaves it to another, and exits with 0', async () => {
    const [server, worker] = await Promise.all([start(postgres(), 'server'), start(postgres(), 'worker')]);
    const jobId = await runningJob(adminOf(server), server);
    const exit = exitAfter(worker, 'SIGTERM');
    await start(postgres(), 'worker');
    expect(await lastState(adminOf(server), jobId)).toMatchObject({ status: 'SUCCEEDED', attempt: 1 });
    const { code, tookMs } = await exit;
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(30_000);
  });

  it('the embedded server finishes it or goes on with it when it is started again', async () => {
    const parley = await start(embedded());
    const jobId = await runningJob(adminOf(parley), parley);
    const { code, tookMs } = await exitAfter(parley, 'SIGTERM');
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(30_000);
    const again = await start(embedded());
    expect(await lastState(adminOf(again), jobId)).toMatchObject({ status: 'SUCCEEDED', attempt: 1 });
  });

  it('a second signal ends it at once, with 1', async () => {
    const parley = await start(embedded());
    await runningJob(adminOf(parley), parley);
    parley.kill('SIGTERM');
    await until(
      () => statusOf(parley, '/health/ready'),
      (status) => status === 503,
    );
    const { code, tookMs } = await exitAfter(parley, 'SIGTERM');
    expect(code).toBe(1);
    expect(tookMs).toBeLessThan(3_000);
  });

  it('a worker that cannot finish it in time leaves it to another', async () => {
    const [server, worker] = await Promise.all([start(postgres(), 'server'), start(postgres(), 'worker')]);
    const locker = new pg.Client(database.url);
    await locker.connect();
    onTestFinished(() => locker.end());
    await locker.query('BEGIN; LOCK TABLE clips IN ACCESS EXCLUSIVE MODE');
    const jobId = await runningJob(adminOf(server), server, 100);
    const { code, tookMs } = await exitAfter(worker, 'SIGTERM');
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(30_000);
    await locker.query('ROLLBACK');
    await start(postgres(), 'worker');
    expect(await lastState(adminOf(server), jobId)).toMatchObject({ status: 'SUCCEEDED' });
  });
});
