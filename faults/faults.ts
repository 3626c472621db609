import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import { WebSocket } from 'ws';
import { TABLES_EVERY_MS } from '#domain/health/checks.ts';
import { CHECK_EVERY_MS } from '#domain/health/start-health-monitor.ts';
import { makeConversation } from '../test/support/fixtures.ts';
import { CreateBackup, EraseUser } from '../test/support/operations.ts';
import { until } from '../test/support/until.ts';
import { createUpload, head, patch } from '../test/support/uploads.ts';
import { type Load, untilAnswered } from './load.ts';
import type { Supervised, System } from './system.ts';

/** Breaks something while there is load, and mends it again. Throws where something goes otherwise than it should. */
export type Fault = (system: System, load: Load) => Promise<unknown>;

const HOLD_MS = 3_000;
const FREEZE_MS = 10_000;
/** More than PostgreSQL takes. */
const MANY_CONNECTIONS = 300;
const SLOW_READERS = 100;
const UPLOAD_BYTES = 256 * 1024;
const MESSAGES_ERASED = 500;

/** By name. Those of the short form say so, and how many processes they end. */
export const FAULTS: Record<string, { short?: true; ends?: number; run: Fault }> = {
  'a server is killed': { short: true, ends: 1, run: ({ servers }) => kill(servers[0]) },
  'a worker is killed': { short: true, ends: 1, run: ({ workers }) => kill(workers[0]) },
  'all processes are killed': {
    ends: 4,
    run: ({ servers, workers }) => Promise.all([...servers, ...workers].map(kill)),
  },
  'PostgreSQL is restarted at once': { short: true, run: ({ postgres }) => postgres.restartAtOnce() },
  'PostgreSQL answers nothing for 10 s': {
    async run({ line }) {
      line.freeze();
      await sleep(FREEZE_MS);
      line.thaw();
    },
  },
  'connections to PostgreSQL are lost without a word': {
    async run({ line }) {
      line.lose();
      await sleep(HOLD_MS);
    },
  },
  'PostgreSQL takes no more connections': { run: takeAllConnections },
  'a table is locked, so that every connection waits': { short: true, run: lockMessages },
  'Redis is killed': {
    short: true,
    async run({ redis }) {
      await redis.kill();
      await sleep(HOLD_MS);
      await redis.start();
    },
  },
  'Redis is flushed': {
    async run({ redis }) {
      const client = new Redis(redis.url);
      await client.flushall();
      await client.quit();
    },
  },
  'Redis answers nothing for 10 s': {
    async run({ redis }) {
      redis.freeze();
      await sleep(FREEZE_MS);
      redis.thaw();
    },
  },
  'PostgreSQL is restarted while a backup is taken': { run: restartDuringBackup },
  'the workers are killed while a user is erased': { ends: 2, run: killDuringErasure },
  'the disk is full': { short: true, run: fillDisk },
  'the clocks jump an hour ahead, and back': { short: true, run: jumpClocks },
  'subscribers read nothing': { run: readNothing },
};

async function kill(supervised: Supervised | undefined): Promise<void> {
  supervised?.current?.kill('SIGKILL');
  await sleep(HOLD_MS);
}

async function takeAllConnections({ postgres }: System): Promise<void> {
  const clients = Array.from({ length: MANY_CONNECTIONS }, () => new pg.Client({ connectionString: postgres.url }));
  for (const client of clients) client.on('error', () => {});
  const taken = await Promise.allSettled(clients.map((client) => client.connect()));
  await sleep(HOLD_MS);
  await Promise.all(clients.filter((_, index) => taken[index]?.status === 'fulfilled').map((client) => client.end()));
}

async function lockMessages({ postgres }: System): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query('BEGIN; LOCK TABLE messages IN ACCESS EXCLUSIVE MODE');
  await sleep(HOLD_MS);
  await client.end();
}

/** By when every process knows what became of a backup, and an alert that was due is told. */
const TOLD_MS = TABLES_EVERY_MS + 3 * CHECK_EVERY_MS;

