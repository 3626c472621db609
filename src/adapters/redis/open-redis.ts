import type { Logger } from '#adapters/log.ts';
import type { Config } from '#config/config.ts';
import { openCluster } from './cluster.ts';
import { createInProcessPubSub, type PubSub } from './pubsub.ts';
import { openRedis, type RedisClient } from './redis.ts';
import { createRedisPubSub } from './redis-pubsub.ts';
import { createShardedPubSub } from './sharded-pubsub.ts';

/** The Redis of an installation, and the PubSub that wakes readers through it, or within this process if there is none. */
export type OpenRedis = { redis: RedisClient | null; pubsub: PubSub; close(): Promise<void> };

/**
 * Opens the cluster at REDIS_CLUSTER_URLS, or the Redis at REDIS_URL. `prefix` is prepended to all names. If neither is set, `alone` says
 * whether this is the installation's only process.
 */
export async function openConfiguredRedis(
  { redisUrl, redisClusterUrls }: Pick<Config, 'redisUrl' | 'redisClusterUrls'>,
  { prefix, alone }: { prefix: string; alone: boolean },
  log: Logger,
): Promise<OpenRedis> {
  if (redisClusterUrls) {
    const cluster = await openCluster(redisClusterUrls, log);
    return closable(cluster, createShardedPubSub(cluster, prefix, log));
  }
  if (redisUrl) {
    const redis = await openRedis(redisUrl, log);
    return closable(redis, createRedisPubSub(redis, prefix, log));
  }
  return closable(null, createInProcessPubSub({ alone }));
}

async function closable(redis: RedisClient | null, opening: PubSub | Promise<PubSub>): Promise<OpenRedis> {
  try {
    const pubsub = await opening;
    const close = async () => {
      await pubsub.close();
      redis?.disconnect();
    };
    return { redis, pubsub, close };
  } catch (error) {
    redis?.disconnect();
    throw error;
  }
}
