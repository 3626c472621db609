import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeConversation, makeEpisode, processToEnd } from '../support/fixtures.ts';
import { startWriters } from '../support/message-writers.ts';
import { AddMessage, MessageAdded, Messages } from '../support/operations.ts';
import { fetchStatus, type Parley } from '../support/parley.ts';
import { startResumingReader } from '../support/resuming-reader.ts';
import { startStopwatch } from '../support/stopwatch.ts';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { type Processes, useProcesses } from '../support/use-parley.ts';

const [processes, others] = [useProcesses(), useProcesses()];

type Behind = { proxy: TcpProxy; parley: Parley; ann: Client };
/** A process on a database of its own that the network loses, while that of the other only freezes. */
let other: Behind;
let proxy: TcpProxy;
let parley: Parley;
let ann: Client;

async function startBehindProxy({ database, start }: Processes): Promise<Behind> {
  const { proxy, url } = await startProxy(database.url);
  const parley = await start(undefined, { DATABASE_URL: url });
  return { proxy, parley, ann: await parley.user() };
}

beforeAll(async () => {
  const [first, second] = await Promise.all([processes, others].map(startBehindProxy));
  ({ proxy, parley, ann } = first as Behind);
  other = second as Behind;
});
afterAll(async () => {
  for (const behind of [{ proxy, parley }, other]) {
    behind.proxy.thaw();
    expect(await behind.parley.stop()).toBe(0);
    await behind.proxy.close();
  }
});

const probe = (path: string, of = parley) => fetchStatus(of, path);
const add = (conversationId: string, content: string) =>
  ann.send(AddMessage, { input: { conversationId, role: 'USER', content } });
const answersReady = (wanted: number, of = parley) =>
  until(
    () => probe('/health/ready', of),
    (status) => status === wanted,
  );

it('a frozen database makes it unready within six seconds, and alive all the while; it heals without a restart, also when the network has lost all connections without a word', async () => {
  await Promise.all([freezes(), isLost()]);
});

async function freezes(): Promise<void> {
  const conversationId = await makeConversation(ann, 1);
  await using feed = ann.follow(MessageAdded, { conversationId, afterSequence: 0 });
  await feed.take(1);
  const elapsedMs = startStopwatch(parley);
  proxy.freeze();
  const asked = Array.from({ length: 30 }, () => ann.send(Messages, { id: conversationId, first: 1 }));
  const written = add(conversationId, 'too late');
  await answersReady(503);
  expect(elapsedMs()).toBeLessThan(6_000);
  expect(await Promise.all(['/health/live', '/health', '/health/database'].map((path) => probe(path)))).toEqual([
    200, 503, 503,
  ]);

  const unheard = ann.send(Messages, { id: conversationId, first: 1 });
  const answers = await Promise.all([...asked, written]);
  expect(elapsedMs()).toBeLessThan(20_000);
  expect(answers.map(({ errors }) => errors?.[0]?.extensions.code)).toEqual(answers.map(() => 'UNAVAILABLE'));
  expect((await unheard).status).toBe(503);

  proxy.thaw();
  await answersReady(200);
  await add(conversationId, 'afterwards');
  await until(
    () => feed.take(1),
    ([update]) => update?.messageAdded.content === 'afterwards',
  );
}

async function isLost(): Promise<void> {
  const { proxy, parley, ann } = other;
  proxy.freeze();
  await answersReady(503, parley);
  proxy.lose();
  proxy.thaw();
  await answersReady(200, parley);
  const episodeId = await until(
    () => makeEpisode(ann).catch(() => ''),
    (id) => id !== '',
  );
  expect(await processToEnd(ann, episodeId)).toMatchObject({ status: 'SUCCEEDED' });
}

it('when all connections are cut, again and again, no acknowledged message is lost or seen twice', async () => {
  const conversationId = await makeConversation(ann);
  const writers = startWriters(() => ann, conversationId);
  const reader = startResumingReader((afterSequence) => ann.follow(MessageAdded, { conversationId, afterSequence }));
  for (let time = 1; time <= 5; time += 1) {
    await reader.waitForSequence(time * 20);
    await cutAllConnections();
  }
  await answersReady(200);
  const last = await writers.stop();
  await reader.waitForSequence(last);
  await reader.stop();
  expect(reader.seen.map(({ sequence }) => sequence)).toEqual(Array.from({ length: last }, (_, index) => index + 1));
  expect(reader.seen.map(({ content }) => content)).toEqual(
    reader.seen.map(({ sequence }) => writers.acknowledged.get(sequence)),
  );
});

it('and jobs run as before, once it is back', async () => {
  await cutAllConnections();
  await answersReady(200);
  expect(await processToEnd(ann, await makeEpisode(ann))).toMatchObject({ status: 'SUCCEEDED' });
});

/** As PostgreSQL does when it is restarted, and then as a network does. */
async function cutAllConnections(): Promise<void> {
  const postgres = new pg.Client(processes.database.url);
  await postgres.connect();
  await postgres.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
  await postgres.end();
  proxy.cut();
}
