import { readFileSync } from 'node:fs';
import { type Database, openDatabase } from './adapters/database/database.ts';
import { migrate } from './adapters/database/migrator/migrator.ts';
import type { Logger } from './adapters/log.ts';
import { type Lane, openQueue } from './adapters/queue/queue.ts';
import { inProcessPubSub, redisPubSub } from './adapters/redis/pubsub.ts';
import { openRedis } from './adapters/redis/redis.ts';
import { type Config, ConfigError } from './config/config.ts';
import { createAuthentication } from './domain/accounts/authentication.ts';
import { ensureAdminKey, sharedSecret } from './domain/accounts/bootstrap.ts';
import { createMessageLog } from './domain/conversations/message-log.ts';
import { createCursors } from './domain/core/cursors.ts';
import type { Services } from './domain/core/deps.ts';
import { createEmbedderClient, createModelClient } from './domain/core/model-clients.ts';
import { forgetOldIdempotencyKeys } from './domain/core/write.ts';
import { publishCircuitState } from './domain/health/model-circuits.ts';
import { watchHealth } from './domain/health/monitor.ts';
import { embedBacklog } from './domain/memories/embedding-backlog.ts';
import { watchLiveKeys } from './http/graphql/live-keys.ts';
import { createPipeline } from './http/graphql/pipeline.ts';
import { createWebSocketTransport } from './http/graphql/websocket.ts';
import { createMetrics } from './http/ops/metrics.ts';
import { createRateLimits } from './http/rate-limits.ts';
import { createGatekeeper } from './http/request.ts';
import { type HttpServer, startServer } from './http/server.ts';
import { createLoaders } from './loaders/loader.ts';
import { schema } from './schema/index.ts';
import { JOB_REGISTRY } from './worker/registry.ts';
import { startWorker } from './worker/worker.ts';

export type App = {
  /** Where to open GraphiQL, with the first key, on an installation that has just got it. */
  link: string | null;
  stop(): Promise<void>;
};

type Role = { serves: boolean; works: boolean };
/** A part that has been started, and how to stop it: in the reverse order of starting. */
type Stops = (() => Promise<void> | void)[];

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Wakes get lost with the process or the Redis that carried them: readers look again this often in any case. */
const SAFETY_NET_MS = 5_000;
const MAINTENANCE_MS = 3_600_000;

/** `onLost` is told what cannot be mended while it runs. */
type Reports = { log: Logger; onLost: (error: Error) => void };

/** Starts what the role says, and answers when it is ready. */
export async function startApp(config: Config, role: Role, { log, onLost }: Reports): Promise<App> {
  assertCompleteRole(config, role);
  const stops: Stops = [];
  const stop = () => stopAll(stops, log);
  try {
    const { services, redis, prefix } = await startServices(config, role, { log, onLost, stops });
    const secret = role.serves ? await ensureAdminKey(services.database, config.bootstrapAdminKey) : null;
    const server = role.serves
      ? await startServerPart(config, services, createRateLimits(config.rateLimitPoints, redis, prefix), stops)
      : null;
    const worker = role.works
      ? await startWorker(services, { handlerOf: (kind) => JOB_REGISTRY[kind], concurrency: concurrencyOf(config) })
      : null;
    stops.push(async () => {
      services.health.drain();
      await Promise.all([server?.drain(), worker?.stop()]);
    });
    services.database.stats.started = true;
    if (server) log.info({ url: server.url, version }, 'Parley listens');
    if (worker) {
      log.info({ version }, 'Parley works');
      embedBacklog(services).catch((error: unknown) => log.warn({ err: error }, 'cannot embed older memories'));
    }
    return { link: linkOf(server, secret), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Whatever becomes of one part, the others are stopped too. */
async function stopAll(stops: Stops, log: Logger): Promise<void> {
  for (const stop of stops.splice(0).reverse()) {
    try {
      await stop();
    } catch (error) {
      log.error({ err: error }, 'a part could not be stopped');
    }
  }
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

type Start = Reports & { stops: Stops };

async function startServices(config: Config, role: Role, { log, onLost, stops }: Start) {
  const database = await openDatabase(config, log, onLost);
  stops.push(() => database.close());
  await migrate(database.pool, { log: (sentence) => log.info(sentence) });
  const redis = config.redisUrl ? await openRedis(config.redisUrl, log) : null;
  const prefix = `parley:${await installationId(database)}:`;
  const pubsub = redis ? await redisPubSub(redis, prefix, log) : inProcessPubSub();
  stops.push(async () => {
    await pubsub.close();
    redis?.disconnect();
  });
  const queue = await openQueue(config, database, log, { works: role.works });
  stops.push(() => queue.close());
  const { dataDir, maxQueueSize, maxConcurrentJobs, maxContextMessages, maxContextTokens, extractMemories } = config;
  const model = config.model && (await createModelClient(config.model, log));
  if (model) stops.push(publishCircuitState(database, model, log));
  const checks = { database, redis, pubsub, dataDir, maxQueueSize, model: model?.name ?? null };
  const health = await watchHealth(checks, version);
  stops.push(() => health.close());
  const services: Services = {
    database,
    pubsub,
    queue,
    health,
    log,
    cursors: createCursors(await sharedSecret(database, 'cursors')),
    messageLog: createMessageLog(database),
    model,
    embedder: config.embedding && (await createEmbedderClient(config.embedding, log)),
    limits: { maxQueueSize, maxConcurrentJobs },
    replying: { maxContextMessages, maxContextTokens, extractMemories },
    now: () => new Date(),
  };
  startMaintenance(services, stops);
  return { services, redis, prefix };
}

/** Tells this installation from others that share its Redis. */
async function installationId(database: Database): Promise<string> {
  return Buffer.from(await sharedSecret(database, 'installation'))
    .toString('hex')
    .slice(0, 12);
}

function startMaintenance(services: Services, stops: Stops): void {
  const net = setInterval(() => services.pubsub.wakeAll(), SAFETY_NET_MS).unref();
  const maintenance = setInterval(() => {
    for (const chore of [forgetOldIdempotencyKeys(services.database), embedBacklog(services)])
      chore.catch((error: unknown) => services.log.warn({ err: error }, 'maintenance'));
  }, MAINTENANCE_MS).unref();
  stops.push(() => {
    clearInterval(net);
    clearInterval(maintenance);
  });
}

async function startServerPart(
  config: Config,
  services: Services,
  rateLimits: ReturnType<typeof createRateLimits>,
  stops: Stops,
): Promise<HttpServer> {
  const { database, pubsub, log, now } = services;
  const authentication = createAuthentication(database, now);
  const gatekeeper = createGatekeeper(authentication, rateLimits, config.production);
  const liveKeys = await watchLiveKeys(authentication, pubsub);
  const metrics = createMetrics(database);
  const pipeline = createPipeline({ schema, services, loadersFor: createLoaders(services), rateLimits, metrics });
  const webSockets = createWebSocketTransport({ pipeline, gatekeeper, liveKeys, metrics, log });
  const server = await startServer({ config, services, pipeline, gatekeeper, liveKeys, metrics, webSockets, version });
  stops.push(async () => {
    await server.close();
    liveKeys.close();
  });
  return server;
}

function linkOf(server: HttpServer | null, secret: string | null): string | null {
  return server && secret ? `Open ${server.url}/graphql#key=${secret} (this key is shown this once).` : null;
}
