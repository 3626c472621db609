import { type Batcher, createBatcher } from '#adapters/database/batching.ts';
import type { Services } from '#domain/core/deps.ts';
import type { AnswerLifetime } from './answer-lifetime.ts';
import { type AnswerMeter, createAnswerMeters, RESPONSE_MAX_BYTES } from './answer-meter.ts';

/** Whom a request reads for, and whether it may read what only an ADMIN may. */
export type Viewer = { id: string; isAdmin: boolean };

/** A request for one row or list: by which key, for which viewer, and what is to be known of the answer that it is for. */
export type LoadRequest<Key> = {
  viewerId: string;
  isAdmin: boolean;
  key: Key;
  /** Counts the answer's bytes. */
  meter: AnswerMeter;
  /** Told how long the answer holds, where it may be kept. */
  lifetime: AnswerLifetime | undefined;
};

/**
 * How rows are read: by one statement for all requests, whoever makes them, into values in the order of the requests; an
 * error is that of its request alone.
 */
export type LoaderDefinition<Key, Value> = {
  batch(services: Services, requests: readonly LoadRequest<Key>[]): Promise<readonly (Value | Error)[]>;
  /** What makes two keys of one request the same; needed where a key is an object. */
  cacheKey?: (key: Key) => string;
  /** Whether a value may be another at any time, without a write that is told as a change of its owner's. */
  isInFlux?(value: Value): boolean;
  /** Whether all who ask for the same at the same time get the same object: nobody changes it, it counts no bytes, and says nothing of the lifetime of answers. */
  isShared?: boolean;
};

/** Returns the definition; its types are inferred, and need not be named. */
export function defineLoader<Key, Value>(definition: LoaderDefinition<Key, Value>): LoaderDefinition<Key, Value> {
  return definition;
}

/** Reads by a definition, for one viewer and one answer: `load(conversationById, id)`. */
export type Load = {
  <Key, Value>(definition: LoaderDefinition<Key, Value>, key: Key): Promise<Value>;
  readonly meter: AnswerMeter;
  readonly lifetime: AnswerLifetime | undefined;
};

/** Of one answer: how many bytes it may have, and what is told how long it holds, where it may be kept. */
export type AnswerBounds = {
  maxBytes?: number | undefined;
  lifetime?: AnswerLifetime | undefined;
  /** Told of each row that had been loaded before. */
  onCacheHit?: (() => void) | undefined;
};

// A map from each definition to something of its own types, which TypeScript cannot express.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Any = any;

/** Returns what makes the meters of answers: of a process, however many places its answers are read from. */
export type CreateMeter = ReturnType<typeof createAnswerMeters>;

/** `latest` is what values in flux are read from, where the services read from a replica. */
type LoaderSettings = { createMeter?: CreateMeter; latest?: Services };

/** Makes the `Load` of a viewer. */
export type LoadersFor = (viewer: Viewer, bounds?: AnswerBounds) => Load;

/**
 * Returns what makes the `Load` of a viewer. It batches across HTTP requests and caches within one: every `Load` remembers what it
 * loaded, and hands the rest to the batcher that this process has for a definition. A subscription needs a new `Load` for each
 * event, or it would return stale rows.
 */
export function createLoaders(
  services: Services,
  { createMeter = createAnswerMeters(), latest }: LoaderSettings = {},
): LoadersFor {
  const batchers = new Map<LoaderDefinition<Any, Any>, Batcher<LoadRequest<Any>, Any>>();
  const batcherOf = (definition: LoaderDefinition<Any, Any>) => {
    let batcher = batchers.get(definition);
    if (!batcher) {
      const batch = batchOf(definition, services, latest);
      batcher = createBatcher(definition.isShared ? shareEqual(definition, batch) : batch);
      batchers.set(definition, batcher);
    }
    return batcher;
  };
  return ({ id: viewerId, isAdmin }, { maxBytes = RESPONSE_MAX_BYTES, lifetime, onCacheHit } = {}) => {
    let caches: Map<LoaderDefinition<Any, Any>, Map<unknown, Promise<Any>>> | undefined;
    const meter = createMeter(viewerId, maxBytes);
    const load = <Key, Value>(definition: LoaderDefinition<Key, Value>, key: Key): Promise<Value> => {
      caches ??= new Map();
      const cache = caches.get(definition) ?? new Map<unknown, Promise<Any>>();
      caches.set(definition, cache);
      const id = definition.cacheKey ? definition.cacheKey(key) : key;
      const known = cache.get(id);
      if (known) onCacheHit?.();
      const value = known ?? batcherOf(definition).load({ viewerId, isAdmin, key, meter, lifetime });
      cache.set(id, value);
      return value;
    };
    return Object.assign(load, { meter, lifetime });
  };
}

type Batch = (requests: readonly LoadRequest<Any>[]) => Promise<readonly Any[]>;

/** Returns what reads a batch, says of what is in flux that answers with it do not hold, and reads that from the latest services. */
function batchOf({ batch, isInFlux }: LoaderDefinition<Any, Any>, services: Services, latest?: Services): Batch {
  if (!isInFlux) return (requests) => batch(services, requests);
  return async (requests) => {
    const counted = latest ? requests.map(countTaken) : [];
    const values = [...(await batch(services, latest ? counted : requests))];
    const places = [...values.keys()].filter((at) => !(values[at] instanceof Error) && isInFlux(values[at]));
    const inFlux = places.map((at) => requests[at] as LoadRequest<Any>);
    for (const { lifetime } of inFlux) lifetime?.end();
    if (!latest || inFlux.length === 0) return values;
    for (const at of places) counted[at]?.giveBack();
    const again = await batch(latest, inFlux).catch((error: unknown) => inFlux.map(() => error));
    again.forEach((value, index) => {
      values[places[index] as number] = value;
    });
    return values;
  };
}

/** Returns the request with a meter that can give back what was taken for it alone. */
function countTaken(request: LoadRequest<Any>): LoadRequest<Any> & { giveBack: () => void } {
  const { meter } = request;
  let taken = 0;
  const counting: AnswerMeter = {
    get bytes() {
      return meter.bytes;
    },
    limit: meter.limit,
    get isReleased() {
      return meter.isReleased;
    },
    take(bytes) {
      meter.take(bytes);
      taken += bytes;
    },
    giveBack: (bytes) => meter.giveBack(bytes),
    release: () => meter.release(),
  };
  return { ...request, meter: counting, giveBack: () => meter.giveBack(taken) };
}

/** Returns a batch function that asks once for what several requests of one viewer ask for. */
function shareEqual({ cacheKey = String }: LoaderDefinition<Any, Any>, batch: Batch): Batch {
  return async (requests) => {
    const places = new Map<string, number>();
    const distinct: LoadRequest<Any>[] = [];
    const placeOf = requests.map((request) => {
      const key = `${request.viewerId} ${request.isAdmin} ${cacheKey(request.key)}`;
      const place = places.get(key) ?? distinct.push(request) - 1;
      places.set(key, place);
      return place;
    });
    const values = await batch(distinct);
    return placeOf.map((place) => values[place]);
  };
}
