import DataLoader from 'dataloader';
import { isOutage } from './outages.ts';

/** Loads values one by one for its callers, many at once for the database. It keeps none. */
export type Batcher<Key, Value> = { load(key: Key): Promise<Value> };

/** Batches of one batcher that may run at once; the keys that come meanwhile collect for the next. */
const MAX_IN_FLIGHT = 2;

/**
 * Creates a batcher, which merges the loads of about the same time, of any request of this process, into one call of
 * `run`, which returns values in the order of its keys. A batch that fails is repeated key by key, so that only the
 * failing key fails; not in an outage, which fails them all, and may have come after the batch was done.
 */
export function createBatcher<Key, Value>(
  run: (keys: readonly Key[]) => Promise<readonly (Value | Error)[]>,
  { maxBatchSize = 500 } = {},
): Batcher<Key, Value> {
  let inFlight = 0;
  const waiting: (() => void)[] = [];
  const settle = () => {
    inFlight -= 1;
    waiting.shift()?.();
  };
  const runAlone = (key: Key) => run([key]).then(([value]) => value as Value | Error, toError);
  return new DataLoader<Key, Value>(
    async (keys) => {
      try {
        return await run(keys);
      } catch (error) {
        if (keys.length === 1 || isOutage(error)) throw error;
        return await Promise.all(keys.map(runAlone));
      } finally {
        settle();
      }
    },
    {
      cache: false,
      maxBatchSize,
      batchScheduleFn(dispatch) {
        const start = () => {
          inFlight += 1;
          dispatch();
        };
        setImmediate(() => (inFlight < MAX_IN_FLIGHT ? start() : waiting.push(start)));
      },
    },
  );
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
