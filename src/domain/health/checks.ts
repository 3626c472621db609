import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Database } from '#adapters/database/database.ts';
import type { Replica } from '#adapters/database/replica/replica.ts';
import type { Ffmpeg } from '#adapters/ffmpeg/ffmpeg.ts';
import { FFMPEG_MISSING } from '#adapters/ffmpeg/missing.ts';
import type { FileStore } from '#adapters/files/file-store.ts';
import { rarely } from '#adapters/rarely.ts';
import type { PubSub } from '#adapters/redis/pubsub.ts';
import { type RedisClient, readRedisStats } from '#adapters/redis/redis.ts';
import type { Transcriber } from '#adapters/transcriber/transcriber.ts';
import type { Config } from '#config/config.ts';
import type { CacheStats } from '#domain/core/cache-stats.ts';
import type { ComponentHealth, Finding, HealthStatus } from '#domain/core/deps.ts';
import type { ComponentName } from '#domain/core/health-components.ts';
import type { JobKinds } from '#domain/core/job-kinds.ts';
import { checkBackups } from './backup-check.ts';
import { checkCleanUp } from './clean-up-check.ts';
import { checkDatabase } from './database-check.ts';
import { lookAtDisk } from './disk-check.ts';
import { findWorstCircuit } from './model-circuits.ts';
import { checkQueue } from './queue-check.ts';
import { checkTelephony, type LineToCheck } from './telephony-check.ts';
import { checkWebhooks } from './webhooks-check.ts';

/** What is looked at. */
export type HealthChecks = Omit<LineToCheck, 'database'> & {
  database: Database;
  /** That of the database when the process started. */
  epoch: Uint8Array;
  replica: Replica | null;
  redis: RedisClient | null;
  cacheStats: CacheStats;
  pubsub: PubSub;
  dataDir: string;
  backupDir: string;
  maxQueueSize: number;
  jobKinds: JobKinds;
  /** The name of the model that replies; null where rules do. */
  model: string | null;
  backups: Pick<Config['backups'], 'cron' | 'timeZone'>;
  files: FileStore;
  ffmpeg: Ffmpeg;
  transcriber: Transcriber | null;
};

/** For how many milliseconds it is valid what the tables said. */
export const TABLES_EVERY_MS = 5_000;
/** A component that does not answer within this time is not well. */
const CHECK_TIMEOUT_MS = 2_500;
/** The delay of the event loop (p99 since the last look) from which on every request waits. */
const LATE_LOOP_MS = 1_000;

const loopDelay = monitorEventLoopDelay({ resolution: 100 });
loopDelay.enable();

/** Returns the worst of several states. */
export function worstStatus(statuses: readonly HealthStatus[]): HealthStatus {
  if (statuses.includes('UNHEALTHY')) return 'UNHEALTHY';
  return statuses.includes('DEGRADED') ? 'DEGRADED' : 'HEALTHY';
}

/**
 * Returns a function that looks at every component at once; but only every few seconds at those that are judged by what the tables say
 * of the last minutes and hours.
 */
export function createChecks(checks: HealthChecks): () => Promise<ComponentHealth[]> {
  const { database, replica } = checks;
  const components = [
    createCheck('database', 'UNHEALTHY', () => checkDatabase(database, checks.epoch)),
    ...(replica ? [createCheck('replica', 'DEGRADED', async () => checkReplica(replica))] : []),
    createCheck('cache', 'DEGRADED', () => checkCache(checks)),
    createCheck('pubsub', 'DEGRADED', async () => checkPubSub(checks)),
    createRareCheck('queue', () => checkQueue(checks)),
    createRareCheck('webhooks', () => checkWebhooks(checks)),
    createRareCheck('model', () => checkModel(checks)),
    createRareCheck('telephony', () => checkTelephony(checks)),
    createCheck('storage', 'DEGRADED', () => checkStorage(checks)),
    createRareCheck('backups', () => checkBackups(database, checks.backups)),
    createRareCheck('clean-up', () => checkCleanUp(database)),
    createCheck('media', 'DEGRADED', async () => checkMedia(checks)),
    createCheck('system', 'DEGRADED', async () => checkSystem()),
  ];
  return () => Promise.all(components.map((check) => check()));
}

