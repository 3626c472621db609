import { Redis } from 'ioredis';
import { beforeAll, expect, it } from 'vitest';
import { useCleanup } from '../support/cleanup.ts';
import type { Client } from '../support/client.ts';
import { makeConversation } from '../support/fixtures.ts';
import { AddMessage, MessageAdded } from '../support/operations.ts';
import type { Parley } from '../support/parley.ts';
import { createRedisServer, type RedisServer } from '../support/redis-server.ts';
import { describeWith } from '../support/requirements.ts';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

/** Far from the five seconds of the safety net, even on a busy machine. */
const PROMPTLY_MS = 1_500;
/** So many in a row come promptly by chance in none of ten thousand runs. */
const IN_A_ROW = 8;

describeWith('redis', 'a server whose network to Redis loses connections without a word', () => {
  const cleanup = useCleanup();
  const processes = useProcesses();
  let redis: RedisServer;
  let proxy: TcpProxy;
  let here: Parley;
  let there: Parley;
  let ann: Client;

  beforeAll(async () => {
    redis = await createRedisServer();
    await redis.start();
    cleanup.defer(() => redis.kill());
    const through = await startProxy(redis.url);
    proxy = through.proxy;
    cleanup.defer(() => proxy.close());
    [here, there] = await Promise.all(
      [redis.url, through.url].map((url) => processes.start('server', { REDIS_URL: url })) as [
        Promise<Parley>,
        Promise<Parley>,
      ],
    );
    ann = await here.user();
  });

  /** The ports of the connections that Redis has, of those that subscribe or of the others. */
  async function portsOf(subscribe: boolean): Promise<number[]> {
    const client = new Redis(redis.url);
    const list = String(await client.client('LIST'));
    client.disconnect();
    return list
      .split('\n')
      .filter((line) => / sub=(?!0 )/.test(line) === subscribe)
      .flatMap((line) => Number(/ addr=\S+:(\d+) /.exec(line)?.[1] ?? 0));
  }

  /** Until so many messages in a row that are written here are seen there promptly. */
  async function hearsPromptly(): Promise<void> {
    const conversationId = await makeConversation(ann);
    await using feed = there.as(ann).follow(MessageAdded, { conversationId, afterSequence: 0 });
    await until(async () => {
      for (let count = 0; count < IN_A_ROW; count += 1) {
        const writtenAt = performance.now();
        await ann.ask(AddMessage, { input: { conversationId, role: 'USER', content: 'word' } });
        await feed.take(1);
        if (performance.now() - writtenAt > PROMPTLY_MS) return false;
      }
      return true;
    }, Boolean);
  }

  /** Until so many requests in a row are answered promptly there. */
  async function answersPromptly(): Promise<void> {
    await until(async () => {
      const askedAt = performance.now();
      for (let count = 0; count < IN_A_ROW; count += 1) await there.as(ann).ask('{ viewer { id } }');
      return performance.now() - askedAt < PROMPTLY_MS;
    }, Boolean);
  }

  it('hears of others again as soon as they write', async () => {
    await hearsPromptly();
    const ports = await portsOf(true);
    proxy.lose((port) => ports.includes(port));
    await hearsPromptly();
  }, 60_000);

  it('answers as quickly as ever again, and shares budgets', async () => {
    await answersPromptly();
    proxy.lose();
    await answersPromptly();
    await hearsPromptly();
    const left = async (parley: Parley) =>
      (
        await fetch(`${parley.url}/graphql?query={viewer{id}}`, { headers: { authorization: `Bearer ${ann.key}` } })
      ).headers.get('ratelimit');
    const [before, after] = [await left(here), await left(there)].map((told) =>
      Number(/r=(\d+)/.exec(told ?? '')?.[1]),
    );
    expect(after).toBe((before as number) - 1);
  }, 60_000);

  it('charges nobody twice for what was asked meanwhile', async () => {
    const bob = await here.user();
    const left = async () => {
      const { headers } = await bob.send('{ viewer { id } }');
      return Number(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);
    };
    const before = await left();
    proxy.lose();
    await Promise.all(Array.from({ length: 20 }, () => there.as(bob).ask('{ viewer { id } }')));
    await answersPromptly();
    expect(await left()).toBeGreaterThanOrEqual(before - 1);
  }, 60_000);
});
