import { expect, it } from 'vitest';
import { createConcurrency } from '#http/graphql/limits/concurrency.ts';

const ANN = 'ann';
const [KEY, OTHER_KEY] = ['key 1', 'key 2'];

it('a hundred operations of one key run at once; the next waits for one of them, and nobody else for it', async () => {
  const concurrency = createConcurrency();
  const running = await Promise.all(Array.from({ length: 100 }, () => concurrency.acquire(ANN, 1, KEY)));
  let began = false;
  const next = concurrency.acquire(ANN, 1, KEY).then((release) => {
    began = true;
    return release;
  });
  (await concurrency.acquire(ANN, 1, OTHER_KEY))();
  (await concurrency.acquire('bob', 1, 'key 3'))();
  expect(began).toBe(false);
  running.pop()?.();
  (await next)();
  for (const release of running) release();
});

it('no more than a thousand wait', async () => {
  const concurrency = createConcurrency();
  const running = await Promise.all(Array.from({ length: 100 }, () => concurrency.acquire(ANN, 1, KEY)));
  const waiting = Array.from({ length: 1_000 }, () => concurrency.acquire(ANN, 1, KEY));
  await expect(concurrency.acquire(ANN, 1, KEY)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  (await concurrency.acquire('bob', 1, 'key 3'))();
  for (const release of running) release();
  for (const each of waiting) (await each)();
  (await concurrency.acquire(ANN, 1, KEY))();
});
