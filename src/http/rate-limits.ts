import { LRUCache } from 'lru-cache';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { RedisClient } from '#adapters/redis/redis.ts';
import { DomainError } from '#domain/core/errors.ts';

/** What a budget has left: points, and seconds until it is full again. `exceeded` where it did not suffice. */
export type Budget = { limit: number; remaining: number; resetSeconds: number; exceeded: boolean };

/** What one key may spend in a minute. */
export type KeyLimit = { key: string; points: number };

/** What users may spend, and how many wrong keys may come. */
export type RateLimits = {
  /**
   * Takes points from the budget of the minute of a user, or of an address, and from that of the key where it has one: returns the
   * one with less left. Never throws for one that is spent.
   */
  spend(payer: string, points: number, ofKey?: KeyLimit): Promise<Budget>;
  /**
   * Counts a wrong key from a network (`networkOf`). Throws RATE_LIMITED for one that has sent too many: for a minute, each further
   * time that this process blocks it within a day for twice as long, up to an hour. Good keys are not limited by address: behind one
   * address there may be an office, or a proxy with everybody behind it.
   */
  countWrongKey(network: string): Promise<void>;
  /** Whether this process refuses wrong keys of a network for now. */
  isSuspect(network: string): boolean;
};

/** How long the points of both limits last. */
const WINDOW_SECONDS = 60;
/** More is guessing: a key has 256 random bits. */
const WRONG_KEYS_A_MINUTE = 20;
/** How long the keys of a network are refused that has sent too many so many times before; no longer than the second. */
const BLOCK_SECONDS = 60;
const MAX_BLOCK_SECONDS = 3_600;
/** How long it is remembered that a network was refused: it begins with the first time. */
const BLOCKS_REMEMBERED_MS = 86_400_000;
/** Bounds what is remembered of addresses that sent too many. */
const SUSPECTS_KEPT = 10_000;

/**
 * Creates the limits, which all processes share through Redis where there is one; while it is down, each counts for
 * itself.
 */
export function createRateLimits(pointsAMinute: number, redis: RedisClient | null, prefix: string): RateLimits {
  const limiter = (name: string, points: number) => {
    const memory = new RateLimiterMemory({ keyPrefix: name, points, duration: WINDOW_SECONDS });
    return redis
      ? new RateLimiterRedis({
          storeClient: redis,
          keyPrefix: `${prefix}${name}`,
          points,
          duration: WINDOW_SECONDS,
          insuranceLimiter: memory,
        })
      : memory;
  };
  const budgets = limiter('points', pointsAMinute);
  // Each key has a limit of its own, so that what it has consumed is compared here.
  const keyBudgets = limiter('key-points', Number.MAX_SAFE_INTEGER);
  const wrongKeys = limiter('wrong-keys', WRONG_KEYS_A_MINUTE);
  /** How many times this process has blocked a network: each block is shared, their number is not. */
  const blocks = new LRUCache<string, number>({ max: SUSPECTS_KEPT, ttl: BLOCKS_REMEMBERED_MS, noUpdateTTL: true });
  const suspects = new LRUCache<string, true>({ max: SUSPECTS_KEPT });
  /** Returns for how many milliseconds. */
  const block = async (network: string): Promise<number> => {
    const before = blocks.get(network) ?? 0;
    blocks.set(network, before + 1);
    const seconds = Math.min(MAX_BLOCK_SECONDS, BLOCK_SECONDS * 2 ** before);
    await wrongKeys.block(network, seconds);
    return seconds * 1_000;
  };
  return {
    async spend(payer, points, ofKey) {
      if (ofKey) {
        const { left } = await consume(keyBudgets, ofKey.key, points);
        const budget = budgetOf(left, Math.min(ofKey.points, pointsAMinute));
        if (budget.exceeded) return budget; // what is refused takes nothing from the user's other keys
        const ofUser = budgetOf((await consume(budgets, payer, points)).left, pointsAMinute);
        return ofUser.remaining < budget.remaining ? ofUser : budget;
      }
      return budgetOf((await consume(budgets, payer, points)).left, pointsAMinute);
    },
    async countWrongKey(network) {
      const { left, exceeded } = await consume(wrongKeys, network, 1);
      if (!exceeded) return;
      const isFirst = left.consumedPoints === WRONG_KEYS_A_MINUTE + 1;
      const blockedMs = isFirst ? await block(network) : left.msBeforeNext;
      suspects.set(network, true, { ttl: blockedMs });
      throw createRateLimitError('Too many wrong API keys came from this address', Math.ceil(blockedMs / 1000));
    },
    isSuspect: (network) => suspects.has(network),
  };
}

/** Returns a RATE_LIMITED that says why, and when to try again. */
export function createRateLimitError(why: string, retryAfterSeconds: number): DomainError {
  return new DomainError('RATE_LIMITED', `${why}; try again in ${retryAfterSeconds} s.`, { retryAfterSeconds });
}

function budgetOf({ consumedPoints, msBeforeNext }: RateLimiterRes, limit: number): Budget {
  const resetSeconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
  return { limit, remaining: Math.max(0, limit - consumedPoints), resetSeconds, exceeded: consumedPoints > limit };
}

async function consume(
  limiter: RateLimiterAbstract,
  key: string,
  points: number,
): Promise<{ left: RateLimiterRes; exceeded: boolean }> {
  try {
    return { left: await limiter.consume(key, points), exceeded: false };
  } catch (refused) {
    if (refused instanceof RateLimiterRes) return { left: refused, exceeded: true };
    throw refused;
  }
}
