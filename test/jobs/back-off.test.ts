import { expect, it } from 'vitest';
import { backOffSeconds } from '#domain/jobs/failures.ts';

it.each([
  ['what an endpoint asks for', 2, { retryAfterMs: 1_800_000 }, 1_800],
  ['an hour where it asks for more', 1, { retryAfterMs: 86_400_000 }, 3_600],
  ['what has grown where it asks for less', 4, { retryAfterMs: 500 }, 8],
  ['five minutes where nobody asks', 20, { retryAfterMs: null }, 300],
])('a job waits for %s, and up to half as much again', (_what, attempt, failure, seconds) => {
  for (let time = 0; time < 20; time += 1) {
    const pause = backOffSeconds(attempt, { longOutage: false, ...failure });
    expect(pause).toBeGreaterThanOrEqual(seconds);
    expect(pause).toBeLessThanOrEqual(1.5 * seconds);
  }
});
