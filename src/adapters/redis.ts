import { Redis } from 'ioredis';
import type { Logger } from './log.ts';

const LONGEST_RECONNECT_DELAY_MS = 1_000;
const COMMAND_TIMEOUT_MS = 2_000;

/** Connects in the background and for as long as it takes; commands fail within two seconds while it cannot. */
export function openRedis(url: string, log: Logger): Redis {
  const redis = new Redis(url, {
    connectionName: 'parley',
    commandTimeout: COMMAND_TIMEOUT_MS,
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => Math.min(attempt * 50, LONGEST_RECONNECT_DELAY_MS),
  });
  let up = true;
  redis.on('error', (error) => {
    if (up) log.warn({ err: error }, 'Redis is out of reach; subscriptions catch up from the database until it is back');
    up = false;
  });
  redis.on('ready', () => {
    if (!up) log.info('Redis is back');
    up = true;
  });
  return redis;
}

export type RedisStats = { hitRate: number | null; totalCommands: number };

/** Since Redis started, over all that use it. */
export async function redisStats(redis: Redis): Promise<RedisStats> {
  const info = await redis.info('stats');
  const read = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  const hits = read('keyspace_hits');
  const asked = hits + read('keyspace_misses');
  return { hitRate: asked === 0 ? null : hits / asked, totalCommands: read('total_commands_processed') };
}
