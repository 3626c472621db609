import { EventEmitter } from 'node:events';
import type { Cluster } from 'ioredis';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Listeners } from '#adapters/redis/listeners.ts';
import { ShardSubscriptions } from '#adapters/redis/shard-subscriptions.ts';

/** A far Redis: so long it takes until a connection listens. Milliseconds. */
const CONNECT_MS = 1_500;

/** The connections of a process to a cluster; what is published comes to those that are not lost. */
class FarCluster {
  readonly opened: FarConnection[] = [];

  duplicate(): FarConnection {
    const connection = new FarConnection();
    this.opened.push(connection);
    return connection;
  }

  async spublish(name: string): Promise<void> {
    for (const connection of this.opened) if (connection.hears) connection.emit('smessage', name);
  }
}

class FarConnection extends EventEmitter {
  status = 'connecting';
  isLost = false;

  constructor() {
    super();
    setTimeout(() => {
      this.status = 'ready';
      this.emit('subscribersReady');
    }, CONNECT_MS);
  }

  get hears(): boolean {
    return this.status === 'ready' && !this.isLost;
  }

  async ssubscribe(): Promise<void> {
    if (this.status !== 'ready') throw new Error('There is no connection.');
  }

  async sunsubscribe(): Promise<void> {}

  disconnect(): void {
    this.status = 'end';
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('connections that the network loses without a word are made anew once, and then all is heard', async () => {
  const cluster = new FarCluster();
  const publisher = cluster as unknown as Cluster;
  const listeners = new Listeners();
  const subscriptions = new ShardSubscriptions({ publisher, prefix: 'parley:', listeners, ignore: () => {} });
  await vi.advanceTimersByTimeAsync(20_000);
  expect([cluster.opened.length, subscriptions.isWhole]).toEqual([1, true]);
  for (const connection of cluster.opened) connection.isLost = true;
  await vi.advanceTimersByTimeAsync(3_000);
  expect(subscriptions.isWhole).toBe(false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([cluster.opened.length, subscriptions.isWhole]).toEqual([2, true]);
  subscriptions.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(cluster.opened.length).toBe(2);
});
