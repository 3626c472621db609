import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from 'ioredis';
import { watchForSilence } from './heartbeat.ts';
import type { Listeners } from './listeners.ts';
import { readShardedName, SHARDS, shardedName, shardOf } from './shards.ts';

/** How many shards a process sends itself a beat in at a time, in each another time: so soon every node is known to be heard. */
const SHARDS_AT_A_TIME = 16;
/** How long to wait before a shard that could not be listened to is tried again. */
const RETRY_MS = 500;
/**
 * After so many tries in vain the connections for subscriptions are made anew: ioredis 5.11.1 can be left waiting for one that it has
 * given up while it was being made, and makes no others meanwhile.
 */
const TRIES_UNTIL_RENEWED = 10;
/** How long the start of a process waits until it hears all shards. */
const SETTLE_TIMEOUT_MS = 2_000;

/** What subscriptions are made of: `ignore` is told of errors that come and go with nodes. */
export type ShardSubscriptionsParts = {
  publisher: Cluster;
  prefix: string;
  listeners: Listeners;
  ignore: (error: Error) => void;
};

/** Listens to the channels of this process, and to all shards, at whichever nodes they are. */
export class ShardSubscriptions {
  readonly #parts: ShardSubscriptionsParts;
  readonly #attached = new Map<string, Promise<unknown>>();
  readonly #reconnected = new EventEmitter();
  readonly #stopping = new AbortController();
  #client: Cluster;
  /** How often the connections have changed; and which of these states is listened to as a whole. */
  #state = 0;
  #wholeState = -1;
  /** Whether a channel has come that what is being attached may be without. */
  #isDirty = false;
  /** What this process sends itself in each shard, the shards in which it is on its way, and the next one to send it in. */
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

  /** Whether all shards are listened to, and what is sent there comes. */
  get isWhole(): boolean {
    return this.#client.status === 'ready' && this.#isAttached && this.#hearsItself;
  }

  get #isAttached(): boolean {
    return this.#wholeState === this.#state;
  }

  /** Resolves when all shards are listened to, or the start of a process has waited long enough. */
  async waitUntilWhole(): Promise<void> {
    if (this.isWhole) return;
    await once(this.#reconnected, 'ready', { signal: AbortSignal.timeout(SETTLE_TIMEOUT_MS) }).catch(() => {});
  }

  /** Calls `listener` whenever all shards are listened to again. */
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
    // Told of connections that went, and of those that came.
    for (const event of ['-node', 'subscribersReady'])
      opened.on(event, () => void (opened === this.#client && this.#settle()));
    return opened;
  }

  #hear(name: string): void {
    const { shard, channel } = readShardedName(this.#parts.prefix, name);
    if (channel === this.#beat) this.#beating.delete(shard);
    else this.#parts.listeners.wake(channel);
  }

  /** Resolves to whether all beats before were heard, or need not be. */
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

  /** Listens to all shards again, however often that takes, unless the connections change meanwhile. */
  async #settle(): Promise<void> {
    this.#state += 1;
    const state = this.#state;
    for (let tries = 1; !(await this.#attachWhole()); tries += 1) {
      if (state === this.#state && tries % TRIES_UNTIL_RENEWED === 0) this.#renew();
      await sleep(RETRY_MS, undefined, { signal: this.#stopping.signal }).catch(() => {});
      if (state !== this.#state || this.#stopping.signal.aborted) return;
    }
    if (state !== this.#state) return;
    this.#beating.clear(); // what was on its way went with the connections before
    this.#hearsItself = true;
    this.#wholeState = state;
    this.#reconnected.emit('ready');
  }

  /** Beats did not come: nothing is taken as listened to until new connections do. */
  #startAnew(): void {
    this.#renew();
    void this.#settle();
  }

  #renew(): void {
    if (this.#stopping.signal.aborted) return;
    this.#client.disconnect();
    this.#client = this.#open();
  }

  /** Resolves to whether all shards are listened to, with all channels. */
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

  /** Left first, as the client would keep a list of names that are doubled each time. */
  async #attachShard(shard: number, channels: readonly string[]): Promise<void> {
    const names = [this.#beat, ...channels].map((channel) => shardedName(this.#parts.prefix, shard, channel));
    await this.#client.sunsubscribe(...names);
    await this.#client.ssubscribe(...names);
  }
}
