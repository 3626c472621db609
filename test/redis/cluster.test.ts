import { beforeEach, expect, it, onTestFinished } from 'vitest';
import type { Client, Feed } from '../support/client.ts';
import { makeConversation } from '../support/fixtures.ts';
import { startWriters } from '../support/message-writers.ts';
import { AddMessage, HealthChanged, MessageAdded, Messages } from '../support/operations.ts';
import { type Parley, spawnParley } from '../support/parley.ts';
import { type RedisCluster, startRedisCluster } from '../support/redis-cluster.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { describeWith } from '../support/requirements.ts';
import { startResumingReader } from '../support/resuming-reader.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

/** Conversations whose channels are surely not all on one of three nodes. */
const MANY = 24;

describeWith('redis', 'two servers on a cluster of three nodes', () => {
  const processes = useProcesses();
  let cluster: RedisCluster;
  let here: Parley;
  let there: Parley;
  let ann: Client;

  beforeEach(async () => {
    cluster = await startRedisCluster();
    onTestFinished(() => cluster.stop());
    // The cache is on, as it is in Redis, too.
    const env = { REDIS_CLUSTER_URLS: cluster.urls, RESPONSE_CACHE_MB: '4', RATE_LIMIT_POINTS: '100000' };
    [here, there] = await Promise.all([processes.start('server', env), processes.start('server', env)]);
    ann = await here.user();
  }, 60_000);

  const elsewhere = () => there.as(ann);
  const add = (conversationId: string, content: string) =>
    ann.ask(AddMessage, { input: { conversationId, role: 'USER', content } });
  const becomes = async ({ admin }: Parley, status: string) => {
    await using feed = admin.follow(HealthChanged);
    await until(
      () => feed.take(1),
      ([update]) => update?.healthChanged.status === status,
    );
  };
  const read = async (feed: Feed<{ messageAdded: { content: string } }>) =>
    (await feed.take(1))[0]?.messageAdded.content;

  it('hear of each other in every shard, and share budgets and answers', async () => {
    const ids = await Promise.all(Array.from({ length: MANY }, () => makeConversation(ann, 1)));
    const feeds = ids.map((conversationId) => elsewhere().follow(MessageAdded, { conversationId, afterSequence: 0 }));
    await Promise.all(feeds.map(read));
    const startedAt = performance.now();
    for (let round = 0; round < 5; round += 1) {
      const next = feeds.map(read);
      await Promise.all(ids.map((id) => add(id, `${round} to ${id}`)));
      expect(await Promise.all(next)).toEqual(ids.map((id) => `${round} to ${id}`));
    }
    expect(performance.now() - startedAt).toBeLessThan(15_000); // five rounds of the safety net are 25 seconds
    await Promise.all(feeds.map((feed) => feed.return(undefined)));
    const remaining = async (client: Client) =>
      Number(
        (await client.send(Messages, { id: ids[0] as string, first: 1 })).headers
          .get('ratelimit')
          ?.match(/r=(\d+)/)?.[1],
      );
    const before = await remaining(ann);
    expect(await remaining(elsewhere())).toBeLessThan(before);
    for (const client of [ann, ann, elsewhere()]) await client.ask(Messages, { id: ids[1] as string, first: 7 });
    const shared = await elsewhere().send(Messages, { id: ids[1] as string, first: 7 });
    expect(shared.headers.get('cache-status')).toContain('detail=shared');
  }, 60_000);

  it('hear of each other, and answer as quickly as ever, soon after the network has lost all connections to a node without a word', async () => {
    const ids = await Promise.all(Array.from({ length: MANY }, () => makeConversation(ann, 1)));
    const feeds = ids.map((conversationId) => elsewhere().follow(MessageAdded, { conversationId, afterSequence: 0 }));
    await Promise.all(feeds.map(read));
    const isPrompt = async () => {
      const writtenAt = performance.now();
      for (let round = 0; round < 2; round += 1) {
        const next = feeds.map(read);
        for (const id of ids) await add(id, `${round} to ${id}`);
        await Promise.all(next);
      }
      return performance.now() - writtenAt < 4_000; // two rounds of the safety net are ten seconds
    };
    await until(isPrompt, Boolean);
    cluster.proxies[1]?.lose();
    await until(isPrompt, Boolean);
    await Promise.all(feeds.map((feed) => feed.return(undefined)));
  }, 90_000);

  it('lose and double nothing while a node is killed and started again, and say so', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => makeConversation(ann)));
    const writers = ids.map((id) => startWriters(() => ann, id));
    const readers = ids.map((conversationId) =>
      startResumingReader((afterSequence) => elsewhere().follow(MessageAdded, { conversationId, afterSequence })),
    );
    await Promise.all(readers.map((reader) => reader.waitForSequence(10)));
    const node = cluster.nodes[1] as RedisServer;
    await node.kill();
    await becomes(there, 'DEGRADED');
    const written = writers.map(({ acknowledged }) => acknowledged.size);
    for (const [index, { acknowledged }] of writers.entries())
      await until(
        async () => acknowledged.size,
        (size) => size > (written[index] as number) + 5,
      );
    await node.start();
    await Promise.all([becomes(here, 'HEALTHY'), becomes(there, 'HEALTHY')]);
    for (const [index, writer] of writers.entries()) {
      const last = await writer.stop();
      const reader = readers[index] as (typeof readers)[0];
      await reader.waitForSequence(last);
      expect(reader.seen.map(({ sequence }) => sequence)).toEqual(Array.from({ length: last }, (_, at) => at + 1));
      await reader.stop();
    }
    const conversationId = await makeConversation(ann, 1);
    await using feed = elsewhere().follow(MessageAdded, { conversationId, afterSequence: 0 });
    await read(feed);
    await add(conversationId, 'after all');
    expect(await read(feed)).toBe('after all');
  }, 120_000);
});

it('one Redis and a cluster are not both set', async () => {
  const refused = spawnParley({
    DATABASE_URL: 'postgres://somewhere/parley',
    REDIS_URL: 'redis://one',
    REDIS_CLUSTER_URLS: 'redis://:hunter2@two, redis://three',
  });
  expect(await refused.ended).toBe(1);
  const told = refused.output.join('\n');
  expect(told).toContain('REDIS_CLUSTER_URLS: and REDIS_URL are two ways to the same: set one of them');
  expect(told).not.toContain('hunter2');
});
