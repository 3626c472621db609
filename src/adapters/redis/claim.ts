import type { RedisClient } from './redis.ts';

/** Resolves to true for the first process that claims a name within some seconds, and if Redis is unavailable. */
export async function claimName(redis: RedisClient, name: string, seconds: number): Promise<boolean> {
  return (await redis.set(name, '1', 'EX', seconds, 'NX').catch(() => 'OK')) === 'OK';
}
