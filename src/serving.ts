import type { Config } from './config/config.ts';
import { createAuthentication } from './domain/accounts/authentication.ts';
import { createPresentRevisions, type ReadPresentRevision } from './domain/changes/present-revision.ts';
import { SYSTEM_ACTOR } from './domain/core/actor.ts';
import { ERASURES_CHANNEL } from './domain/core/channels.ts';
import type { Services } from './domain/core/deps.ts';
import { warmUpHolidays } from './domain/sales/eligibility/holidays.ts';
import { placeOfNumber } from './domain/sales/phones/number-place.ts';
import { type CachingRules, createCachingRules } from './http/graphql/cache/caching-rules.ts';
import { createResponseCache, type ResponseCache } from './http/graphql/cache/response-cache.ts';
import type { PersistedOperations } from './http/graphql/persisted-operations.ts';
import { createPipeline } from './http/graphql/pipeline.ts';
import { createReadPlaces } from './http/graphql/read-places.ts';
import { createWebSocketTransport } from './http/graphql/websocket/transport.ts';
import { startKeyWatch } from './http/key-watch.ts';
import { createMetrics, type Metrics } from './http/ops/metrics.ts';
import { addServiceMetrics } from './http/ops/service-metrics.ts';
import type { RateLimits } from './http/rate-limits.ts';
import { createGatekeeper, type Gatekeeper } from './http/request.ts';
import { type HttpServer, startServer } from './http/server.ts';
import { createRelayTransport } from './http/webhooks/relay.ts';
import { schema } from './schema/index.ts';
import { hashSource } from './source-hash.ts';
import { version } from './version.ts';

/** Starts what answers requests, which `parts` stops; resolves when it listens. */
export async function startServing(
  config: Config,
  services: Services,
  { rateLimits, persistedOperations }: { rateLimits: RateLimits; persistedOperations: PersistedOperations },
  parts: AsyncDisposableStack,
): Promise<HttpServer> {
  const { database, log, now } = services;
  const authentication = createAuthentication(database, now);
  const gatekeeper = createGatekeeper(authentication, rateLimits, config.production);
  const keyWatch = await startKeyWatch(authentication, services);
  parts.defer(() => keyWatch.close());
  const metrics = createMetrics();
  addServiceMetrics(metrics, services);
  const { maxConnectionsPerUser } = config;
  const rules = createCachingRules(schema);
  const readRevision = createPresentRevisions(database);
  const cacheParts = { gatekeeper, metrics, persistedOperations, rules, readRevision };
  const responseCache = await openResponseCache(config, services, cacheParts, parts);
  const pipeline = createPipeline({
    schema,
    readPlaces: createReadPlaces({ services, rules, readRevision }),
    gatekeeper,
    metrics,
    maxConnectionsPerUser,
    responseCache,
    persistedOperations,
  });
  const webSockets = createWebSocketTransport({ pipeline, gatekeeper, keyWatch, log });
  const { twilio } = config.telephony;
  const relay = twilio && createRelayTransport(twilio, services, metrics);
  const server = await startServer({
    config,
    services,
    pipeline,
    gatekeeper,
    keyWatch,
    metrics,
    webSockets,
    relay,
    version,
  });
  parts.defer(() => server.close());
  services.address.publicUrl = server.url;
  warmUpLine(config, services);
  return server;
}

/** How often it is seen to that nothing is kept past its time, where no wake says so. */
const SWEEP_CACHE_MS = 600_000;

/** Opens the cache of answers, which drops those of users who are erased. */
async function openResponseCache(
  { responseCacheBytes }: Config,
  { sharedResponses, cacheStats, pubsub, embedder, log }: Services,
  {
    persistedOperations: { fingerprint },
    ...cacheParts
  }: {
    gatekeeper: Gatekeeper;
    metrics: Metrics;
    persistedOperations: PersistedOperations;
    rules: CachingRules;
    readRevision: ReadPresentRevision;
  },
  parts: AsyncDisposableStack,
): Promise<ResponseCache> {
  const cache = createResponseCache({
    maxBytes: responseCacheBytes,
    ...cacheParts,
    shared: sharedResponses,
    variant: sharedResponses.isShared
      ? hashSource().then((hash) => `${hash} ${embedder?.name ?? ''} ${fingerprint}`)
      : Promise.resolve(''),
    stats: cacheStats,
  });
  const drop = () =>
    cache.dropErased().catch((error: unknown) => log.warn({ err: error }, 'cached responses of erased users'));
  const leave = await pubsub.subscribe(ERASURES_CHANNEL, () => void drop());
  pubsub.onReconnected(() => void drop());
  const sweep = setInterval(drop, SWEEP_CACHE_MS).unref();
  parts.defer(() => {
    clearInterval(sweep);
    leave();
  });
  return cache;
}

/** Talks over Twilio's line are held by servers; over the simulated one by workers, which have judged the lead before. */
function warmUpLine({ telephony: { twilio } }: Config, services: Services): void {
  const country = twilio && placeOfNumber(twilio.from).country;
  if (!country) return;
  warmUpHolidays({ ...services, actor: SYSTEM_ACTOR }, country).catch((error: unknown) =>
    services.log.warn({ err: error }, 'the holidays are listed when they are needed'),
  );
}
