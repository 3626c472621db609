import type { Logger } from '#adapters/log.ts';
import type { RedisClient } from './redis.ts';

/**
 * Bytes that all processes share for each user, by name, as long as a state is current: the first ones of a new state remove those of the
 * previous one. Whatever happens to Redis, they can only be missing, never wrong.
 */
export type SharedResponses = {
  /** Whether anything is stored at all. */
  isShared: boolean;
  /** Null if there are none of this state. Never rejects. */
  read(userId: string, state: string, name: string): Promise<Buffer | null>;
  /** Stores bytes for some time, if there is room for them. Never rejects. */
  write(userId: string, state: string, name: string, bytes: Buffer, ttlMs: number): Promise<void>;
  /** Removes everything of a user. Rejects if Redis does not confirm that. */
  forget(userId: string): Promise<void>;
};

/** Shares nothing, if there is no Redis. */
export const NO_SHARED_RESPONSES: SharedResponses = {
  isShared: false,
  read: async () => null,
  write: async () => {},
  forget: async () => {},
};

/** The maximum per user; anything beyond has to wait for the next state. */
const MAX_BYTES_OF_USER = 2 ** 20;
/** A larger response is only cached by the processes themselves. */
const MAX_BYTES = 64 * 1024;
/** How long Redis is not used after a failure: a frozen one would delay each request. */
const PAUSE_MS = 5_000;
/** Fields of a hash next to the names, which are longer. */
const [STATE, SIZE] = ['s', 'n'];

/** KEYS: the user's hash. ARGV: state, name, bytes, milliseconds, the maximum number of bytes per user. */
const WRITE = `
if redis.call('HGET', KEYS[1], '${STATE}') ~= ARGV[1] then
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], '${STATE}', ARGV[1])
end
if redis.call('HINCRBY', KEYS[1], '${SIZE}', #ARGV[3]) > tonumber(ARGV[5]) then
  redis.call('HINCRBY', KEYS[1], '${SIZE}', -#ARGV[3])
else
  redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
end
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[4]) then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end`;

/** Creates the store that is shared through Redis: one hash per user, so that it can be removed as a whole. */
export function createSharedResponses(redis: RedisClient, prefix: string, log: Logger): SharedResponses {
  const keyOf = (userId: string) => `${prefix}answers:${userId}`;
  let pausedUntil = 0;
  const attempt = async <T>(run: () => Promise<T>): Promise<T | null> => {
    if (performance.now() < pausedUntil) return null;
    try {
      return await run();
    } catch (error) {
      pausedUntil = performance.now() + PAUSE_MS;
      log.debug({ err: error }, 'Redis failed: cached responses are not shared for a while');
      return null;
    }
  };
  return {
    isShared: true,
    async read(userId, state, name) {
      const found = await attempt(() => redis.hmgetBuffer(keyOf(userId), STATE, name));
      const [itsState = null, bytes = null] = found ?? [];
      return itsState?.toString() === state ? bytes : null;
    },
    async write(userId, state, name, bytes, ttlMs) {
      if (bytes.length > MAX_BYTES || ttlMs < 1) return;
      const ttl = Math.ceil(ttlMs);
      await attempt(() => redis.eval(WRITE, 1, keyOf(userId), state, name, bytes, ttl, MAX_BYTES_OF_USER));
    },
    async forget(userId) {
      await redis.unlink(keyOf(userId));
    },
  };
}
