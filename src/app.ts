import type { Lane } from './adapters/queue/queue.ts';
import type { Config } from './config/config.ts';
import { ConfigError } from './config/config.ts';
import { createAuthentication } from './domain/accounts/authentication.ts';
import { ensureAdminKey } from './domain/accounts/bootstrap.ts';
import { CONVERSATIONS } from './domain/conversations/import-conversation.ts';
import type { Services } from './domain/core/deps.ts';
import { forgetOldIdempotencyKeys } from './domain/core/idempotency.ts';
import { removeUnseen } from './domain/core/sliced-import.ts';
import { TRANSCRIPTS } from './domain/episodes/transcripts/stored-transcripts.ts';
import { enqueueEmbeddingBacklog } from './domain/memories/embedding-backlog.ts';
import { startKeyWatch } from './http/graphql/key-watch.ts';
import { createPipeline } from './http/graphql/pipeline.ts';
import { createWebSocketTransport } from './http/graphql/websocket.ts';
import { createMetrics } from './http/ops/metrics.ts';
import { createRateLimits, type RateLimits } from './http/rate-limits.ts';
import { createGatekeeper } from './http/request.ts';
import { type HttpServer, startServer } from './http/server.ts';
import { createLoaders } from './loaders/loader.ts';
import { schema } from './schema/index.ts';
import { openServices, type Reports, version } from './services.ts';
import { startWorker } from './worker/worker.ts';

/** A running process. */
export type App = {
  /** Where to open GraphiQL, with the first key, on an installation that has just got it. */
  link: string | null;
  stop(): Promise<void>;
};

type Role = { serves: boolean; works: boolean };

/** Wakes get lost with the process or the Redis that carried them: readers look again this often in any case. */
const SAFETY_NET_MS = 5_000;
const MAINTENANCE_MS = 3_600_000;

/** Starts what the role says, and resolves when it is ready. */
export async function startApp(config: Config, role: Role, reports: Reports): Promise<App> {
  assertCompleteRole(config, role);
  const { log } = reports;
  const parts = new AsyncDisposableStack();
  try {
    const { services, redis, redisPrefix, close } = await openServices(config, { ...reports, works: role.works });
    parts.defer(close);
    parts.defer(startMaintenance(services));
    const secret = role.serves ? await ensureAdminKey(services.database, config.bootstrapAdminKey) : null;
    const rateLimits = createRateLimits(config.rateLimitPoints, redis, redisPrefix);
    const server = role.serves ? await startServing(config, services, rateLimits, parts) : null;
    const worker = role.works ? await startWorker(services, { concurrency: concurrencyOf(config) }) : null;
    parts.defer(async () => {
      services.health.drain();
      await Promise.all([server?.drain(), worker?.stop()]);
    });
    services.database.stats.started = true;
    if (server) log.info({ url: server.url, version }, 'Parley listens');
    if (worker) {
      log.info({ version }, 'Parley works');
      enqueueEmbeddingBacklog(services).catch((error: unknown) =>
        log.warn({ err: error }, 'cannot embed older memories'),
      );
    }
    return { link: linkOf(server, secret), stop: () => stopAll(parts, reports) };
  } catch (error) {
    await stopAll(parts, reports);
    throw error;
  }
}

/** Stops the parts in the reverse order of starting. Whatever becomes of one, the others are stopped too. */
async function stopAll(parts: AsyncDisposableStack, { log }: Reports): Promise<void> {
  await parts.disposeAsync().catch((error: unknown) => log.error({ err: error }, 'a part could not be stopped'));
}

/** The embedded database serves one process, so half of Parley has nobody to work with. */
function assertCompleteRole({ databaseUrl }: Config, { serves, works }: Role): void {
  if (databaseUrl || (serves && works)) return;
  throw new ConfigError(
    'A server or worker alone needs DATABASE_URL; without it, `npm start` runs both in one process.',
  );
}

/** Light jobs are quick, and nobody waits for them. */
const MAX_CONCURRENT_LIGHT_JOBS = 2;

function concurrencyOf({ maxConcurrentJobs, maxConcurrentReplies }: Config): Record<Lane, number> {
  return { long: maxConcurrentJobs, replies: maxConcurrentReplies, light: MAX_CONCURRENT_LIGHT_JOBS };
}

/** Returns how to stop it. */
function startMaintenance(services: Services): () => void {
  const net = setInterval(() => services.pubsub.wakeAll(), SAFETY_NET_MS).unref();
  const maintenance = setInterval(() => {
    for (const task of [
      forgetOldIdempotencyKeys(services.database),
      enqueueEmbeddingBacklog(services),
      removeUnseen(services.database, TRANSCRIPTS),
      removeUnseen(services.database, CONVERSATIONS),
    ])
      task.catch((error: unknown) => services.log.warn({ err: error }, 'maintenance'));
  }, MAINTENANCE_MS).unref();
  return () => {
    clearInterval(net);
    clearInterval(maintenance);
  };
}

async function startServing(
  config: Config,
  services: Services,
  rateLimits: RateLimits,
  parts: AsyncDisposableStack,
): Promise<HttpServer> {
  const { database, pubsub, log, now } = services;
  const authentication = createAuthentication(database, now);
  const gatekeeper = createGatekeeper(authentication, rateLimits, config.production);
  const keyWatch = await startKeyWatch(authentication, pubsub);
  parts.defer(() => keyWatch.close());
  const metrics = createMetrics(database);
  const pipeline = createPipeline({ schema, services, loadersFor: createLoaders(services), rateLimits, metrics });
  const webSockets = createWebSocketTransport({ pipeline, gatekeeper, keyWatch, metrics, log });
  const server = await startServer({ config, services, pipeline, gatekeeper, keyWatch, metrics, webSockets, version });
  parts.defer(() => server.close());
  return server;
}

function linkOf(server: HttpServer | null, secret: string | null): string | null {
  return server && secret ? `Open ${server.url}/graphql#key=${secret} (this key is shown this once).` : null;
}
