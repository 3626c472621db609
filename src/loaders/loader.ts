import { type Batcher, createBatcher } from '#adapters/database/batching.ts';
import type { Services } from '#domain/core/deps.ts';
import { type AnswerMeter, createAnswerMeters } from './answer-meter.ts';

/** Whom a request reads for, and whether it may read what only an ADMIN may. */
export type Viewer = { id: string; isAdmin: boolean };

/** A request for one row or list: by which key, for which viewer, and what counts the bytes of the answer it is for. */
export type LoadRequest<Key> = { viewerId: string; isAdmin: boolean; key: Key; meter: AnswerMeter };

/**
 * How rows are read: by one statement for all requests, whoever makes them, into values in the order of the requests; an
 * error is that of its request alone.
 */
export type LoaderDefinition<Key, Value> = {
  batch(services: Services, requests: readonly LoadRequest<Key>[]): Promise<readonly (Value | Error)[]>;
  /** What makes two keys of one request the same; needed where a key is an object. */
  cacheKey?: (key: Key) => string;
};

/** Returns the definition; its types are inferred, and need not be named. */
export function defineLoader<Key, Value>(definition: LoaderDefinition<Key, Value>): LoaderDefinition<Key, Value> {
  return definition;
}

/** Reads by a definition, for one viewer and one answer: `load(conversationById, id)`. */
export type Load = {
  <Key, Value>(definition: LoaderDefinition<Key, Value>, key: Key): Promise<Value>;
  readonly meter: AnswerMeter;
};

// A map from each definition to something of its own types, which TypeScript cannot express.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Any = any;

/**
 * Returns what makes the `Load` of a viewer. It batches across HTTP requests and caches within one: every `Load` remembers what it
 * loaded, and hands the rest to the batcher that this process has for a definition. A subscription needs a new `Load` for each
 * event, or it would return stale rows.
 */
export function createLoaders(services: Services): (viewer: Viewer) => Load {
  const createMeter = createAnswerMeters();
  const batchers = new Map<LoaderDefinition<Any, Any>, Batcher<LoadRequest<Any>, Any>>();
  const batcherOf = (definition: LoaderDefinition<Any, Any>) => {
    let batcher = batchers.get(definition);
    if (!batcher) {
      batcher = createBatcher((requests: readonly LoadRequest<Any>[]) => definition.batch(services, requests));
      batchers.set(definition, batcher);
    }
    return batcher;
  };
  return ({ id: viewerId, isAdmin }) => {
    const caches = new Map<LoaderDefinition<Any, Any>, Map<unknown, Promise<Any>>>();
    const meter = createMeter(viewerId);
    const load = <Key, Value>(definition: LoaderDefinition<Key, Value>, key: Key): Promise<Value> => {
      const cache = caches.get(definition) ?? new Map<unknown, Promise<Any>>();
      caches.set(definition, cache);
      const id = definition.cacheKey ? definition.cacheKey(key) : key;
      const value = cache.get(id) ?? batcherOf(definition).load({ viewerId, isAdmin, key, meter });
      cache.set(id, value);
      return value;
    };
    return Object.assign(load, { meter });
  };
}
