import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { DomainError } from '../domain/errors.ts';

/** What a budget has left: points, and seconds until it is whole again. */
export type Budget = { limit: number; remaining: number; resetSeconds: number };

export type RateLimits = {
  /** Takes points from a key's budget of the minute. Throws RATE_LIMITED. */
  spend(apiKeyId: string, points: number): Promise<Budget>;
  /** Counts a wrong key from an address. */
  wrongKey(ip: string): Promise<void>;
  /** Throws RATE_LIMITED for an address that has sent too many wrong keys. */
  checkAddress(ip: string): Promise<void>;
};

const WINDOW_SECONDS = 60;
const WRONG_KEYS_A_MINUTE = 20;

/** Shared by all processes through Redis where there is one; while it is down, each process counts for itself. */
export function createRateLimits(pointsAMinute: number, redis: Redis | null, prefix: string): RateLimits {
  const limiter = (name: string, points: number) => {
    const memory = new RateLimiterMemory({ keyPrefix: name, points, duration: WINDOW_SECONDS });
    return redis
      ? new RateLimiterRedis({ storeClient: redis, keyPrefix: `${prefix}${name}`, points, duration: WINDOW_SECONDS, insuranceLimiter: memory })
      : memory;
  };
  const budgets = limiter('points', pointsAMinute);
  const wrongKeys = limiter('wrong-keys', WRONG_KEYS_A_MINUTE);
  return {
    async spend(apiKeyId, points) {
      try {
        const { remainingPoints, msBeforeNext } = await budgets.consume(apiKeyId, points);
        return { limit: pointsAMinute, remaining: Math.max(0, remainingPoints), resetSeconds: Math.ceil(msBeforeNext / 1000) };
      } catch (refused) {
        throw refusal(refused, `This key has spent its ${pointsAMinute} points of this minute`);
      }
    },
    async wrongKey(ip) {
      await wrongKeys.consume(ip).catch(() => {});
    },
    async checkAddress(ip) {
      const counted = await wrongKeys.get(ip);
      if (counted && counted.consumedPoints >= WRONG_KEYS_A_MINUTE) {
        throw refusal(counted, 'Too many wrong API keys came from this address');
      }
    },
  };
}

function refusal(refused: unknown, why: string): unknown {
  if (!(refused instanceof RateLimiterRes)) return refused;
  const retryAfterSeconds = Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
  return new DomainError('RATE_LIMITED', `${why}; try again in ${retryAfterSeconds} s.`, { retryAfterSeconds });
}
