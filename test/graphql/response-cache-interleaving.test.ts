import { beforeAll, expect, it } from 'vitest';
import { makeConversation } from '../support/fixtures.ts';
import { followToEnd } from '../support/jobs.ts';
import { AddMessage, EraseUser, UpdateConversation } from '../support/operations.ts';
import type { Parley, User } from '../support/parley.ts';
import { createRedisServer } from '../support/redis-server.ts';
import { describeWith } from '../support/requirements.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

const MINE = /* GraphQL */ `query Mine { viewer { username displayName } conversations { edges { node { title messageCount } } } }`;
/** Steps that each writer takes. */
const STEPS = 40;
/** Readers of each writer's data. */
const READERS = 2;

/** What a user's data counts: each write raises one of them by one. */
type Counts = { title: number; messages: number; name: number };

describeWith('redis', 'two processes that share what they keep of answers', () => {
  const processes = useProcesses();
  let servers: Parley[];
  let redis: Awaited<ReturnType<typeof createRedisServer>>;

  beforeAll(async () => {
    redis = await createRedisServer();
    await redis.start();
    const env = { REDIS_URL: redis.url, RESPONSE_CACHE_MB: '4' };
    servers = await Promise.all([processes.start(undefined, env), processes.start('server', env)]);
    return () => redis.kill();
  });

  const pick = <T>(list: readonly T[]) => list[Math.floor(Math.random() * list.length)] as T;
  const anyServer = (user: User) => pick(servers).as(user);

  /** Writes in order, each by any process, and counts what was acknowledged. */
  async function write(user: User, id: string, acknowledged: Counts): Promise<void> {
    const next = { ...acknowledged };
    for (let step = 0; step < STEPS; step += 1) {
      for (let reads = step % 4; reads > 0; reads -= 1) await anyServer(user).ask(MINE);
      const what = pick(['title', 'messages', 'name'] as const);
      next[what] += 1;
      if (what === 'title')
        await anyServer(user).ask(UpdateConversation, {
          input: { conversationId: id, title: `${user.username} ${next.title}` },
        });
      else if (what === 'messages')
        await anyServer(user).ask(AddMessage, { input: { conversationId: id, role: 'USER', content: 'Another one.' } });
      else
        await anyServer(user).ask(
          `mutation { updateViewer(input: { displayName: "${next.name}" }) { viewer { id } } }`,
        );
      Object.assign(acknowledged, next);
    }
  }

  /** Reads by any process until the writer is done; returns how the cache answered. */
  async function read(user: User, acknowledged: Counts, isDone: () => boolean): Promise<string[]> {
    const statuses: string[] = [];
    while (!isDone()) {
      const atLeast = { ...acknowledged };
      const { data, headers, errors } = await anyServer(user).send(MINE);
      expect(errors).toBeUndefined();
      const [{ node }] = data.conversations.edges;
      expect(data.viewer.username).toBe(user.username);
      const [owner, title = 0] = node.title?.split(' ') ?? [user.username];
      expect(owner).toBe(user.username);
      expect(Number(title)).toBeGreaterThanOrEqual(atLeast.title);
      expect(node.messageCount).toBeGreaterThanOrEqual(atLeast.messages);
      expect(Number(data.viewer.displayName)).toBeGreaterThanOrEqual(atLeast.name);
      statuses.push(headers.get('cache-status') ?? '');
    }
    return statuses;
  }

  async function run(): Promise<string[]> {
    const user = await pick(servers).user();
    const id = await makeConversation(user);
    const acknowledged = { title: 0, messages: 0, name: 0 };
    let done = false;
    const readers = Array.from({ length: READERS }, () => read(user, acknowledged, () => done));
    await write(user, id, acknowledged).finally(() => {
      done = true;
    });
    return (await Promise.all(readers)).flat();
  }

  it('never answer with data older than what was acknowledged before, nor with that of another, whatever becomes of Redis', async () => {
    const { Redis } = await import('ioredis');
    const running = Promise.all(Array.from({ length: 4 }, run));
    let ended = false;
    void running.finally(() => {
      ended = true;
    });
    const flusher = new Redis(redis.url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => 50 });
    flusher.on('error', () => {});
    await flusher.connect();
    for (let round = 0; !ended; round += 1) {
      await flusher.flushall().catch(() => {});
      await Promise.race([running, servers[0]?.admin.ask('{ viewer { username } }')]);
      if (round % 8 !== 4) continue;
      await redis.kill();
      await servers[1]?.admin.ask('{ viewer { username } }');
      await redis.start();
    }
    flusher.disconnect();
    const statuses = (await running).flat();
    const seen = (kind: string) => statuses.filter((status) => status.includes(kind)).length;
    expect({ hit: seen('hit') > 0, stored: seen('stored') > 0, stale: seen('stale') > 0 }).toEqual({
      hit: true,
      stored: true,
      stale: true,
    });
  }, 120_000);

  it('find what the other has made, and nothing of a user who was erased', async () => {
    const { Redis } = await import('ioredis');
    const [one, two] = servers as [Parley, Parley];
    const ann = await one.user();
    const client = new Redis(redis.url);
    const kept = async () => (await client.keys('*answers:*')).filter((key) => key.endsWith(uuid));
    const uuid = Buffer.from(ann.id, 'base64url').toString().slice('User:'.length);
    const statusOf = async (server: Parley) => (await server.as(ann).send(MINE)).headers.get('cache-status');
    await expect
      .poll(
        async () => {
          await makeConversation(ann);
          for (let round = 0; round < 2; round += 1) await statusOf(one);
          return statusOf(two);
        },
        { timeout: 30_000, interval: 200 }, // Redis is left alone for some seconds after it failed
      )
      .toMatch(/^Parley; hit; ttl=\d+; detail=shared$/);
    expect(await kept()).toHaveLength(1);

    const { eraseUser } = await one.as(ann).ask(EraseUser, { input: { userId: ann.id, dryRun: false } });
    await followToEnd(one.admin, eraseUser?.job?.id as string);
    await until(kept, (keys) => keys.length === 0);
    client.disconnect();
  }, 60_000);
});
