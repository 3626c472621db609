import { isOutage } from './outages.ts';

/** Loads values one by one for its callers, many at once for the database. It keeps none. */
export type Batcher<Key, Value> = { load(key: Key): Promise<Value> };

/** What one batch may be, at most. A key that is larger than `maxSize` alone is a batch of its own. */
export type BatchLimits<Key> = { maxBatchSize?: number; sizeOf?: (key: Key) => number; maxSize?: number };

/** Batches of one batcher that may run at once; the keys that come meanwhile collect for the next. */
const MAX_IN_FLIGHT = 2;

type Load<Key, Value> = { key: Key; resolve(value: Value): void; reject(error: Error): void };

/**
 * Creates a batcher, which merges the loads of about the same time, of any request of this process, into one call of
 * `run`, which returns values in the order of its keys. A batch that fails is repeated key by key, so that only the
 * failing key fails; not in an outage, which fails them all, and may have come after the batch was done.
 */
export function createBatcher<Key, Value>(
  run: (keys: readonly Key[]) => Promise<readonly (Value | Error)[]>,
  { maxBatchSize = 500, sizeOf = () => 0, maxSize = 0 }: BatchLimits<Key> = {},
): Batcher<Key, Value> {
  const waiting: Load<Key, Value>[] = [];
  let inFlight = 0;
  let scheduled = false;

  const takeBatch = () => {
    let size = 0;
    const end = waiting.findIndex(({ key }, index) => {
      size += sizeOf(key);
      return index === maxBatchSize || (index > 0 && size > maxSize);
    });
    return waiting.splice(0, end === -1 ? waiting.length : end);
  };
  const dispatch = () => {
    scheduled = false;
    while (waiting.length > 0 && inFlight < MAX_IN_FLIGHT) {
      inFlight += 1;
      void settle(run, takeBatch()).finally(() => {
        inFlight -= 1;
        dispatch();
      });
    }
  };
  return {
    load: (key) =>
      new Promise((resolve, reject) => {
        waiting.push({ key, resolve, reject });
        if (!scheduled) setImmediate(dispatch);
        scheduled = true;
      }),
  };
}

async function settle<Key, Value>(
  run: (keys: readonly Key[]) => Promise<readonly (Value | Error)[]>,
  batch: readonly Load<Key, Value>[],
): Promise<void> {
  try {
    const values = await run(batch.map(({ key }) => key));
    for (const [index, { resolve, reject }] of batch.entries()) {
      const value = values[index] as Value | Error;
      if (value instanceof Error) reject(value);
      else resolve(value);
    }
  } catch (error) {
    if (batch.length > 1 && !isOutage(error)) await Promise.all(batch.map((load) => settle(run, [load])));
    else for (const { reject } of batch) reject(toError(error));
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
