import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from 'ioredis';
import { watchForSilence } from './heartbeat.ts';
import type { Listeners } from './listeners.ts';
import { readShardedName, SHARDS, shardedName, shardOf } from './shards.ts';

/** In how many shards at a time a process sends itself a heartbeat, in other ones each time: so it soon knows that it hears every node. */
const SHARDS_AT_A_TIME = 16;
/** The pause before a failed subscription to a shard is retried. */
const RETRY_MS = 500;
/**
 * After so many failed attempts the connections for subscriptions are reopened: ioredis 5.11.1 can keep waiting for one that it has
 * abandoned while connecting, and opens no others meanwhile.
 */
const TRIES_UNTIL_RENEWED = 10;
/** How long the start of a process waits until it hears all shards. */
const SETTLE_TIMEOUT_MS = 2_000;

/** What subscriptions need: `ignore` is called with errors that come and go with nodes. */
export type ShardSubscriptionsParts = {
  publisher: Cluster;
  prefix: string;
  listeners: Listeners;
  ignore: (error: Error) => void;
};

/** Subscribes to the channels of this process, and to all shards, on whichever nodes they are. */
export class ShardSubscriptions {
  readonly #parts: ShardSubscriptionsParts;
  readonly #attached = new Map<string, Promise<unknown>>();
  readonly #reconnected = new EventEmitter();
  readonly #stopping = new AbortController();
  #client: Cluster;
  /** How often the connections have changed; and which of these states is completely subscribed. */
  #state = 0;
  #wholeState = -1;
  /** Whether a channel was added that the current subscription may not include. */
  #isDirty = false;
  /** The heartbeat that this process sends itself, the shards in which one is on its way, and the next shard to send it in. */
  readonly #beat = `beat:${randomUUID()}`;
  readonly #beating = new Set<number>();
  #nextShard = 0;
  #hearsItself = true;
  readonly #stopBeating: () => void;

  constructor(parts: ShardSubscriptionsParts) {
    this.#parts = parts;
    this.#client = this.#open();
    this.#stopBeating = watchForSilence(
      () => this.#sendBeats(),
      () => this.#startAnew(),
    );
  }

  get client(): Cluster {
    return this.#client;
  }

  /** Whether all shards are subscribed to, and heartbeats arrive there. */
  get isWhole(): boolean {
    return this.#client.status === 'ready' && this.#isAttached && this.#hearsItself;
  }

  get #isAttached(): boolean {
    return this.#wholeState === this.#state;
  }

  /** Resolves when all shards are subscribed to, or when the start of a process has waited long enough. */
  async waitUntilWhole(): Promise<void> {
    if (this.isWhole) return;
    await once(this.#reconnected, 'ready', { signal: AbortSignal.timeout(SETTLE_TIMEOUT_MS) }).catch(() => {});
  }

  /** Calls `listener` whenever all shards are subscribed to again. */
  onReconnected(listener: () => void): void {
    this.#reconnected.on('ready', listener);
  }

  attach(channel: string): void {
    const done = this.#client.ssubscribe(this.#nameOf(channel)).catch((error: Error) => {
      this.#parts.ignore(error);
      this.#isDirty = true;
      if (this.#isAttached) void this.#settle();
    });
    this.#attached.set(channel, done);
  }

  attached(channel: string): Promise<unknown> | undefined {
    return this.#attached.get(channel);
  }

  detach(channel: string): void {
    this.#attached.delete(channel);
    this.#client.sunsubscribe(this.#nameOf(channel)).catch(this.#parts.ignore);
  }

  close(): void {
    this.#stopping.abort();
    this.#stopBeating();
    this.#client.disconnect();
  }

  #nameOf(channel: string): string {
    return shardedName(this.#parts.prefix, shardOf(channel), channel);
  }

  #open(): Cluster {
    const { publisher, ignore } = this.#parts;
    const opened = publisher.duplicate([], { shardedSubscribers: true });
    opened.on('error', ignore);
    opened.on('smessage', (name: string) => this.#hear(name));
    // Called for connections that were lost, and for new ones.
    for (const event of ['-node', 'subscribersReady'])
      opened.on(event, () => void (opened === this.#client && this.#settle()));
    return opened;
  }

  #hear(name: string): void {
    const { shard, channel } = readShardedName(this.#parts.prefix, name);
    if (channel === this.#beat) this.#beating.delete(shard);
    else this.#parts.listeners.wake(channel);
  }

  /** Resolves to whether all previous heartbeats arrived, or were not needed. */
  async #sendBeats(): Promise<boolean> {
    if (!this.#isAttached) this.#beating.clear();
    this.#hearsItself = this.#beating.size === 0;
    if (!this.#isAttached) return true;
    await Promise.all(Array.from({ length: SHARDS_AT_A_TIME }, (_, index) => this.#sendBeat(this.#nextShard + index)));
    this.#nextShard = (this.#nextShard + SHARDS_AT_A_TIME) % SHARDS;
    return this.#hearsItself;
  }

  async #sendBeat(shard: number): Promise<void> {
    const { publisher, prefix } = this.#parts;
    this.#beating.add(shard);
    await publisher.spublish(shardedName(prefix, shard, this.#beat), '').catch(() => this.#beating.delete(shard));
  }

  /** Subscribes to all shards again, with as many attempts as that takes, unless the connections change meanwhile. */
  async #settle(): Promise<void> {
    this.#state += 1;
    const state = this.#state;
    for (let tries = 1; !(await this.#attachWhole()); tries += 1) {
      if (state === this.#state && tries % TRIES_UNTIL_RENEWED === 0) this.#renew();
      await sleep(RETRY_MS, undefined, { signal: this.#stopping.signal }).catch(() => {});
      if (state !== this.#state || this.#stopping.signal.aborted) return;
    }
    if (state !== this.#state) return;
    this.#beating.clear(); // heartbeats on their way were lost with the previous connections
    this.#hearsItself = true;
    this.#wholeState = state;
    this.#reconnected.emit('ready');
  }

  /** Heartbeats are missing: nothing counts as subscribed until there are new connections. */
  #startAnew(): void {
    this.#renew();
    void this.#settle();
  }

  #renew(): void {
    if (this.#stopping.signal.aborted) return;
    this.#client.disconnect();
    this.#client = this.#open();
  }

  /** Resolves to whether all shards are subscribed to, with all channels. */
  async #attachWhole(): Promise<boolean> {
    this.#isDirty = false;
    try {
      const shards = Map.groupBy(this.#parts.listeners.channels, shardOf);
      const all = Array.from({ length: SHARDS }, (_, shard) => this.#attachShard(shard, shards.get(shard) ?? []));
      await Promise.all(all);
      return !this.#isDirty;
    } catch (error) {
      this.#parts.ignore(error as Error);
      return false;
    }
  }

  /** Unsubscribes first, because the client would otherwise keep a list of names that doubles each time. */
  async #attachShard(shard: number, channels: readonly string[]): Promise<void> {
    const names = [this.#beat, ...channels].map((channel) => shardedName(this.#parts.prefix, shard, channel));
    await this.#client.sunsubscribe(...names);
    await this.#client.ssubscribe(...names);
  }
}
