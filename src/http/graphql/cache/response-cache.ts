import { hash } from 'node:crypto';
import { type DocumentNode, type ExecutionResult, OperationTypeNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { SharedResponses } from '#adapters/redis/shared-responses.ts';
import type { PresentRevision, ReadPresentRevision } from '#domain/changes/present-revision.ts';
import { isAdmin } from '#domain/core/actor.ts';
import type { CacheStats } from '#domain/core/cache-stats.ts';
import { type Events, isStream } from '#http/graphql/events.ts';
import type { Metrics } from '#http/ops/metrics.ts';
import type { Gatekeeper, RequestContext } from '#http/request.ts';
import { AnswerLifetime } from '#loaders/answer-lifetime.ts';
import { isAnonymous } from '#resolvers/context.ts';
import { type CachedResponse, parseResponse, serializeResponse } from './cached-response.ts';
import type { CachingRules } from './caching-rules.ts';

/** Caches the answers to queries that viewers repeat (docs/decisions/response-cache.md). */
export type ResponseCache = {
  /** Returns the lookup of a request; null for a request that is never cached. */
  lookUp(request: RequestContext, input: Buffer | string): Lookup | null;
  /** Drops expired answers, and those of users that no longer exist. */
  dropErased(): Promise<void>;
};

/** The dependencies of the cache. */
export type ResponseCacheParts = {
  maxBytes: number;
  readRevision: ReadPresentRevision;
  shared: SharedResponses;
  /** Identifies this version of the code and its settings, as others may use the same Redis. */
  variant: Promise<string>;
  rules: CachingRules;
  gatekeeper: Pick<Gatekeeper, 'charge'>;
  stats: CacheStats;
  metrics: Pick<Metrics, 'observe'>;
};

/** A valid operation, and the function that runs it. */
type Operation = {
  prepared: {
    type: OperationTypeNode;
    name: string | null;
    document: DocumentNode;
    operationName?: string | null | undefined;
  };
  run(): Promise<ExecutionResult | Events>;
};

/** Longer requests are not looked up, because hashing them takes time. */
const MAX_INPUT_LENGTH = 16 * 1024;
/** Bytes of one answer at most. */
const MAX_ANSWER_BYTES = 256 * 1024;
/** The estimated memory of an entry besides its key and its answer. */
const BYTES_PER_ENTRY = 600;
/** How many recent requests are remembered. A request that comes only once is not cached, and costs no more than its hash. */
const MAX_RECENT_REQUESTS = 20_000;

/** The state that all lookups of a process share. */
type CacheState = ResponseCacheParts & {
  entries: LRUCache<string, CachedResponse>;
  recentRequests: LRUCache<string, true>;
  /**
   * The answers that are being computed, by key and stamp; concurrent requests for the same wait for them. Null if one is not to be cached.
   */
  pending: Map<string, Promise<CachedResponse | null>>;
};

/** Creates the cache of a process; with a size of 0 it looks nothing up. */
export function createResponseCache(parts: ResponseCacheParts): ResponseCache {
  if (parts.maxBytes === 0) return { lookUp: () => null, dropErased: async () => {} };
  const entries = new LRUCache<string, CachedResponse>({
    maxSize: parts.maxBytes,
    sizeCalculation: ({ bytes }, key) => bytes.length + 2 * key.length + BYTES_PER_ENTRY,
  });
  const state: CacheState = {
    ...parts,
    entries,
    recentRequests: new LRUCache({ max: MAX_RECENT_REQUESTS }),
    pending: new Map(),
  };
  parts.stats.bytes = () => entries.calculatedSize;
  return {
    lookUp(request, input) {
      const isCacheable = !isAnonymous(request.actor) && !request.extensions && input.length <= MAX_INPUT_LENGTH;
      return isCacheable ? new Lookup(state, request, input) : null;
    },
    async dropErased() {
      entries.purgeStale();
      const viewers = [...new Set(Array.from(entries.keys(), viewerOfKey))];
      const revisions = await Promise.all(viewers.map(parts.readRevision));
      for (const [index, viewer] of viewers.entries()) if (revisions[index] === null) dropViewer(entries, viewer);
    },
  };
}

const viewerOfKey = (key: string) => key.slice(0, key.indexOf(' '));

function dropViewer(entries: LRUCache<string, CachedResponse>, viewer: string): void {
  for (const key of [...entries.keys()]) if (viewerOfKey(key) === viewer) entries.delete(key);
}

/** One request's way through the cache. */
export class Lookup {
  /** Its outcome for the header of RFC 9211; null if it was no query. */
  status: string | null = null;
  readonly #state: CacheState;
  readonly #request: RequestContext;
  /** Includes the grants on which answers depend; equal inputs have the same document, operation and variables. */
  readonly #name: string;
  readonly #key: string;
  readonly #startedAt = performance.now();

  constructor(state: CacheState, request: RequestContext, input: Buffer | string) {
    const { actor } = request;
    this.#state = state;
    this.#request = request;
    this.#name = `${isAdmin(actor) ? 'admin' : ''} ${actor.scopes.join()} ${hash('sha256', input, 'base64url')}`;
    this.#key = `${actor.userId} ${this.#name}`;
  }

  /** Returns the answer that this process has cached, if it is still valid, and charges for it. Throws RATE_LIMITED. */
  async find(): Promise<CachedResponse | null> {
    const cached = this.#state.entries.get(this.#key);
    if (!cached) return null;
    await this.#charge(cached);
    const present = await this.#present();
    if (!present || !isFresh(cached, present)) return null;
    return this.#serve(cached, hitOf(cached, present));
  }

  /**
   * Runs an operation that was not found, unless another process has its answer or a concurrent request is computing it. Returns the bytes
   * of an answer that is cached. Throws RATE_LIMITED.
   */
  async run(operation: Operation): Promise<ExecutionResult | Events | CachedResponse> {
    const { rules, recentRequests, entries, pending, stats } = this.#state;
    const { type, name, document, operationName } = operation.prepared;
    if (type !== OperationTypeNode.QUERY) return operation.run();
    const seconds = rules(document, operationName);
    this.status = `${SELF}; fwd=${seconds === 0 ? 'bypass' : entries.has(this.#key) ? 'stale' : 'uri-miss'}`;
    if (seconds === 0) return operation.run();
    const present = this.#isRepeated(recentRequests) ? await this.#present() : null;
    if (!present) {
      stats.count(name, false);
      return operation.run();
    }
    const stored = entries.get(this.#key);
    if (stored && isFresh(stored, present)) return this.#collapse(stored);
    const pendingKey = `${this.#key} ${present.stamp}`;
    const concurrent = pending.get(pendingKey);
    if (concurrent) return this.#await(concurrent, operation);
    const { promise, resolve } = Promise.withResolvers<CachedResponse | null>();
    pending.set(pendingKey, promise);
    let cached: CachedResponse | null = null;
    try {
      cached = await this.#readShared(present);
      if (cached) return cached;
      stats.count(name, false);
      const result = await this.#compute(operation, present, seconds);
      if ('bytes' in result) cached = result;
      return result;
    } finally {
      pending.delete(pendingKey);
      resolve(cached);
    }
  }

  async #await(
    response: Promise<CachedResponse | null>,
    operation: Operation,
  ): Promise<ExecutionResult | Events | CachedResponse> {
    const cached = await response;
    if (cached) return this.#collapse(cached);
    this.#state.stats.count(operation.prepared.name, false);
    return operation.run();
  }

  /** Serves an answer that another request has computed since this one arrived. */
  async #collapse(cached: CachedResponse): Promise<CachedResponse> {
    await this.#charge(cached);
    return this.#serve(cached, `${SELF}; fwd=miss; collapsed`);
  }

  /** The revision was read before the operation ran, so the answer includes at least everything up to that revision. */
  async #compute(operation: Operation, present: PresentRevision, seconds: number) {
    const lifetime = new AnswerLifetime();
    this.#request.lifetime = lifetime;
    const result = await operation.run();
    if (isStream(result) || result.errors || result.extensions) return result;
    const { points = 1, answerBytes = 0 } = this.#request;
    if (answerBytes > MAX_ANSWER_BYTES) return result;
    const expiresAt = Math.min(present.readAt + seconds * 1_000, lifetime.endsAt);
    const bytes = Buffer.from(JSON.stringify(result));
    const cached: CachedResponse = { bytes, stamp: present.stamp, expiresAt, points, name: operation.prepared.name };
    if (expiresAt <= present.readAt || bytes.length > MAX_ANSWER_BYTES) return result;
    this.#state.entries.set(this.#key, cached, { ttl: expiresAt - present.readAt });
    this.status += '; stored';
    void this.#share(cached, expiresAt - present.readAt);
    return cached;
  }

  async #readShared(present: PresentRevision): Promise<CachedResponse | null> {
    const { shared, variant, entries } = this.#state;
    const viewer = this.#request.actor.userId;
    const bytes = shared.isShared && (await shared.read(viewer, present.stamp, `${await variant} ${this.#name}`));
    const cached = bytes ? parseResponse(bytes, present.stamp) : null;
    if (!cached || !isFresh(cached, present)) return null;
    await this.#charge(cached);
    entries.set(this.#key, cached, { ttl: cached.expiresAt - present.readAt });
    return this.#serve(cached, `${hitOf(cached, present)}; detail=shared`);
  }

  /** An answer that is stored while its viewer is being erased is dropped by whichever of the two comes later. */
  async #share(cached: CachedResponse, ttlMs: number): Promise<void> {
    const { shared, variant, entries, readRevision } = this.#state;
    const viewer = this.#request.actor.userId;
    if (shared.isShared)
      await shared.write(viewer, cached.stamp, `${await variant} ${this.#name}`, serializeResponse(cached), ttlMs);
    const present = await readRevision(viewer).catch(() => undefined);
    if (present !== null) return;
    dropViewer(entries, viewer);
    await shared.forget(viewer).catch(() => {});
  }

  #serve(cached: CachedResponse, status: string): CachedResponse {
    const { stats, metrics } = this.#state;
    stats.count(cached.name, true);
    metrics.observe(OperationTypeNode.QUERY, cached.name, performance.now() - this.#startedAt);
    this.status = status;
    return cached;
  }

  #charge({ points }: CachedResponse): Promise<void> {
    return this.#state.gatekeeper.charge(this.#request, points);
  }

  /** Also null while the database is unreachable, which the operation then reports. Read once, after the request has arrived. */
  #present(): Promise<PresentRevision | null> {
    this.#request.present ??= this.#state.readRevision(this.#request.actor.userId).catch(() => null);
    return this.#request.present;
  }

  #isRepeated(recentRequests: LRUCache<string, true>): boolean {
    if (recentRequests.has(this.#key)) return true;
    recentRequests.set(this.#key, true);
    return false;
  }
}

/** The name of this cache in the header `cache-status`. */
const SELF = 'Parley';

const isFresh = ({ stamp, expiresAt }: CachedResponse, present: PresentRevision) =>
  stamp === present.stamp && present.readAt < expiresAt;

const hitOf = ({ expiresAt }: CachedResponse, { readAt }: PresentRevision) =>
  `${SELF}; hit; ttl=${Math.floor((expiresAt - readAt) / 1_000)}`;
