import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeConversation, makeEpisode, processToEnd } from '../support/fixtures.ts';
import { startWriters } from '../support/message-writers.ts';
import { AddMessage, MessageAdded, Messages } from '../support/operations.ts';
import { fetchStatus, type Parley } from '../support/parley.ts';
import { startResumingReader } from '../support/resuming-reader.ts';
import { startStopwatch } from '../support/stopwatch.ts';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

const { database, start } = useProcesses();
let proxy: TcpProxy;
let parley: Parley;
let ann: Client;

beforeAll(async () => {
  const through = await startProxy(database.url);
  proxy = through.proxy;
  parley = await start(undefined, { DATABASE_URL: through.url });
  ann = await parley.user();
});
afterEach(() => proxy.thaw());
afterAll(async () => {
  expect(await parley.stop()).toBe(0);
  await proxy.close();
});

const probe = (path: string) => fetchStatus(parley, path);
const add = (conversationId: string, content: string) =>
  ann.send(AddMessage, { input: { conversationId, role: 'USER', content } });
const isReady = () =>
  until(
    () => probe('/health/ready'),
    (status) => status === 200,
  );

it('a frozen database makes it unready within six seconds, and alive all the while; it heals without a restart', async () => {
  const conversationId = await makeConversation(ann, 1);
  await using feed = ann.follow(MessageAdded, { conversationId, afterSequence: 0 });
  await feed.take(1);
  const elapsedMs = startStopwatch(parley);
  proxy.freeze();
  const asked = Array.from({ length: 30 }, () => ann.send(Messages, { id: conversationId, first: 1 }));
  const written = add(conversationId, 'too late');
  await until(
    () => probe('/health/ready'),
    (status) => status === 503,
  );
  expect(elapsedMs()).toBeLessThan(6_000);
  expect(await Promise.all(['/health/live', '/health', '/health/database'].map(probe))).toEqual([200, 503, 503]);

  const unheard = ann.send(Messages, { id: conversationId, first: 1 });
  const answers = await Promise.all([...asked, written]);
  expect(elapsedMs()).toBeLessThan(20_000);
  expect(answers.map(({ errors }) => errors?.[0]?.extensions.code)).toEqual(answers.map(() => 'UNAVAILABLE'));
  expect((await unheard).status).toBe(503);

  proxy.thaw();
  await isReady();
  await add(conversationId, 'afterwards');
  await until(
    () => feed.take(1),
    ([update]) => update?.messageAdded.content === 'afterwards',
  );
});

it('when all connections are cut, again and again, no acknowledged message is lost or seen twice', async () => {
  const conversationId = await makeConversation(ann);
  const writers = startWriters(() => ann, conversationId);
  const reader = startResumingReader((afterSequence) => ann.follow(MessageAdded, { conversationId, afterSequence }));
  for (let time = 1; time <= 5; time += 1) {
    await reader.waitForSequence(time * 20);
    await cutAllConnections();
  }
  await isReady();
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
  await isReady();
  expect(await processToEnd(ann, await makeEpisode(ann))).toMatchObject({ status: 'SUCCEEDED' });
});

it('and when the network has lost all connections without a word', async () => {
  proxy.freeze();
  await until(
    () => probe('/health/ready'),
    (status) => status === 503,
  );
  proxy.lose();
  proxy.thaw();
  await isReady();
  const episodeId = await until(
    () => makeEpisode(ann).catch(() => ''),
    (id) => id !== '',
  );
  expect(await processToEnd(ann, episodeId)).toMatchObject({ status: 'SUCCEEDED' });
});

/** As PostgreSQL does when it is restarted, and then as a network does. */
async function cutAllConnections(): Promise<void> {
  const postgres = new pg.Client(database.url);
  await postgres.connect();
  await postgres.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
  await postgres.end();
  proxy.cut();
}
