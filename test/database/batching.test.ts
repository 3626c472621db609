import { expect, it } from 'vitest';
import { createBatcher } from '#adapters/database/batching.ts';

it('a batch holds as many keys, and keys as large, as it may, and one that is larger alone', async () => {
  const batches: string[][] = [];
  const run = async (keys: readonly string[]) => {
    batches.push([...keys]);
    return keys.map((key) => key.length);
  };
  const batcher = createBatcher(run, { maxBatchSize: 3, sizeOf: (key: string) => key.length, maxSize: 5 });
  const keys = ['a', 'b', 'c', 'd', 'eeee', 'f', 'gggggggg', 'h'];
  expect(await Promise.all(keys.map((key) => batcher.load(key)))).toEqual(keys.map((key) => key.length));
  expect(batches.sort()).toEqual([['a', 'b', 'c'], ['d', 'eeee'], ['f'], ['gggggggg'], ['h']]);
});

it('only the key fails that is at fault, and two batches run at a time', async () => {
  let running = 0;
  let most = 0;
  const run = async (keys: readonly number[]) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 1));
    running -= 1;
    if (keys.includes(13)) throw new Error('thirteen');
    return keys;
  };
  const batcher = createBatcher<number, number>(run, { maxBatchSize: 10 });
  const results = await Promise.allSettled(Array.from({ length: 50 }, (_, key) => batcher.load(key)));
  expect(results.flatMap(({ status }, key) => (status === 'rejected' ? [key] : []))).toEqual([13]);
  expect(most).toBeLessThanOrEqual(2 * 10);
});