function createCheck<Name extends ComponentName>(
  name: Name,
  whenItFails: HealthStatus,
  check: () => Promise<Finding<Name>>,
): () => Promise<ComponentHealth> {
  const healthy = { name, status: 'HEALTHY', latencyMs: null, message: null, details: {} } as const;
  return async () => {
    try {
      return { ...healthy, ...(await withTimeout(check())) };
    } catch {
      return { ...healthy, status: whenItFails, message: 'It does not answer.' };
    }
  };
}

const createRareCheck = <Name extends ComponentName>(name: Name, check: () => Promise<Finding<Name>>) =>
  createCheck(name, 'DEGRADED', rarely(TABLES_EVERY_MS, check));

async function withTimeout<T>(finding: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('late')), CHECK_TIMEOUT_MS);
  });
  return Promise.race([finding, late]).finally(() => clearTimeout(timer));
}

/** It is compared with the primary each second, whoever looks. */
function checkReplica(replica: Replica): Finding<'replica'> {
  const { problem, lagMs } = replica.status();
  const details = { lagMs, reads: replica.reads };
  if (problem === null) return { details };
  return { status: 'DEGRADED', message: `The replica is not read from: ${problem}. The primary answers all.`, details };
}

/** Operations whose hit rates are shown. */
const OPERATIONS_SHOWN = 10;

async function checkCache({ redis, cacheStats }: HealthChecks): Promise<Finding<'cache'>> {
  const { hitRate } = cacheStats;
  const operations = cacheStats.byOperation().slice(0, OPERATIONS_SHOWN);
  const responses = { hitRate, bytes: cacheStats.bytes(), operations };
  if (!redis) return { details: { kind: 'in process', responses } };
  const startedAt = performance.now();
  const stats = await readRedisStats(redis);
  return { latencyMs: performance.now() - startedAt, details: { kind: 'redis', redis: stats, responses } };
}

function checkPubSub({ redis, pubsub }: HealthChecks): Finding<'pubsub'> {
  const { connected, channels } = pubsub.status();
  const details = { kind: redis ? 'redis' : 'in process', channels };
  if (connected) return { details };
  return { status: 'DEGRADED', message: 'Redis is out of reach; subscriptions catch up from the database.', details };
}

/** Replies are made by workers: how the model does is known to them, and told by them. */
async function checkModel({ database, model }: HealthChecks): Promise<Finding<'model'>> {
  if (model === null) return { details: { kind: 'rules' } };
  const trouble = await findWorstCircuit(database);
  const details = { kind: 'openai-compatible', name: model, circuit: trouble?.state ?? 'closed' };
  if (!trouble) return { details };
  return {
    status: 'DEGRADED',
    message: 'The model has failed several times in a row; replies fail until it answers again.',
    details: { ...details, since: trouble.since.toISOString() },
  };
}

/** Where files are, and the disks of DATA_DIR, where the embedded database is, and what jobs and uploads work on, and of BACKUP_DIR. */
async function checkStorage({ dataDir, backupDir, files }: HealthChecks): Promise<Finding<'storage'>> {
  const [{ details, problem }, data, backups] = await Promise.all([
    files.check(),
    lookAtDisk(dataDir),
    lookAtDisk(backupDir),
  ]);
  const all = { ...details, ...data?.space, ...(backups && { backups: backups.space }) };
  const found = problem ?? data?.problem ?? backups?.problem;
  return found ? { status: 'DEGRADED', message: found, details: all } : { details: all };
}

/** Whoever has no recordings does without ffmpeg, so that it is missing is a warning. */
function checkMedia({ ffmpeg, transcriber }: HealthChecks): Finding<'media'> {
  const caveat = transcriber?.caveat ? ` (${transcriber.caveat})` : '';
  const details = { ffmpeg: ffmpeg.isInstalled(), transcriber: transcriber && `${transcriber.name}${caveat}` };
  return details.ffmpeg ? { details } : { message: FFMPEG_MISSING, details };
}

function checkSystem(): Finding<'system'> {
  const { rss, heapUsed } = process.memoryUsage();
  const lateMs = loopDelay.percentile(99) / 1e6;
  loopDelay.reset();
  const details = { rssBytes: rss, heapUsedBytes: heapUsed, eventLoopDelayMs: lateMs };
  return lateMs < LATE_LOOP_MS ? { details } : { status: 'DEGRADED', message: 'The process is overloaded.', details };
}
