import type { Reports } from './adapters/database/database.ts';
import type { Lane } from './adapters/queue/queue.ts';
import { claimName } from './adapters/redis/claim.ts';
import type { RedisClient } from './adapters/redis/redis.ts';
import { startTracing } from './adapters/tracing.ts';
import type { Config } from './config/config.ts';
import { createFirstKey, ensureGivenKey } from './domain/accounts/bootstrap.ts';
import type { Services } from './domain/core/deps.ts';
import { enqueueEmbeddingBacklog } from './domain/memories/embedding-backlog.ts';
import { startAlerts } from './domain/operations/alerts/start-alerts.ts';
import { followBackupSchedule } from './domain/operations/backups/request-backup.ts';
import { applyLedger } from './domain/operations/erasure/erase-user.ts';
import { followCleanUpSchedule } from './domain/operations/old-conversations.ts';
import { recordStatements } from './domain/operations/performance/statement-recorder.ts';
import { watchCallDeadlines } from './domain/sales/calls/overdue/watch-deadlines.ts';
import { deliverEvents } from './domain/webhooks/deliver-events.ts';
import { openPersistedOperations } from './http/graphql/persisted-operations.ts';
import { startWorkerEndpoints } from './http/ops/worker-endpoints.ts';
import { createRateLimits } from './http/rate-limits.ts';
import { startMaintenance } from './maintenance.ts';
import { openServices } from './services.ts';
import { startServing } from './serving.ts';
import { version } from './version.ts';
import { startWorker, type Worker } from './worker/worker.ts';

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
    const worker = role.works ? await startWorking(config, services, parts) : null;
    parts.defer(async () => {
      services.health.drain();
      await Promise.all([server?.drain(), worker?.stop()]);
    });
    services.database.stats.started = true;
    // Last, as whatever fails behind it would lose the secret for good.
    const firstKey = role.serves && !bootstrapAdminKey ? await createFirstKey(services) : null;
    if (server) log.info({ url: server.url, version }, 'Parley listens');
    if (worker) log.info({ version }, 'Parley works');
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

/** Starts what runs jobs, and what asks for them by the clock; `parts` stops the latter. */
async function startWorking(config: Config, services: Services, parts: AsyncDisposableStack): Promise<Worker> {
  // Whoever has the data directory is alone: the jobs that run are those of a process that was killed.
  if (services.database.kind === 'embedded') await services.queue.releaseClaims();
  const worker = await startWorker(services, { concurrency: concurrencyOf(config) });
  parts.defer(followBackupSchedule(services));
  parts.defer(followCleanUpSchedule(services, config));
  parts.defer(await watchCallDeadlines(services));
  enqueueEmbeddingBacklog(services).catch((error: unknown) =>
    services.log.warn({ err: error }, 'cannot embed older memories'),
  );
  const stopDelivering = await deliverEvents(services);
  const stop = async () => void (await Promise.all([worker.stop(), stopDelivering()]));
  return { ...worker, stop };
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
