import { beforeEach, expect, it, onTestFinished } from 'vitest';
import type { Client, Feed } from '../support/client.ts';
import { makeConversation } from '../support/fixtures.ts';
import { startWriters } from '../support/message-writers.ts';
import { AddMessage, HealthChanged, MessageAdded, Messages } from '../support/operations.ts';
import type { Parley } from '../support/parley.ts';
import { createRedisServer, type RedisServer } from '../support/redis-server.ts';
import { describeWith } from '../support/requirements.ts';
import { startResumingReader } from '../support/resuming-reader.ts';
import { startStopwatch } from '../support/stopwatch.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

/** Far from the five seconds of the safety net, even on a busy machine. */
const PROMPTLY_MS = 1_500;

describeWith('redis', 'two servers whose Redis comes and goes', () => {
  const processes = useProcesses();
  let redis: RedisServer;
  let here: Parley;
  let there: Parley;
  let ann: Client;

  beforeEach(async () => {
    redis = await createRedisServer();
    onTestFinished(() => redis.kill());
  });

  async function start(): Promise<void> {
    const env = { REDIS_URL: redis.url };
    [here, there] = await Promise.all([processes.start('server', env), processes.start('server', env)]);
    ann = await here.user();
  }

  const elsewhere = () => there.as(ann);
  const healthOf = ({ admin }: Parley) => admin.follow(HealthChanged);
  const add = (conversationId: string, content: string) =>
    ann.ask(AddMessage, { input: { conversationId, role: 'USER', content } });

  async function becomes(feed: ReturnType<typeof healthOf>, status: string): Promise<void> {
    await until(
      () => feed.take(1),
      ([update]) => update?.healthChanged.status === status,
    );
  }

  /** How long a message that is written here takes to be seen there. */
  async function latencyMs(
    feed: Feed<{ messageAdded: { content: string } }>,
    conversationId: string,
    content: string,
  ): Promise<number> {
    const elapsedMs = startStopwatch(here, there);
    await add(conversationId, content);
    await until(
      () => feed.take(1),
      ([update]) => update?.messageAdded.content === content,
    );
    return elapsedMs();
  }

  it('start and answer without it, say DEGRADED, and are as quick as ever once it is there', async () => {
    await start();
    const [healthHere, healthThere] = [healthOf(here), there.admin.stream(HealthChanged)];
    await Promise.all([becomes(healthHere, 'DEGRADED'), becomes(healthThere, 'DEGRADED')]);
    const conversationId = await makeConversation(ann, 3);
    const elapsedMs = startStopwatch(there);
    for (let time = 0; time < 10; time += 1) await elsewhere().ask(Messages, { id: conversationId, first: 3 });
    expect(elapsedMs()).toBeLessThan(PROMPTLY_MS);
    await using feed = elsewhere().follow(MessageAdded, { conversationId, afterSequence: 0 });
    await feed.take(3);
    await redis.start();
    await Promise.all([becomes(healthHere, 'HEALTHY'), becomes(healthThere, 'HEALTHY')]);
    expect(await latencyMs(feed, conversationId, 'four')).toBeLessThan(PROMPTLY_MS);
    await Promise.all([healthHere.return(undefined), healthThere.return(undefined)]);
  });

  it('lose and double nothing while it is killed and started again, and are as quick as ever afterwards', async () => {
    await redis.start();
    await start();
    const conversationId = await makeConversation(ann);
    const [healthHere, health] = [healthOf(here), healthOf(there)];
    const writers = startWriters(() => ann, conversationId);
    const readers = [ann, elsewhere(), elsewhere()].map((client) =>
      startResumingReader((afterSequence) => client.follow(MessageAdded, { conversationId, afterSequence })),
    );
    await Promise.all(readers.map((reader) => reader.waitForSequence(30)));
    await redis.kill();
    await Promise.all([becomes(healthHere, 'DEGRADED'), becomes(health, 'DEGRADED')]);
    await until(
      async () => writers.acknowledged.size,
      (size) => size > 200,
    );
    await redis.start();
    await Promise.all([becomes(healthHere, 'HEALTHY'), becomes(health, 'HEALTHY')]);
    const last = await writers.stop();
    await Promise.all(readers.map((reader) => reader.waitForSequence(last)));
    for (const { seen } of readers) {
      expect(seen.map(({ sequence }) => sequence)).toEqual(Array.from({ length: last }, (_, index) => index + 1));
    }
    await using feed = elsewhere().follow(MessageAdded, { conversationId, afterSequence: last - 1 });
    await feed.take(1);
    expect(await latencyMs(feed, conversationId, 'afterwards')).toBeLessThan(PROMPTLY_MS);
    await Promise.all([
      healthHere.return(undefined),
      health.return(undefined),
      ...readers.map((reader) => reader.stop()),
    ]);
  });

  it('go on while it is frozen, and tell what was announced meanwhile when it thaws', async () => {
    await redis.start();
    await start();
    const conversationId = await makeConversation(ann, 1);
    const health = [healthOf(here), healthOf(there)];
    const become = (status: string) => Promise.all(health.map((feed) => becomes(feed, status)));
    await become('HEALTHY');
    await using feed = elsewhere().follow(MessageAdded, { conversationId, afterSequence: 0 });
    await feed.take(1);
    redis.freeze();
    expect(
      (await ann.send(AddMessage, { input: { conversationId, role: 'USER', content: 'two' } })).errors,
    ).toBeUndefined();
    expect(await feed.take(1)).toMatchObject([{ messageAdded: { content: 'two' } }]);
    await become('DEGRADED');
    redis.thaw();
    await become('HEALTHY');
    expect(await latencyMs(feed, conversationId, 'three')).toBeLessThan(PROMPTLY_MS);
    await Promise.all(health.map((feed) => feed.return(undefined)));
  });
});
