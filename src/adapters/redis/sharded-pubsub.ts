import type { Cluster } from 'ioredis';
import type { Logger } from '#adapters/log.ts';
import { Listeners } from './listeners.ts';
import type { PubSub } from './pubsub.ts';
import { waitForConnection } from './redis.ts';
import { ShardSender } from './shard-sender.ts';
import { ShardSubscriptions } from './shard-subscriptions.ts';
import { createPubSubOver } from './wakes.ts';

/**
 * Creates a PubSub through the nodes of a cluster: each wake goes only to the node with the channel's shard, and to those who listen
 * there. While a node is down, its channels only wake readers of this process; unsent wakes are sent again each second, and all readers
 * are woken once all shards are subscribed to again. A process sends itself a heartbeat in some shards each second: if it does not
 * arrive, the network has dropped connections silently, and they are reopened.
 */
export async function createShardedPubSub(publisher: Cluster, prefix: string, log: Logger): Promise<PubSub> {
  const listeners = new Listeners();
  const ignore = (error: Error) => log.debug({ err: error }, 'redis pub/sub');
  const sender = new ShardSender(publisher, prefix, ignore);
  const subscriptions = new ShardSubscriptions({ publisher, prefix, listeners, ignore });
  subscriptions.onReconnected(() => void sender.resend());
  await waitForConnection(subscriptions.client);
  await subscriptions.waitUntilWhole();
  const carrier = {
    send: (channel: string) => void sender.send(channel),
    attach: (channel: string) => subscriptions.attach(channel),
    attached: (channel: string) => subscriptions.attached(channel),
    detach: (channel: string) => subscriptions.detach(channel),
    isConnected: () => publisher.status === 'ready' && subscriptions.isWhole && sender.hasSentAll,
    onReconnected: (listener: () => void) => subscriptions.onReconnected(listener),
    async close() {
      sender.close();
      subscriptions.close();
    },
  };
  return createPubSubOver(carrier, listeners);
}
