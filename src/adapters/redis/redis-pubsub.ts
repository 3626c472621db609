import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Redis } from 'ioredis';
import type { Logger } from '#adapters/log.ts';
import { cut, watchForSilence } from './heartbeat.ts';
import { Listeners } from './listeners.ts';
import type { PubSub } from './pubsub.ts';
import { waitForConnection } from './redis.ts';
import { createPubSubOver, UnsentChannels, type WakeCarrier } from './wakes.ts';

/**
 * Creates a PubSub through Redis. While that is down, subscribing still succeeds; whatever was published meanwhile, here or elsewhere,
 * wakes its readers as soon as both sides are connected again. Each second it sends itself a heartbeat: if that does not arrive, the
 * network has dropped the connection silently, and it reconnects.
 */
export async function createRedisPubSub(publisher: Redis, prefix: string, log: Logger): Promise<PubSub> {
  const listeners = new Listeners();
  const attached = new Map<string, Promise<unknown>>();
  const unsent = new UnsentChannels();
  const subscriber = publisher.duplicate({ autoResubscribe: false });
  const ignore = (error: Error) => log.debug({ err: error }, 'redis pub/sub');

  const send = (channel: string) => {
    publisher.publish(prefix + channel, '').catch((error: Error) => {
      unsent.keep(channel);
      ignore(error);
    });
  };
  const resend = () => unsent.takeAll().forEach(send);
  publisher.on('ready', resend);

  const attach = (...channels: string[]) => {
    const done = subscriber.subscribe(...channels.map((channel) => prefix + channel)).catch(ignore);
    for (const channel of channels) attached.set(channel, done);
    return done;
  };
  subscriber.on('error', ignore);
  const ownBeat = `${prefix}beat:${randomUUID()}`;
  /** Whether a heartbeat of this process is on its way; and whether the previous one arrived. */
  let isBeatUnderWay = false;
  let hearsItself = true;
  subscriber.on('message', (channel: string) => {
    if (channel === ownBeat) isBeatUnderWay = false;
    else listeners.wake(channel.slice(prefix.length));
  });
  // Called once the new connection listens: what is published from then on wakes its readers by itself.
  const reconnected = new EventEmitter();
  subscriber.on('ready', async () => {
    await subscriber.subscribe(ownBeat).catch(ignore);
    if (listeners.channels.length > 0) await attach(...listeners.channels);
    isBeatUnderWay = false;
    reconnected.emit('ready');
  });
  const isReady = () => subscriber.status === 'ready' && publisher.status === 'ready';
  /** Resolves to whether the previous heartbeat arrived, or was not needed. */
  const beat = async () => {
    hearsItself = !isReady() || !isBeatUnderWay;
    if (!isReady()) return true;
    isBeatUnderWay = true;
    await publisher.publish(ownBeat, '').then(resend, () => {
      isBeatUnderWay = false;
    });
    return hearsItself;
  };
  const stopBeating = watchForSilence(beat, () => cut(subscriber));
  await waitForConnection(subscriber);

  const carrier: WakeCarrier = {
    send,
    attach: (channel) => void attach(channel),
    attached: (channel) => attached.get(channel),
    detach(channel) {
      attached.delete(channel);
      subscriber.unsubscribe(prefix + channel).catch(ignore);
    },
    isConnected: () => isReady() && hearsItself,
    onReconnected: (listener) => void reconnected.on('ready', listener),
    async close() {
      stopBeating();
      subscriber.disconnect();
    },
  };
  return createPubSubOver(carrier, listeners);
}
