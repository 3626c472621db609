import { hash, randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from 'ioredis';
import type { Logger } from '#adapters/log.ts';
import { Listeners } from './listeners.ts';
import { MAX_UNSENT, type PubSub } from './pubsub.ts';
import { waitForConnection } from './redis.ts';
import { watchForSilence } from './signs-of-life.ts';

/** Channels of a shard are on one node, and are subscribed to together; so there are many more of them than nodes. */
const SHARDS = 128;
/** How many shards a process sends itself a beat in at a time, in each another time: so soon every node is known to be heard. */
const SHARDS_AT_A_TIME = 16;
/** How long to wait before a shard that could not be listened to is tried again. */
const RETRY_MS = 500;
/**
 * After so many tries in vain the connections for subscriptions are made anew: ioredis 5.11.1 can be left waiting for one that it has
 * given up while it was being made, and makes no others meanwhile.
 */
const TRIES_UNTIL_RENEWED = 10;
/** How often what could not be sent is sent again. */
const RESEND_EVERY_MS = 1_000;
/** How long the start of a process waits until it hears all shards. */
const SETTLE_TIMEOUT_MS = 2_000;

/**
 * Creates a PubSub through the nodes of a cluster: each wake goes to the one node that has the channel's shard, and to those who
 * listen there. While a node is away, its channels wake readers of this process only; what could not be sent is sent again each second,
 * and all readers are woken when all shards are listened to again. A process sends itself a beat in some shards each second: where it does not hear that,
 * the network has lost connections without a word, and others are made.
 */
export async function createShardedPubSub(publisher: Cluster, prefix: string, log: Logger): Promise<PubSub> {
  const listeners = new Listeners();
  const unsent = new Set<string>();
  const attached = new Map<string, Promise<unknown>>();
  const reconnected = new EventEmitter();
  const stopping = new AbortController();
  const ignore = (error: Error) => log.debug({ err: error }, 'redis pub/sub');
  /** How often the connections have changed; and which of these states is listened to as a whole. */
  let state = 0;
  let wholeState = -1;

  /** Whether a channel has come that what is being attached may be without. */
  let isDirty = false;
  let isResending = false;

  const ownBeat = `beat:${randomUUID()}`;
  const beatOf = (shard: number) => `${prefix}{${shard}}${ownBeat}`;
  /** Shards whose beat is on its way. */
  const beating = new Set<number>();
  let nextShard = 0;
  let hearsItself = true;

  const nameOf = (channel: string) => `${prefix}{${shardOf(channel)}}${channel}`;
  const keep = (channel: string) => void (unsent.size < MAX_UNSENT && unsent.add(channel));
  /** Resolves to whether it was sent. */
  const send = async (channel: string) => {
    try {
      await publisher.spublish(nameOf(channel), '');
      return true;
    } catch (error) {
      keep(channel);
      ignore(error as Error);
      return false;
    }
  };
  /** Of each shard one, then the others, as its node may still be away. */
  const resend = async () => {
    if (isResending || unsent.size === 0) return;
    isResending = true;
    const shards = Map.groupBy(unsent, shardOf);
    unsent.clear();
    await Promise.all(
      Array.from(shards.values(), async ([first, ...others]) => {
        if (await send(first as string)) await Promise.all(others.map(send));
        else others.forEach(keep);
      }),
    );
    isResending = false;
  };
  const resending = setInterval(resend, RESEND_EVERY_MS).unref();
  const attach = (channel: string) => {
    const done = subscriber.ssubscribe(nameOf(channel)).catch((error: Error) => {
      ignore(error);
      isDirty = true;
      if (wholeState === state) void settle();
    });
    attached.set(channel, done);
    return done;
  };
  const detach = (channel: string) => {
    attached.delete(channel);
    subscriber.sunsubscribe(nameOf(channel)).catch(ignore);
  };
  /** Left first, as the client would keep a list of names that are doubled each time. */
  const attachShard = async (names: string[]) => {
    await subscriber.sunsubscribe(...names);
    await subscriber.ssubscribe(...names);
  };
  const attachAll = async () => {
    const shards = Map.groupBy(listeners.channels, shardOf);
    const namesOf = (shard: number) => [beatOf(shard), ...(shards.get(shard) ?? []).map(nameOf)];
    await Promise.all(Array.from({ length: SHARDS }, (_, shard) => attachShard(namesOf(shard))));
  };
  /** `name` as `{17}conversation:…`. */
  const hear = (name: string) => {
    const end = name.indexOf('}');
    const channel = name.slice(end + 1);
    if (channel === ownBeat) beating.delete(Number(name.slice(1, end)));
    else listeners.wake(channel);
  };
  const openSubscriber = () => {
    const opened = publisher.duplicate([], { shardedSubscribers: true });
    opened.on('error', ignore);
    opened.on('smessage', (name: string) => hear(name.slice(prefix.length)));
    // Told of connections that went, and of those that came.
    for (const event of ['-node', 'subscribersReady']) opened.on(event, () => void (opened === subscriber && settle()));
    return opened;
  };
  /** Resolves to whether all shards are listened to, with all channels. */
  const attachWhole = async () => {
    isDirty = false;
    try {
      await attachAll();
      return !isDirty;
    } catch (error) {
      ignore(error as Error);
      return false;
    }
  };
  /** Listens to all shards again, however often that takes, unless the connections change meanwhile. */
  const settle = async () => {
    state += 1;
    const mine = state;
    for (let tries = 1; !(await attachWhole()); tries += 1) {
      if (mine === state && tries % TRIES_UNTIL_RENEWED === 0) renew();
      await sleep(RETRY_MS, undefined, { signal: stopping.signal }).catch(() => {});
      if (mine !== state || stopping.signal.aborted) return;
    }
    if (mine !== state) return;
    wholeState = mine;
    void resend();
    reconnected.emit('ready');
  };
  const renew = () => {
    subscriber.disconnect();
    subscriber = openSubscriber();
  };
  const sendBeat = async (shard: number) => {
    beating.add(shard);
    await publisher.spublish(beatOf(shard), '').catch(() => beating.delete(shard));
  };
  /** Resolves to whether all beats before were heard, or need not be. */
  const beat = async () => {
    if (wholeState !== state) beating.clear();
    hearsItself = beating.size === 0;
    if (wholeState !== state) return true;
    await Promise.all(Array.from({ length: SHARDS_AT_A_TIME }, (_, index) => sendBeat(nextShard + index)));
    nextShard = (nextShard + SHARDS_AT_A_TIME) % SHARDS;
    return hearsItself;
  };
  let subscriber = openSubscriber();
  const isConnected = () =>
    publisher.status === 'ready' &&
    subscriber.status === 'ready' &&
    wholeState === state &&
    hearsItself &&
    unsent.size === 0 &&
    !isResending;
  const stopBeating = watchForSilence(beat, renew);
  await waitForConnection(subscriber);
  if (!isConnected())
    await once(reconnected, 'ready', { signal: AbortSignal.timeout(SETTLE_TIMEOUT_MS) }).catch(() => {});

  return {
    publish(channel) {
      listeners.wake(channel);
      void send(channel);
    },
    async subscribe(channel, wake) {
      if (listeners.add(channel, wake)) attach(channel);
      await attached.get(channel);
      return () => {
        if (listeners.remove(channel, wake)) detach(channel);
      };
    },
    wake: (channel) => listeners.wake(channel),
    channels: () => listeners.channels,
    onReconnected: (listener) => void reconnected.on('ready', listener),
    hearsAll: isConnected,
    status: () => ({ connected: isConnected(), channels: listeners.channels.length }),
    async close() {
      stopping.abort();
      stopBeating();
      clearInterval(resending);
      subscriber.disconnect();
    },
  };
}

const shardOf = (channel: string): number => hash('sha1', channel, 'buffer').readUInt16BE() % SHARDS;
