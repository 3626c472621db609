import type { Reports } from './adapters/database/database.ts';
import type { Lane } from './adapters/queue/queue.ts';
import { claimName } from './adapters/redis/claim.ts';
import type { RedisClient } from './adapters/redis/redis.ts';
import { startTracing } from './adapters/tracing.ts';
import type { Config } from './config/config.ts';
import { createAuthentication } from './domain/accounts/authentication.ts';
import { createFirstKey, ensureGivenKey } from './domain/accounts/bootstrap.ts';
import { createPresentRevisions, type ReadPresentRevision } from './domain/changes/present-revision.ts';
import { SYSTEM_ACTOR } from './domain/core/actor.ts';
import { ERASURES_CHANNEL } from './domain/core/channels.ts';
import type { Services } from './domain/core/deps.ts';
import { removeAttempts } from './domain/episodes/media/files/remove-attempts.ts';
import { removeFiles } from './domain/episodes/media/files/removed.ts';
import { scheduleFilesCleanUp } from './domain/episodes/media/schedule-clean-up.ts';
import { settleUploads } from './domain/episodes/media/uploads/settle.ts';
import { startSafetyNet } from './domain/live/safety-net.ts';
import { enqueueEmbeddingBacklog } from './domain/memories/embedding-backlog.ts';
import { startAlerts } from './domain/operations/alerts/start-alerts.ts';
import { followBackupSchedule } from './domain/operations/backups/request-backup.ts';
import { cleanUp } from './domain/operations/clean-up.ts';
import { completeLedger } from './domain/operations/erasure/complete-ledger.ts';
import { applyLedger } from './domain/operations/erasure/erase-user.ts';
import { followCleanUpSchedule } from './domain/operations/old-conversations.ts';
import { recordStatements } from './domain/operations/performance/statement-recorder.ts';
import { watchCallDeadlines } from './domain/sales/calls/watch-deadlines.ts';
import { warmUpHolidays } from './domain/sales/eligibility/holidays.ts';
import { placeOfNumber } from './domain/sales/phones/number-place.ts';
import { type CachingRules, createCachingRules } from './http/graphql/cache/caching-rules.ts';
import { createResponseCache, type ResponseCache } from './http/graphql/cache/response-cache.ts';
import { startKeyWatch } from './http/graphql/key-watch.ts';
import { openPersistedOperations, type PersistedOperations } from './http/graphql/persisted-operations.ts';
import { createPipeline } from './http/graphql/pipeline.ts';
import { createReadPlaces } from './http/graphql/read-places.ts';
import { createWebSocketTransport } from './http/graphql/websocket/transport.ts';
import { createMetrics, type Metrics } from './http/ops/metrics.ts';
import { addServiceMetrics } from './http/ops/service-metrics.ts';
import { startWorkerEndpoints } from './http/ops/worker-endpoints.ts';
import { createRateLimits, type RateLimits } from './http/rate-limits.ts';
import { createGatekeeper, type Gatekeeper } from './http/request.ts';
import { type HttpServer, startServer } from './http/server.ts';
import { createRelayTransport } from './http/webhooks/relay.ts';
import { schema } from './schema/index.ts';
import { openServices } from './services.ts';
import { hashSource } from './source-hash.ts';
import { version } from './version.ts';
import { startWorker } from './worker/worker.ts';

/** A running process. */
export type App = {
  /** Where it listens; null for a worker. */
  url: string | null;
  /** The secret of the first key, on an installation that has just got it. */
  firstKey: string | null;
  stop(): Promise<void>;
  /** What it has in hand: while it stops, what it waits for. */
  pending(): { requests: number; jobs: number };
};

/** Whether a process answers requests, and whether it runs jobs. */
export type Role = { serves: boolean; works: boolean };

const MAINTENANCE_MS = 3_600_000;
/** Shorter than the time between two outages that are told apart. */
const OUTAGE_CLAIM_SECONDS = 60;

/** Starts what the role says, and resolves when it is ready. */
export async function startApp(config: Config, role: Role, reports: Reports): Promise<App> {
  const { log } = reports;
  const parts = new AsyncDisposableStack();
  try {
    // The services close it, too; this is for where they are not reached.
    parts.defer(() => reports.embedded?.stop());
    const persistedOperations = role.serves ? await openPersistedOperations(config.persistedOperations) : null;
    if (config.tracing) parts.defer(await startTracing(config.tracing, version));
    const { services, redis, redisPrefix, close } = await openServices(config, { ...reports, ...role });
    parts.defer(close);
    await applyLedger(services);
    parts.defer(recordStatements(services));
    services.auditSeals.wake(); // of what a killed process left, and of commands
    parts.defer(startMaintenance(services, config));
    parts.defer(startAlerts(services, () => claimOutage(redis, redisPrefix)));
    const { bootstrapAdminKey } = config;
    if (role.serves && bootstrapAdminKey) await ensureGivenKey(services, bootstrapAdminKey);
    const rateLimits = createRateLimits(config.rateLimitPoints, redis, redisPrefix);
    const server = persistedOperations
      ? await startServing(config, services, { rateLimits, persistedOperations }, parts)
      : null;
    if (!role.serves && config.metricsPort !== null)
      parts.defer(await startWorkerEndpoints(config, services, config.metricsPort, version));
    // Whoever has the data directory is alone: the jobs that run are those of a process that was killed.
    if (role.works && services.database.kind === 'embedded') await services.queue.releaseClaims();
    const worker = role.works ? await startWorker(services, { concurrency: concurrencyOf(config) }) : null;
    if (role.works) parts.defer(followBackupSchedule(services));
    if (role.works) parts.defer(followCleanUpSchedule(services, config));
    if (role.works) parts.defer(await watchCallDeadlines(services));
    parts.defer(async () => {
      services.health.drain();
      await Promise.all([server?.drain(), worker?.stop()]);
    });
    services.database.stats.started = true;
    // Last, as whatever fails behind it would lose the secret for good.
    const firstKey = role.serves && !bootstrapAdminKey ? await createFirstKey(services) : null;
    if (server) log.info({ url: server.url, version }, 'Parley listens');
    if (worker) {
      log.info({ version }, 'Parley works');
      enqueueEmbeddingBacklog(services).catch((error: unknown) =>
        log.warn({ err: error }, 'cannot embed older memories'),
      );
    }
    return {
      url: server?.url ?? null,
      firstKey,
      stop: () => stopAll(parts, reports),
      pending: () => ({ requests: server?.pending() ?? 0, jobs: worker?.running() ?? 0 }),
    };
  } catch (error) {
    await stopAll(parts, reports);
    throw error;
  }
}

