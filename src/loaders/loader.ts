import { type Batcher, createBatcher } from '#adapters/database/batching.ts';
import type { Services } from '#domain/core/deps.ts';
import type { AnswerLifetime } from './answer-lifetime.ts';
import { type AnswerMeter, createAnswerMeters, RESPONSE_MAX_BYTES } from './answer-meter.ts';

/** The user on whose behalf a request reads, and whether with admin rights. */
export type Viewer = { id: string; isAdmin: boolean };

/** A request for one row or list: the key, the viewer, and the answer that it is for. */
export type LoadRequest<Key> = {
  viewerId: string;
  isAdmin: boolean;
  key: Key;
  /** Counts the answer's bytes. */
  meter: AnswerMeter;
  /** Records how long the answer stays valid, if it may be cached. */
  lifetime: AnswerLifetime | undefined;
};

/**
 * Defines how rows are read: with one statement for all requests of all viewers. Returns values in the order of the requests; an error
 * concerns its own request only.
 */
export type LoaderDefinition<Key, Value> = {
  batch(services: Services, requests: readonly LoadRequest<Key>[]): Promise<readonly (Value | Error)[]>;
  /** Returns a value that is the same for equal keys; required if keys are objects. */
  cacheKey?: (key: Key) => string;
  /** Whether a value may change at any time, without a write that is recorded among its owner's changes. */
  isInFlux?(value: Value): boolean;
  /**
   * Whether concurrent requests for the same key share one object. Such values are never modified, count no bytes, and do not limit the
   * lifetime of answers.
   */
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

/** One answer: the meter of its bytes, and its lifetime if it may be cached. */
export type AnswerBounds = {
  maxBytes?: number | undefined;
  lifetime?: AnswerLifetime | undefined;
  /** Called for each row that had been loaded before. */
  onCacheHit?: (() => void) | undefined;
};

// Maps each definition to values of its own types, which TypeScript cannot express.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Any = any;

/** Creates the meters of answers; a process has one, however many databases it reads from. */
export type CreateMeter = ReturnType<typeof createAnswerMeters>;

/** `latest`: the services of the primary, from which values in flux are read if `services` read from a replica. */
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

/** Returns the batch function of a definition. Values in flux are read from the primary, and answers that contain them are not cached. */
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

/** Returns the request with a meter of its own, which can uncount just its bytes. */
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

/** Returns a batch function that reads only once what several requests of one viewer ask for. */
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
