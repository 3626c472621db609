import { Redis } from 'ioredis';
import { afterEach, expect, it, vi } from 'vitest';
import { createRateLimits, type RateLimits } from '#http/rate-limits.ts';
import { fakeCacheClock } from '../support/fake-cache-clock.ts';
import { describeWith, REDIS_ENV } from '../support/requirements.ts';

const MINUTE_S = 60;
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Sends wrong keys until they are refused; returns for how many seconds they are. */
async function untilRefused({ countWrongKey }: RateLimits, network: string): Promise<number> {
  for (;;) {
    const refused = await countWrongKey(network).catch((error) => error);
    if (refused) return refused.details.retryAfterSeconds;
  }
}

it('wrong keys of a network are refused for twice as long each time, up to an hour, and those of others are not', async () => {
  vi.useFakeTimers();
  fakeCacheClock();
  const limits = createRateLimits(1, null, '');
  const waits: number[] = [];
  for (let times = 0; times < 8; times += 1) {
    const seconds = await untilRefused(limits, '2001:db8:1:2::/64');
    waits.push(seconds);
    expect([limits.isSuspect('2001:db8:1:2::/64'), limits.isSuspect('2001:db8:1:3::/64')]).toEqual([true, false]);
    expect(await untilRefused(limits, '2001:db8:1:2::/64')).toBe(seconds);
    vi.advanceTimersByTime(seconds * 1_000 - 1);
    await expect(limits.countWrongKey('2001:db8:1:2::/64')).rejects.toThrow('Too many wrong API keys');
    vi.advanceTimersByTime(1);
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((minutes) => minutes * MINUTE_S));
  expect(await untilRefused(limits, '203.0.113.7')).toBe(MINUTE_S);
  vi.advanceTimersByTime(86_400_000);
  expect(await untilRefused(limits, '2001:db8:1:2::/64')).toBe(MINUTE_S);
});

/** Expects so many minutes, as they are told to one that asks a moment later. */
function expectMinutes(seconds: number, minutes: number): void {
  expect(seconds).toBeGreaterThan(minutes * MINUTE_S - 10);
  expect(seconds).toBeLessThanOrEqual(minutes * MINUTE_S);
}

describeWith('redis', 'processes on one Redis', () => {
  it('share each refusal, and count for themselves how many there were', async () => {
    const redis = new Redis(REDIS_ENV.REDIS_URL);
    const prefix = `wrong-keys-test-${process.pid}:`;
    const [one, other] = [createRateLimits(1, redis, prefix), createRateLimits(1, redis, prefix)];
    try {
      expectMinutes(await untilRefused(one, 'a'), 1);
      expectMinutes(await untilRefused(other, 'a'), 1);
      await redis.del(`${prefix}wrong-keys:a`); // as when it has passed
      expectMinutes(await untilRefused(one, 'a'), 2);
      expectMinutes(await untilRefused(other, 'a'), 2);
      await redis.del(`${prefix}wrong-keys:a`);
      expectMinutes(await untilRefused(other, 'a'), 1);
    } finally {
      await redis.del(`${prefix}wrong-keys:a`);
      await redis.quit();
    }
  });
});
