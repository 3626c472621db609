import { expect, it } from 'vitest';
import { createSemaphore } from '#domain/core/semaphore.ts';

it('hands out no more than it has, in the order of asking', async () => {
  const semaphore = createSemaphore(3);
  const begun: string[] = [];
  const take = (name: string, amount: number) =>
    semaphore.take(amount).then((release) => {
      begun.push(name);
      return release;
    });
  const [first, second, third] = [take('first', 2), take('second', 2), take('third', 1)];
  const releaseFirst = await first;
  expect(begun).toEqual(['first']);
  releaseFirst();
  releaseFirst();
  (await second)();
  (await third)();
  expect(begun).toEqual(['first', 'second', 'third']);
  expect(semaphore.isIdle()).toBe(true);
});

it('gives all it has to whoever wants more than that', async () => {
  const semaphore = createSemaphore(2);
  const release = await semaphore.take(100);
  expect(semaphore.isIdle()).toBe(false);
  release();
  expect(semaphore.isIdle()).toBe(true);
});
