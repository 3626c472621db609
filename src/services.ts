import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { type Database, openDatabase } from './adapters/database/database.ts';
import { migrate } from './adapters/database/migrator/migrator.ts';
import type { Logger } from './adapters/log.ts';
import { openQueue } from './adapters/queue/queue.ts';
import { createInProcessPubSub, createRedisPubSub } from './adapters/redis/pubsub.ts';
import { openRedis } from './adapters/redis/redis.ts';
import { openThreads } from './adapters/threads/threads.ts';
import type { Config } from './config/config.ts';
import { sharedSecret } from './domain/accounts/bootstrap.ts';
import { createMessageLog } from './domain/conversations/message-log.ts';
import { createCursors } from './domain/core/cursors.ts';
import type { Services } from './domain/core/deps.ts';
import { createEmbedderClient, createModelClient } from './domain/core/model-clients.ts';
import { publishCircuitState } from './domain/health/model-circuits.ts';
import { watchHealth } from './domain/health/monitor.ts';
import { JOB_KINDS } from './worker/job-kinds.ts';

/** `onLost` is told of what cannot be mended while the process runs. */
export type Reports = { log: Logger; onLost: (error: Error) => void };

/** The services of a process, with what only its parts need. */
export type OpenServices = {
  services: Services;
  redis: Redis | null;
  /** Before the names of all that this installation keeps in Redis, which it may share with others. */
  redisPrefix: string;
  /** Closes all of them, in the reverse order of opening. */
  close(): Promise<void>;
};

/** The version of Parley, as package.json has it. */
export const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Opens what a process has one of, on a migrated database. With `works` it may run jobs. */
export async function openServices(
  config: Config,
  { log, onLost, works }: Reports & { works: boolean },
): Promise<OpenServices> {
  const open = new AsyncDisposableStack();
  try {
    const { database } = await openMigratedDatabase(config, { log, onLost }, (sentence) => log.info(sentence));
    open.defer(() => database.close());
    const redis = config.redisUrl ? await openRedis(config.redisUrl, log) : null;
    open.defer(() => redis?.disconnect());
    const redisPrefix = `parley:${await installationId(database)}:`;
    const pubsub = redis
      ? await createRedisPubSub(redis, redisPrefix, log)
      : createInProcessPubSub({ alone: database.kind === 'embedded' });
    open.defer(() => pubsub.close());
    const queue = await openQueue(config, database, log, { works });
    open.defer(() => queue.close());
    const threads = openThreads();
    open.defer(() => threads.close());
    const model = config.model && (await createModelClient(config.model, log));
    if (model) open.defer(publishCircuitState(database, model, log));
    const { dataDir, maxQueueSize, maxQueuedPerUser, maxConcurrentJobs } = config;
    const { maxContextMessages, maxContextTokens, extractMemories } = config;
    const checks = { database, redis, pubsub, dataDir, maxQueueSize, jobKinds: JOB_KINDS, model: model?.name ?? null };
    const health = await watchHealth(checks, version);
    open.defer(() => health.close());
    const services: Services = {
      database,
      pubsub,
      queue,
      health,
      threads,
      log,
      cursors: createCursors(await sharedSecret(database, 'cursors')),
      messageLog: createMessageLog(database),
      jobKinds: JOB_KINDS,
      model,
      embedder: config.embedding && (await createEmbedderClient(config.embedding, log)),
      limits: { maxQueueSize, maxQueuedPerUser, maxConcurrentJobs },
      replying: { maxContextMessages, maxContextTokens, extractMemories },
      now: () => new Date(),
    };
    return { services, redis, redisPrefix, close: () => open.disposeAsync() };
  } catch (error) {
    await open.disposeAsync();
    throw error;
  }
}

/** Opens the database and applies the migrations that it lacks, whose names are returned; `tell` gets a sentence for each. */
export async function openMigratedDatabase(
  config: Config,
  { log, onLost }: Reports,
  tell: (sentence: string) => void,
): Promise<{ database: Database; applied: string[] }> {
  const database = await openDatabase(config, log, onLost);
  try {
    const { applied } = await migrate(database.pool, { log: tell });
    return { database, applied };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Tells this installation from others that share its Redis. */
async function installationId(database: Database): Promise<string> {
  return Buffer.from(await sharedSecret(database, 'installation'))
    .toString('hex')
    .slice(0, 12);
}