/** Stops the parts in the reverse order of starting. Whatever becomes of one, the others are stopped too. */
async function stopAll(parts: AsyncDisposableStack, { log }: Reports): Promise<void> {
  await parts.disposeAsync().catch((error: unknown) => log.error({ err: error }, 'a part could not be stopped'));
}

/** Of the processes that find the database away at about the same time, one tells it, where they can agree on that. */
async function claimOutage(redis: RedisClient | null, prefix: string): Promise<boolean> {
  return !redis || claimName(redis, `${prefix}outage`, OUTAGE_CLAIM_SECONDS);
}

/** Who waits for a clip of some seconds does not wait for recordings of some hours. */
const MAX_CONCURRENT_RENDERS = 2;
/** Light jobs are quick, and nobody waits for them. */
const MAX_CONCURRENT_LIGHT_JOBS = 2;
/** An erasure does not wait for the backup that is being taken. */
const MAX_CONCURRENT_OPERATIONS = 2;
/** While one call waits for its place or for the answer of the provider, others are prepared. */
const MAX_CONCURRENT_DIALS = 4;
/** A campaign is run for a moment at a time, while one that lists its leads' next times goes on. */
const MAX_CONCURRENT_CAMPAIGNS = 4;

function concurrencyOf({ maxConcurrentJobs, maxConcurrentReplies }: Config): Record<Lane, number> {
  return {
    long: maxConcurrentJobs,
    renders: MAX_CONCURRENT_RENDERS,
    replies: maxConcurrentReplies,
    light: MAX_CONCURRENT_LIGHT_JOBS,
    operations: MAX_CONCURRENT_OPERATIONS,
    calls: MAX_CONCURRENT_DIALS,
    campaigns: MAX_CONCURRENT_CAMPAIGNS,
  };
}

/** Begins at once, for processes that do not live for an hour. Returns how to stop it. */
function startMaintenance(
  services: Services,
  { jobsKeepDays, auditKeepDays, changesKeepDays, metricsRetentionHours, cleanUpIntervalHours }: Config,
): () => Promise<void> {
  const stopping = new AbortController();
  const keepDays = {
    jobs: jobsKeepDays,
    auditEntries: auditKeepDays,
    changes: changesKeepDays,
    metrics: metricsRetentionHours / 24,
  };
  const cleanAll = async () => {
    await cleanUp(services, keepDays, stopping.signal);
    await settleUploads(services);
    await removeFiles(services);
    await removeAttempts(services);
    await scheduleFilesCleanUp(services, cleanUpIntervalHours);
  };
  const clean = () =>
    cleanAll().catch((error: unknown) => services.log.warn({ err: error }, 'maintenance is tried again in an hour'));
  let cleaning = clean().then(() => keepLedger(services));
  const stopNet = startSafetyNet(services);
  const maintenance = setInterval(() => {
    cleaning = cleaning.then(clean);
    enqueueEmbeddingBacklog(services).catch((error: unknown) => services.log.warn({ err: error }, 'maintenance'));
  }, MAINTENANCE_MS).unref();
  return async () => {
    stopping.abort();
    stopNet();
    clearInterval(maintenance);
    await cleaning;
  };
}

/** Its file may have gone with a volume: whoever was erased stays so, whatever is restored. */
async function keepLedger({ database: { pool }, backups, now, log }: Services): Promise<void> {
  try {
    const users = await completeLedger(pool, backups, now());
    if (users > 0)
      log.warn({ users }, 'erased-users.jsonl in BACKUP_DIR lacked users; all processes need the same one');
  } catch (error) {
    log.warn({ err: error }, 'erased-users.jsonl in BACKUP_DIR is compared with the audit at the next start');
  }
}

async function startServing(
  config: Config,
  services: Services,
  { rateLimits, persistedOperations }: { rateLimits: RateLimits; persistedOperations: PersistedOperations },
  parts: AsyncDisposableStack,
): Promise<HttpServer> {
  const { database, pubsub, log, now } = services;
  const authentication = createAuthentication(database, now);
  const gatekeeper = createGatekeeper(authentication, rateLimits, config.production);
  const keyWatch = await startKeyWatch(authentication, pubsub);
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
  const webSockets = createWebSocketTransport({ pipeline, gatekeeper, keyWatch, metrics, log });
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
  { keptAnswers, cacheStats, pubsub, embedder, log }: Services,
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
    shared: keptAnswers,
    variant: keptAnswers.isShared
      ? hashSource().then((hash) => `${hash} ${embedder?.name ?? ''} ${fingerprint}`)
      : Promise.resolve(''),
    stats: cacheStats,
  });
  const drop = () => cache.dropErased().catch((error: unknown) => log.warn({ err: error }, 'answers of the erased'));
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
