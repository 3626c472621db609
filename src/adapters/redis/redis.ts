import { once } from 'node:events';
import { Redis } from 'ioredis';
import type { Logger } from '#adapters/log.ts';

const MAX_RECONNECT_DELAY_MS = 1_000;
const COMMAND_TIMEOUT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 2_000;
/** Without a probe, a connection whose other end has vanished would look alive for hours. */
const KEEP_ALIVE_MS = 10_000;

/**
 * Connects in the background and for as long as it takes; answers once it is connected, or is known not to be. While
 * it is not, commands fail at once: no request waits for Redis, and nothing piles up in memory. One that is connected
 * and does not answer is waited for a second.
 */
export async function openRedis(url: string, log: Logger): Promise<Redis> {
  const redis = new Redis(url, {
    connectionName: 'parley',
    commandTimeout: COMMAND_TIMEOUT_MS,
    keepAlive: KEEP_ALIVE_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => Math.min(attempt * 50, MAX_RECONNECT_DELAY_MS),
  });
  let up = true;
  redis.on('error', (error) => {
    if (up)
      log.warn({ err: error }, 'Redis is out of reach; subscriptions catch up from the database until it is back');
    up = false;
  });
  redis.on('ready', () => {
    if (!up) log.info('Redis is back');
    up = true;
  });
  await waitForConnection(redis);
  return redis;
}

/** Resolves when it is connected for the first time, or could not be. */
export async function waitForConnection(redis: Redis): Promise<void> {
  await once(redis, 'ready', { signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS) }).catch(() => {});
}

export type RedisStats = { hitRate: number | null; totalCommands: number };

/** Since Redis started, over all that use it. */
export async function readRedisStats(redis: Redis): Promise<RedisStats> {
  const info = await redis.info('stats');
  const read = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  const hits = read('keyspace_hits');
  const asked = hits + read('keyspace_misses');
  return { hitRate: asked === 0 ? null : hits / asked, totalCommands: read('total_commands_processed') };
}
