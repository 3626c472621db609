import { LRUCache } from 'lru-cache';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { RedisClient } from '#adapters/redis/redis.ts';
import { DomainError } from '#domain/core/errors.ts';

/** The state of a budget: remaining points, and seconds until it is reset. `exceeded` if the points did not suffice. */
export type Budget = { limit: number; remaining: number; resetSeconds: number; exceeded: boolean };

/** The limit of one API key per minute. */
export type KeyLimit = { key: string; points: number };

/** The limits of one payer per minute: of the user, if it is not that of all users, and of the API key, if it has one. */
export type PayerLimits = { ofUser?: number | null | undefined; ofKey?: KeyLimit | undefined };

/** The rate limits of users, and of invalid API keys. */
export type RateLimits = {
  /**
   * Consumes points from the minute's budget of a user or of an address, and from that of the API key, if it has one. Returns the budget
   * with fewer remaining points. Does not throw if it is exceeded.
   */
  spend(payer: string, points: number, limits?: PayerLimits): Promise<Budget>;
  /**
   * Counts an invalid API key from a network (`networkOf`). Throws RATE_LIMITED if the network has sent too many: for one minute, then for
   * twice as long with each block within a day, up to an hour. Valid keys are not limited by address, since an address may be that of an
   * office or of a proxy.
   */
  countWrongKey(network: string): Promise<void>;
  /** Whether this process currently rejects invalid keys from a network. */
  isSuspect(network: string): boolean;
};

/** The window of both limits. */
const WINDOW_SECONDS = 60;
/** More attempts are guessing, and a key has 256 random bits. */
const WRONG_KEYS_A_MINUTE = 20;
/** The duration of the first block of a network, which doubles with each further block, and the maximum. */
const BLOCK_SECONDS = 60;
const MAX_BLOCK_SECONDS = 3_600;
/** How long blocks of a network are remembered, from the first one. */
const BLOCKS_REMEMBERED_MS = 86_400_000;
/** The maximum number of remembered networks. */
const SUSPECTS_KEPT = 10_000;

/** Creates the limits, which all processes share through Redis, if there is one. While Redis is down, each process counts on its own. */
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
  // Users and keys may have limits of their own, so what they consume is compared here.
  const budgets = limiter('points', Number.MAX_SAFE_INTEGER);
  const keyBudgets = limiter('key-points', Number.MAX_SAFE_INTEGER);
  const wrongKeys = limiter('wrong-keys', WRONG_KEYS_A_MINUTE);
  /** The number of blocks of a network by this process. Blocks are shared among processes, their number is not. */
  const blocks = new LRUCache<string, number>({ max: SUSPECTS_KEPT, ttl: BLOCKS_REMEMBERED_MS, noUpdateTTL: true });
  const suspects = new LRUCache<string, true>({ max: SUSPECTS_KEPT });
  /** Returns the duration of the next block in milliseconds. */
  const block = async (network: string): Promise<number> => {
    const before = blocks.get(network) ?? 0;
    blocks.set(network, before + 1);
    const seconds = Math.min(MAX_BLOCK_SECONDS, BLOCK_SECONDS * 2 ** before);
    await wrongKeys.block(network, seconds);
    return seconds * 1_000;
  };
  return {
    async spend(payer, points, { ofUser, ofKey } = {}) {
      const userPoints = ofUser ?? pointsAMinute;
      const spendOfUser = async () => budgetOf(await budgets.consume(payer, points), userPoints);
      if (!ofKey) return spendOfUser();
      const budget = budgetOf(await keyBudgets.consume(ofKey.key, points), Math.min(ofKey.points, userPoints));
      if (budget.exceeded) return budget; // a rejected request does not consume points of the user's other keys
      const rest = await spendOfUser();
      return rest.remaining < budget.remaining ? rest : budget;
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

/** Returns a RATE_LIMITED error with its reason, and the time to retry. */
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
