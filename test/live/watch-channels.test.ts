import { expect, it } from 'vitest';
import type { PubSub } from '#adapters/redis/pubsub.ts';
import { type Watch, watchChannels } from '#domain/live/watch-channels.ts';

/** What listens to one channel, when it is told to. */
function createChannel() {
  const listeners = new Set<() => void>();
  let attach: (() => void) | undefined;
  const pubsub = {
    subscribe: (_channel: string, wake: () => void) =>
      new Promise((resolve) => {
        attach = () => {
          listeners.add(wake);
          resolve(() => listeners.delete(wake));
        };
      }),
  } as unknown as PubSub;
  return { pubsub, listeners, attach: () => attach?.(), wake: () => listeners.forEach((wake) => void wake()) };
}

async function* yieldWakes({ woken }: { woken(): Promise<boolean> }) {
  for (let count = 1; await woken(); count += 1) yield count;
}

/** Reads until it is waiting for a wake. */
async function follow(
  run: (watch: Watch) => AsyncGenerator<number> = (watch) => yieldWakes({ woken: () => watch.woken() }),
) {
  const channel = createChannel();
  const feed = watchChannels(channel.pubsub, ['any'], run);
  const next = feed.next();
  channel.attach();
  await new Promise(setImmediate);
  return { ...channel, feed, next };
}

const outage = () => Promise.reject(Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' }));

it('wakes that come before the reader goes on are one, and one that comes while it is busy is not lost', async () => {
  const { feed, next, wake } = await follow();
  wake();
  wake();
  expect(await next).toEqual({ done: false, value: 1 });
  wake();
  expect(await feed.next()).toEqual({ done: false, value: 2 });
  const third = feed.next();
  await new Promise(setImmediate);
  wake();
  expect(await third).toEqual({ done: false, value: 3 });
  await feed.return(undefined);
});

it('who leaves at the moment of a wake is let go', async () => {
  const { feed, next, wake, listeners } = await follow();
  const left = new Promise((resolve) => {
    process.nextTick(wake);
    process.nextTick(() => resolve(feed.return(undefined)));
  });
  await next;
  expect(await left).toEqual({ done: true, value: undefined });
  expect(listeners.size).toBe(0);
});

it('who leaves while the database is out of reach is let go, also by a feed that then waits to be woken', async () => {
  const { feed, next, listeners } = await follow(async function* (watch) {
    await watch.read(outage);
    yield* yieldWakes({ woken: () => watch.woken() });
  });
  await feed.return(undefined);
  expect(await next).toEqual({ done: true, value: undefined });
  expect(listeners.size).toBe(0);
});

it('who leaves before the channel is listened to follows nothing', async () => {
  const channel = createChannel();
  const feed = watchChannels(channel.pubsub, ['any'], (watch) => yieldWakes({ woken: () => watch.woken() }));
  const next = feed.next();
  await feed.return(undefined);
  channel.attach();
  expect(await next).toEqual({ done: true, value: undefined });
  expect(channel.listeners.size).toBe(0);
});
