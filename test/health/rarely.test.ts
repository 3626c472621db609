import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { rarely } from '#adapters/rarely.ts';

/** Returns what looks at most every `everyMs`, and returns how often it has looked; the first `failures` looks fail. */
function createCounter(everyMs: number, failures = 0) {
  let looks = 0;
  return rarely(everyMs, async () => {
    looks += 1;
    if (looks <= failures) throw new Error(`look ${looks}`);
    return looks;
  });
}

it('gives all callers the same result, also those who ask before there is one', async () => {
  const look = createCounter(60_000);
  expect(await Promise.all([look(), look()])).toEqual([1, 1]);
  expect(await look()).toBe(1);
});

it('looks again when the time is over', async () => {
  const look = createCounter(20);
  expect(await look()).toBe(1);
  await sleep(40);
  expect(await look()).toBe(2);
});

it('looks again at once after a failure, which those get who asked before it', async () => {
  const look = createCounter(60_000, 1);
  const results = await Promise.allSettled([look(), look()]);
  expect(results).toMatchObject([{ reason: { message: 'look 1' } }, { reason: { message: 'look 1' } }]);
  expect(await look()).toBe(2);
});
