import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { openDatabase } from '#adapters/database/database.ts';
import { migrate } from '#adapters/database/migrator/migrator.ts';
import { openLog } from '#adapters/log.ts';
import { openQueue } from '#adapters/queue/queue.ts';
import { inProcessPubSub } from '#adapters/redis/pubsub.ts';
import { readConfig } from '#config/config.ts';
import { createMessageLog } from '#domain/conversations/message-log.ts';
import { createCursors } from '#domain/core/cursors.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import { createEmbedderClient, createModelClient } from '#domain/core/model-clients.ts';
import { watchHealth } from '#domain/health/monitor.ts';

export type OpenServices = Services & { close(): Promise<void> };

/**
 * What a process has, on the database at `DATABASE_URL` or an embedded one in `DATA_DIR`. Without Redis, so that what
 * happens in another process is noticed only by what works without it.
 */
export async function openServices(env: Record<string, string>, { works = false } = {}): Promise<OpenServices> {
  const config = readConfig({ LOG_LEVEL: process.env.TEST_LOG ?? 'silent', JOB_LEASE_MS: '10000', ...env });
  const log = openLog(config.logLevel);
  const database = await openDatabase(config, log, (error) => {
    throw error;
  });
  if (database.kind === 'embedded') await migrate(database.pool);
  const queue = await openQueue(config, database, log, { works });
  const pubsub = inProcessPubSub();
  const { dataDir, maxQueueSize, maxConcurrentJobs, maxContextMessages, maxContextTokens, extractMemories } = config;
  const model = config.model && (await createModelClient(config.model, log));
  const checks = { database, redis: null, pubsub, dataDir, maxQueueSize, model: model?.name ?? null };
  const health = await watchHealth(checks, 'test');
  return {
    database,
    pubsub,
    queue,
    cursors: createCursors(randomBytes(32)),
    messageLog: createMessageLog(database),
    log,
    health,
    model,
    embedder: config.embedding && (await createEmbedderClient(config.embedding, log)),
    limits: { maxQueueSize, maxConcurrentJobs },
    replying: { maxContextMessages, maxContextTokens, extractMemories },
    now: () => new Date(),
    async close() {
      health.close();
      await queue.close();
      await pubsub.close();
      await database.close();
    },
  };
}

/** A new user, and what they work with. */
export async function asNewUser(services: Services, role: 'USER' | 'ADMIN' = 'USER'): Promise<Deps> {
  const id = uuidv7();
  await services.database.prisma.user.create({ data: { id, username: `user-${id}`, role } });
  const scopes = role === 'ADMIN' ? (['READ', 'WRITE', 'ADMIN'] as const) : (['READ', 'WRITE'] as const);
  return { ...services, actor: { userId: id, role, apiKeyId: null, scopes, requestId: null, ip: null } };
}
