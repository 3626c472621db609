import { statfs } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Redis } from 'ioredis';
import type { Database } from '#adapters/database/database.ts';
import { compareMigrations } from '#adapters/database/migrator/migrator.ts';
import type { PubSub } from '#adapters/redis/pubsub.ts';
import { readRedisStats } from '#adapters/redis/redis.ts';
import type { ComponentHealth, HealthStatus } from '#domain/core/deps.ts';
import { type JobKinds, kindsOf, LIMITED_LANE } from '#domain/core/job-kinds.ts';
import { findWorstCircuit } from './model-circuits.ts';

/** What is looked at. */
export type HealthChecks = {
  database: Database;
  redis: Redis | null;
  pubsub: PubSub;
  dataDir: string;
  maxQueueSize: number;
  jobKinds: JobKinds;
  /** The name of the model that replies; null where rules do. */
  model: string | null;
};

type Finding = Partial<Omit<ComponentHealth, 'name'>>;

/** A component that does not answer within this time is not well. */
const CHECK_TIMEOUT_MS = 2_500;
/** The share of the disk that has to be free. */
const LEAST_FREE_DISK = 0.05;
/** The delay of the event loop (p99 since the last look) from which on every request waits. */
const LATE_LOOP_MS = 1_000;

const loopDelay = monitorEventLoopDelay({ resolution: 20 });
loopDelay.enable();

/** Returns the worst of several states. */
export function worstStatus(statuses: readonly HealthStatus[]): HealthStatus {
  if (statuses.includes('UNHEALTHY')) return 'UNHEALTHY';
  return statuses.includes('DEGRADED') ? 'DEGRADED' : 'HEALTHY';
}

/** Looks at every component at once. */
export function runChecks(checks: HealthChecks): Promise<ComponentHealth[]> {
  return Promise.all([
    checkComponent('database', 'UNHEALTHY', () => checkDatabase(checks)),
    checkComponent('cache', 'DEGRADED', () => checkCache(checks)),
    checkComponent('pubsub', 'DEGRADED', () => checkPubSub(checks)),
    checkComponent('queue', 'DEGRADED', () => checkQueue(checks)),
    checkComponent('model', 'DEGRADED', () => checkModel(checks)),
    checkComponent('storage', 'DEGRADED', () => checkStorage(checks)),
    checkComponent('system', 'DEGRADED', async () => checkSystem()),
  ]);
}

async function checkComponent(
  name: string,
  whenItFails: HealthStatus,
  check: () => Promise<Finding>,
): Promise<ComponentHealth> {
  const healthy = { name, status: 'HEALTHY', latencyMs: null, message: null, details: {} } as const;
  try {
    return { ...healthy, ...(await withTimeout(check())) };
  } catch {
    return { ...healthy, status: whenItFails, message: 'It does not answer.' };
  }
}

async function withTimeout<T>(finding: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('late')), CHECK_TIMEOUT_MS);
  });
  return Promise.race([finding, late]).finally(() => clearTimeout(timer));
}

async function checkDatabase({ database }: HealthChecks): Promise<Finding> {
  const latencyMs = await database.ping();
  const { pending, unknown } = await compareMigrations(database.pool);
  const details = { kind: database.kind, pool: poolStats(database), queries: queryStats(database) };
  if (pending.length > 0) {
    const message = `${pending.length} migrations are missing; restart, or run \`npm run migrate\`.`;
    return { status: 'UNHEALTHY', message, latencyMs, details };
  }
  return {
    latencyMs,
    details,
    message: unknown.length > 0 ? describeNewer(unknown) : await describeLockWaits(database),
  };
}

/** As during a rolling upgrade: old processes serve until the last of them is replaced. */
function describeNewer(unknown: readonly string[]): string {
  return `A newer version of Parley has changed the database (${unknown.join(', ')}); upgrade this process, too.`;
}

/** Says how many statements wait for what others hold, for half as long as a write may or more; null where none does. */
async function describeLockWaits({ sql }: Database): Promise<string | null> {
  const [row] = await sql<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE NOT l.granted AND a.datname = current_database() AND l.waitstart < clock_timestamp() - interval '1 second'`,
  );
  const count = row?.count ?? 0;
  return count === 0 ? null : `${count} statements wait for rows that other transactions hold for long.`;
}

/** Connections of the pool, by what they do. */
export const poolStats = ({ pool }: Database) => ({
  total: pool.totalCount,
  idle: pool.idleCount,
  waiting: pool.waitingCount,
  max: pool.options.max,
});
/** Statements since the process started; durations in milliseconds. */
export const queryStats = ({ stats }: Database) => ({
  total: stats.count,
  failed: stats.failed,
  slow: stats.slowCount,
  averageMs: stats.averageMs,
  p95Ms: stats.p95Ms,
});

async function checkCache({ redis }: HealthChecks): Promise<Finding> {
  if (!redis) return { details: { kind: 'in process' } };
  const startedAt = performance.now();
  const stats = await readRedisStats(redis);
  return { latencyMs: performance.now() - startedAt, details: { kind: 'redis', redis: stats } };
}

async function checkPubSub({ redis, pubsub }: HealthChecks): Promise<Finding> {
  const { connected, channels } = pubsub.status();
  const details = { kind: redis ? 'redis' : 'in process', channels };
  if (connected) return { details };
  return { status: 'DEGRADED', message: 'Redis is out of reach; subscriptions catch up from the database.', details };
}

async function checkQueue({ database, maxQueueSize, jobKinds }: HealthChecks): Promise<Finding> {
  const { rows } = await database.pool.query<{ waiting: number; running: number }>(
    `SELECT (count(*) FILTER (WHERE status IN ('QUEUED', 'RETRYING') AND kind = ANY($1::job_kind[])))::int AS waiting,
       (count(*) FILTER (WHERE status IN ('RUNNING', 'CANCELLING')))::int AS running
     FROM jobs WHERE status IN ('QUEUED', 'RETRYING', 'RUNNING', 'CANCELLING')`,
    [kindsOf(jobKinds, LIMITED_LANE)],
  );
  const { waiting = 0, running = 0 } = rows[0] ?? {};
  const details = { waiting, running, maxWaiting: maxQueueSize };
  return waiting < maxQueueSize ? { details } : { status: 'DEGRADED', message: 'The queue is full.', details };
}

/** Replies are made by workers: how the model does is known to them, and told by them. */
async function checkModel({ database, model }: HealthChecks): Promise<Finding> {
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

async function checkStorage({ dataDir, database }: HealthChecks): Promise<Finding> {
  if (database.kind === 'postgres') return { details: { kind: 'database' } };
  const { bavail, blocks, bsize } = await statfs(dataDir);
  const details = { kind: 'disk', freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  return bavail / blocks > LEAST_FREE_DISK
    ? { details }
    : { status: 'DEGRADED', message: 'The disk is nearly full.', details };
}

function checkSystem(): Finding {
  const { rss, heapUsed } = process.memoryUsage();
  const lateMs = loopDelay.percentile(99) / 1e6;
  loopDelay.reset();
  const details = { rssBytes: rss, heapUsedBytes: heapUsed, eventLoopDelayMs: lateMs };
  return lateMs < LATE_LOOP_MS ? { details } : { status: 'DEGRADED', message: 'The process is overloaded.', details };
}
