import type { RedisClient } from './redis.ts';

/** Resolves to true for the first of the processes that claim a name within some seconds, and where Redis cannot say. */
export async function claimName(redis: RedisClient, name: string, seconds: number): Promise<boolean> {
  return (await redis.set(name, '1', 'EX', seconds, 'NX').catch(() => 'OK')) === 'OK';
}