/** A backup and an upload say that there is no room; the next backup is proven when there is, and the upload goes on. */
async function fillDisk(system: System, { user }: Load): Promise<void> {
  const { disk, pick, receiver } = system;
  assert(disk.isSmall, 'a small disk cannot be mounted here: that takes root');
  const filling = join(disk.directory, 'filling');
  const bytes = randomBytes(UPLOAD_BYTES);
  const owner = pick().as(user);
  const { url } = await createUpload(owner, bytes.length + 1); // never whole: it is no recording
  fill(filling);
  assert.equal((await patch(owner, url, { offset: 0, body: bytes })).status, 507, 'an upload to a full disk');
  const refused = await backUp(system);
  assert.equal(refused.status, 'FAILED', `a backup to a full disk: ${JSON.stringify(refused)}`);
  await receiver.waitFor(({ type }) => type === 'backup.failed');
  rmSync(filling);
  const offset = Number((await head(owner, url)).headers['upload-offset']);
  const resumed = await patch(owner, url, { offset, body: bytes.subarray(offset) });
  assert.equal(resumed.status, 204, 'an upload that goes on when there is room');
  const done = await backUp(system);
  assert.equal(done.status, 'SUCCEEDED', `a backup with room: ${JSON.stringify(done)}`);
  await sleep(TOLD_MS); // else a process whose clock is wrong may tell what was
}

/** Takes a backup, whatever happens meanwhile; returns its job when that has ended. */
async function backUp(system: System, meanwhile?: () => Promise<void>): Promise<EndedJob> {
  const input = { idempotencyKey: randomUUID() };
  const { createBackup } = await untilAnswered(() => system.pick().admin.ask(CreateBackup, { input }));
  await meanwhile?.();
  return endOf(system, createBackup?.job.id as string);
}

type EndedJob = { status: string; error: unknown };

const JOB = 'query ($id: ID!) { job(id: $id) { status error { code message } } }';
const ENDED = ['SUCCEEDED', 'FAILED', 'CANCELLED'];

async function endOf({ pick }: System, id: string): Promise<EndedJob> {
  const ask = async (): Promise<EndedJob> => (await untilAnswered(() => pick().admin.ask(JOB, { id }))).job;
  return until(ask, ({ status }) => ENDED.includes(status));
}

/** It is tried again, and proven. */
async function restartDuringBackup(system: System): Promise<void> {
  const done = await backUp(system, () => system.postgres.restartAtOnce());
  assert.equal(done.status, 'SUCCEEDED', `a backup that PostgreSQL was restarted in: ${JSON.stringify(done)}`);
}

/** Another worker, or the same when it is back, goes on where they were broken off. */
async function killDuringErasure(system: System): Promise<void> {
  const { pick, workers } = system;
  const gone = await pick().user();
  await makeConversation(pick().as(gone), MESSAGES_ERASED);
  const { eraseUser } = await pick().admin.ask(EraseUser, { input: { userId: gone.id, dryRun: false } });
  await Promise.all(workers.map(kill));
  const done = await endOf(system, eraseUser?.job?.id as string);
  assert.equal(done.status, 'SUCCEEDED', `an erasure whose workers were killed: ${JSON.stringify(done)}`);
  const { errors } = await pick().as(gone).send('{ viewer { id } }');
  assert.equal(errors?.[0]?.extensions.code, 'UNAUTHENTICATED', 'a user who was erased');
}

function fill(file: string): void {
  for (let size = 2 ** 20; size >= 2 ** 10; size /= 2) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(size), { flag: 'a' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}

async function jumpClocks({ servers, workers }: System): Promise<void> {
  const jump = () => {
    for (const { current } of [...servers, ...workers]) current?.kill('SIGUSR2');
  };
  jump();
  await sleep(HOLD_MS);
  jump();
}

/** They are cut when much waits for them; nobody else is any slower for it. */
async function readNothing({ pick }: System, { user, conversationId }: Load): Promise<void> {
  const sockets = Array.from({ length: SLOW_READERS }, () => {
    const socket = new WebSocket(`${pick().url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    socket.on('error', () => {});
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${user.key}` } }));
    });
    socket.once('message', () => {
      const query = `subscription { messageAdded(conversationId: "${conversationId}", afterSequence: 0) { content } }`;
      socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }));
      socket.pause();
    });
    return socket;
  });
  await sleep(FREEZE_MS);
  for (const socket of sockets) socket.terminate();
}
