import DataLoader from 'dataloader';
import { isOutage } from './outages.ts';
import { countFor, currentTallies, mergeTallies, type Tally } from './tally.ts';

/** Loads values one by one for its callers, and many at once from the database. Caches nothing. */
export type Batcher<Key, Value> = { load(key: Key): Promise<Value> };

/** The limits of a batch. A key that exceeds `maxSize` alone is a batch of its own. */
export type BatchLimits<Key> = { maxBatchSize?: number; sizeOf?: (key: Key) => number; maxSize?: number };

/** Returns values or errors, in the order of the keys. */
type Run<Key, Value> = (keys: readonly Key[]) => Promise<readonly (Value | Error)[]>;

/** A key, and the caller that waits for it. */
type Asked<Key> = { key: Key; tallies: readonly Tally[] };

/** How many batches of a batcher may run at once; keys that arrive meanwhile are collected for the next. */
const MAX_IN_FLIGHT = 2;

/**
 * Creates a batcher, which merges loads of about the same time, from all requests of this process, into one call of `run`. A failed batch
 * is repeated key by key, so that only the failing key fails; except in an outage, which fails all of them, and may have come after the
 * batch was executed.
 */
export function createBatcher<Key, Value>(
  run: Run<Key, Value>,
  { maxBatchSize = 500, sizeOf = () => 0, maxSize = 0 }: BatchLimits<Key> = {},
): Batcher<Key, Value> {
  let inFlight = 0;
  const waiting: (() => void)[] = [];
  const settle = () => {
    inFlight -= 1;
    waiting.shift()?.();
  };
  const runParts = async (keys: readonly Key[]) => {
    const values: (Value | Error)[] = [];
    for (const part of splitBySize(keys, sizeOf, maxSize)) values.push(...(await runOrRepeat(run, part)));
    return values;
  };
  const runFor = (asked: readonly Asked<Key>[]) =>
    countFor(mergeTallies(asked.map(({ tallies }) => tallies)), () => runParts(asked.map(({ key }) => key)));
  const loader = new DataLoader<Asked<Key>, Value>((asked) => runFor(asked).finally(settle), {
    cache: false,
    maxBatchSize,
    batchScheduleFn(dispatch) {
      const start = () => {
        inFlight += 1;
        dispatch();
      };
      setImmediate(() => (inFlight < MAX_IN_FLIGHT ? start() : waiting.push(start)));
    },
  });
  return { load: (key) => loader.load({ key, tallies: currentTallies() }) };
}

function* splitBySize<Key>(keys: readonly Key[], sizeOf: (key: Key) => number, maxSize: number): Generator<Key[]> {
  let part: Key[] = [];
  let size = 0;
  for (const key of keys) {
    size += sizeOf(key);
    if (part.length > 0 && size > maxSize) {
      yield part;
      [part, size] = [[], sizeOf(key)];
    }
    part.push(key);
  }
  yield part;
}

async function runOrRepeat<Key, Value>(
  run: Run<Key, Value>,
  keys: readonly Key[],
): Promise<readonly (Value | Error)[]> {
  try {
    return await run(keys);
  } catch (error) {
    if (keys.length === 1 || isOutage(error)) return keys.map(() => toError(error));
    return (await Promise.all(keys.map((key) => runOrRepeat(run, [key])))).flat();
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
