import { once } from 'node:events';
import type { Cluster, Redis } from 'ioredis';
import type { Logger } from '#adapters/log.ts';
import { cutWhenSilent } from './heartbeat.ts';

/** One Redis, or the nodes of a cluster: each command uses one key. */
export type RedisClient = Redis | Cluster;

/** The maximum delay between attempts to connect, which grows by 50 ms each. */
const MAX_RECONNECT_DELAY_MS = 1_000;
/** A command without a reply fails after this: no request waits longer for Redis. */
export const COMMAND_TIMEOUT_MS = 1_000;
/** How long the start of a process waits for Redis; after that it starts without Redis, and connects in the background. */
const CONNECT_TIMEOUT_MS = 2_000;
/** Without a probe, a connection whose other side has vanished would look intact for hours. */
export const KEEP_ALIVE_MS = 10_000;

/**
 * Opens a connection to Redis, which is made in the background, however long that takes. Resolves once it is ready, or after
 * CONNECT_TIMEOUT_MS; never rejects. While it is not ready, commands fail at once, so nothing piles up in memory. The client takes 10 MB
 * to load, so it is only loaded if there is a Redis.
 */
export async function openRedis(url: string, log: Logger): Promise<Redis> {
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, {
    connectionName: 'parley',
    commandTimeout: COMMAND_TIMEOUT_MS,
    keepAlive: KEEP_ALIVE_MS,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false, // the callers have gone on without them, and a budget would be charged twice
    maxRetriesPerRequest: null,
    retryStrategy: delayReconnection,
  });
  logOutages(redis, log);
  cutWhenSilent(redis);
  await waitForConnection(redis);
  return redis;
}

/** Returns how many milliseconds to wait before an attempt to connect. */
export const delayReconnection = (attempt: number) => Math.min(attempt * 50, MAX_RECONNECT_DELAY_MS);

/** Logs when Redis becomes unavailable, and when it is back. */
export function logOutages(redis: RedisClient, log: Logger): void {
  let up = true;
  redis.on('error', (error: Error) => {
    if (up)
      log.warn({ err: error }, 'Redis is out of reach; subscriptions catch up from the database until it is back');
    up = false;
  });
  redis.on('ready', () => {
    if (!up) log.info('Redis is back');
    up = true;
  });
}

/** Resolves when the connection is ready, or after CONNECT_TIMEOUT_MS. Never rejects. */
export async function waitForConnection(redis: RedisClient): Promise<void> {
  await once(redis, 'ready', { signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS) }).catch(() => {});
}

/** `hitRate` is from 0 to 1, null before the first lookup of a key. */
export type RedisStats = { hitRate: number | null; totalCommands: number };

/** Reads the counts since Redis, or the nodes of its cluster, started, for all clients. Throws if any node is unreachable. */
export async function readRedisStats(redis: RedisClient): Promise<RedisStats> {
  const nodes = 'nodes' in redis ? redis.nodes('master') : [redis];
  const infos = await Promise.all(nodes.map((node) => node.info('stats')));
  const readOf = (info: string, name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  const read = (name: string) => infos.reduce((sum, info) => sum + readOf(info, name), 0);
  const hits = read('keyspace_hits');
  const lookups = hits + read('keyspace_misses');
  return { hitRate: lookups === 0 ? null : hits / lookups, totalCommands: read('total_commands_processed') };
}
