import { EventEmitter } from 'node:events';
import type { Redis } from 'ioredis';
import type { Logger } from '#adapters/log.ts';
import { cut, watchForSilence } from './heartbeat.ts';
import { Listeners } from './listeners.ts';
import { OwnHeartbeat } from './own-heartbeat.ts';
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
  const isReady = () => subscriber.status === 'ready' && publisher.status === 'ready';
  const heartbeat = new OwnHeartbeat({ publisher, prefix, isReady, onSent: resend });
  subscriber.on('message', (channel: string) => {
    if (channel === heartbeat.channel) heartbeat.settle();
    else listeners.wake(channel.slice(prefix.length));
  });
  // Called once the new connection listens: what is published from then on wakes its readers by itself.
  const reconnected = new EventEmitter();
  subscriber.on('ready', async () => {
    await subscriber.subscribe(heartbeat.channel).catch(ignore);
    if (listeners.channels.length > 0) await attach(...listeners.channels);
    heartbeat.settle();
    reconnected.emit('ready');
  });
  const stopBeating = watchForSilence(
    () => heartbeat.send(),
    () => cut(subscriber),
  );
  await waitForConnection(subscriber);

  const carrier: WakeCarrier = {
    send,
    attach: (channel) => void attach(channel),
    attached: (channel) => attached.get(channel),
    detach(channel) {
      attached.delete(channel);
      subscriber.unsubscribe(prefix + channel).catch(ignore);
    },
    isConnected: () => isReady() && heartbeat.isHeard,
    onReconnected: (listener) => void reconnected.on('ready', listener),
    async close() {
      stopBeating();
      subscriber.disconnect();
    },
  };
  return createPubSubOver(carrier, listeners);
}
