import { type Batcher, createBatcher } from '#adapters/database/batching.ts';
import type { Services } from '#domain/core/deps.ts';

/** Whom a request reads for, and whether it may read what only an ADMIN may. */
export type Viewer = { id: string; isAdmin: boolean };

/** One row or list asked for: by which key, for which viewer. */
export type Asked<Key> = { viewerId: string; isAdmin: boolean; key: Key };

/** How rows are read: one statement for all that is asked for, whoever asks, answered in the order of the keys. */
export type LoaderDefinition<Key, Value> = {
  batch(services: Services, asked: readonly Asked<Key>[]): Promise<readonly Value[]>;
  /** What makes two keys of one request the same; needed where a key is an object. */
  cacheKey?: (key: Key) => string;
};

/** Fixes the types of a definition, without having to name them. */
export function defineLoader<Key, Value>(definition: LoaderDefinition<Key, Value>): LoaderDefinition<Key, Value> {
  return definition;
}

/** Reads by a definition, for one viewer: `load(conversationById, id)`. */
export type Load = <Key, Value>(definition: LoaderDefinition<Key, Value>, key: Key) => Promise<Value>;

// A map from each definition to something of its own types, which TypeScript cannot express.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Any = any;

/**
 * Batches across requests, caches within one: every `Load` remembers what it loaded and hands the rest to the batcher
 * that all requests of this process share. A subscription needs a new one for each event, or it would answer stale rows.
 */
export function createLoaders(services: Services): (viewer: Viewer) => Load {
  const batchers = new Map<LoaderDefinition<Any, Any>, Batcher<Asked<Any>, Any>>();
  const batcherOf = (definition: LoaderDefinition<Any, Any>) => {
    let batcher = batchers.get(definition);
    if (!batcher) {
      batcher = createBatcher((asked: readonly Asked<Any>[]) => definition.batch(services, asked));
      batchers.set(definition, batcher);
    }
    return batcher;
  };
  return ({ id: viewerId, isAdmin }) => {
    const caches = new Map<LoaderDefinition<Any, Any>, Map<unknown, Promise<Any>>>();
    return (definition, key) => {
      const cache = caches.get(definition) ?? new Map<unknown, Promise<Any>>();
      caches.set(definition, cache);
      const id = definition.cacheKey ? definition.cacheKey(key) : key;
      const value = cache.get(id) ?? batcherOf(definition).load({ viewerId, isAdmin, key });
      cache.set(id, value);
      return value;
    };
  };
}
