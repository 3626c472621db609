import { expect, it } from 'vitest';
import { createTurns } from '#http/graphql/turns.ts';

const ANN = 'ann';
const [KEY, OTHER_KEY] = ['key 1', 'key 2'];

it('a hundred operations of one key run at once; the next waits for one of them, and nobody else for it', async () => {
  const turns = createTurns();
  const running = await Promise.all(Array.from({ length: 100 }, () => turns.take(ANN, 1, KEY)));
  let began = false;
  const next = turns.take(ANN, 1, KEY).then((release) => {
    began = true;
    return release;
  });
  (await turns.take(ANN, 1, OTHER_KEY))();
  (await turns.take('bob', 1, 'key 3'))();
  expect(began).toBe(false);
  running.pop()?.();
  (await next)();
  for (const release of running) release();
});

it('no more than a thousand wait', async () => {
  const turns = createTurns();
  const running = await Promise.all(Array.from({ length: 100 }, () => turns.take(ANN, 1, KEY)));
  const waiting = Array.from({ length: 1_000 }, () => turns.take(ANN, 1, KEY));
  await expect(turns.take(ANN, 1, KEY)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  (await turns.take('bob', 1, 'key 3'))();
  for (const release of running) release();
  for (const turn of waiting) (await turn)();
  (await turns.take(ANN, 1, KEY))();
});
