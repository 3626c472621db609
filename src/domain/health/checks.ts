import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Database } from '#adapters/database/database.ts';
import { compareMigrations } from '#adapters/database/migrator/migrator.ts';
import type { Replica } from '#adapters/database/replica/replica.ts';
import type { Ffmpeg } from '#adapters/ffmpeg/ffmpeg.ts';
import { FFMPEG_MISSING } from '#adapters/ffmpeg/missing.ts';
import type { FileStore } from '#adapters/files/file-store.ts';
import type { PubSub } from '#adapters/redis/pubsub.ts';
import { type RedisClient, readRedisStats } from '#adapters/redis/redis.ts';
import type { Transcriber } from '#adapters/transcriber/transcriber.ts';
import type { Config } from '#config/config.ts';
import type { CacheStats } from '#domain/core/cache-stats.ts';
import type { ComponentHealth, Finding, HealthStatus } from '#domain/core/deps.ts';
import type { ComponentName } from '#domain/core/health-components.ts';
import type { JobKinds } from '#domain/core/job-kinds.ts';
import { AWAITED } from '#domain/core/transaction.ts';
import { checkBackups } from './backup-check.ts';
import { checkCleanUp } from './clean-up-check.ts';
import { lookAtDisk } from './disk-check.ts';
import { findWorstCircuit } from './model-circuits.ts';
import { checkQueue } from './queue-check.ts';
import { checkWebhooks } from './webhooks-check.ts';

/** What is looked at. */
export type HealthChecks = {
  database: Database;
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
  /** The name of the line that calls go over. */
  telephony: string;
  /** Says what is wrong with the account that they go by; null where nothing is. */
  lineProblem: () => string | null;
  files: FileStore;
  ffmpeg: Ffmpeg;
  transcriber: Transcriber | null;
};

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

/** Looks at every component at once. */
export function runChecks(checks: HealthChecks): Promise<ComponentHealth[]> {
  const { replica } = checks;
  return Promise.all([
    checkComponent('database', 'UNHEALTHY', () => checkDatabase(checks)),
    ...(replica ? [checkComponent('replica', 'DEGRADED', async () => checkReplica(replica))] : []),
    checkComponent('cache', 'DEGRADED', () => checkCache(checks)),
    checkComponent('pubsub', 'DEGRADED', () => checkPubSub(checks)),
    checkComponent('queue', 'DEGRADED', () => checkQueue(checks)),
    checkComponent('webhooks', 'DEGRADED', () => checkWebhooks(checks)),
    checkComponent('model', 'DEGRADED', () => checkModel(checks)),
    checkComponent('telephony', 'DEGRADED', () => checkTelephony(checks)),
    checkComponent('storage', 'DEGRADED', () => checkStorage(checks)),
    checkComponent('backups', 'DEGRADED', () => checkBackups(checks.database, checks.backups)),
    checkComponent('clean-up', 'DEGRADED', () => checkCleanUp(checks.database)),
    checkComponent('media', 'DEGRADED', async () => checkMedia(checks)),
    checkComponent('system', 'DEGRADED', async () => checkSystem()),
  ]);
}

async function checkComponent<Name extends ComponentName>(
  name: Name,
  whenItFails: HealthStatus,
  check: () => Promise<Finding<Name>>,
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

async function checkDatabase({ database }: HealthChecks): Promise<Finding<'database'>> {
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

/** A statement that waits for this share of what a write may, or longer, is held up by more than the write before it. */
const LONG_WAIT_MS = AWAITED.lockWaitMs / 5;

/** Says how many statements wait for long for what others hold; null where none does. */
async function describeLockWaits({ sql }: Database): Promise<string | null> {
  const [row] = await sql<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE NOT l.granted AND a.datname = current_database() AND l.waitstart < clock_timestamp() - $1 * interval '1 millisecond'`,
    [LONG_WAIT_MS],
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

async function checkPubSub({ redis, pubsub }: HealthChecks): Promise<Finding<'pubsub'>> {
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

/** Calls of the last day that are looked at, and how many of them have to be deaf before that is said. */
const RECENT_CALLS = 50;
const DEAF_CALLS = 3;

async function checkTelephony(checks: HealthChecks): Promise<Finding<'telephony'>> {
  const problem = checks.lineProblem();
  const [heard, refused] = await Promise.all([checkHearing(checks), findLineRefusal(checks)]);
  if (refused) return { ...heard, ...refused };
  return problem ? { ...heard, status: 'DEGRADED', message: problem } : heard;
}

/** An account that its provider takes no calls from is found by the last call that was asked for. */
async function findLineRefusal({ database, telephony }: HealthChecks): Promise<Finding<'telephony'> | null> {
  const { rows } = await database.pool.query<{ refusal: string; since: Date }>(
    'SELECT refusal, refused_at AS since FROM dial_pace WHERE provider = $1 AND refusal IS NOT NULL',
    [telephony],
  );
  const [row] = rows;
  if (!row) return null;
  const message = `The provider of the line makes no calls for this account since ${row.since.toISOString()}: its error ${row.refusal}; mend that, and call again.`;
  return { status: 'DEGRADED', message };
}

/** A line, or its recognizer, that does not hear what people say is found by calls in which nothing was ever heard. */
async function checkHearing({ database, telephony }: HealthChecks): Promise<Finding<'telephony'>> {
  const { rows } = await database.pool.query<{ answered: number; unheard: number; newest: number }>(
    `SELECT count(*)::int AS answered, (count(*) FILTER (WHERE turns_heard = 0))::int AS unheard,
       (count(*) FILTER (WHERE turns_heard = 0 AND rank <= ${DEAF_CALLS}))::int AS newest
     FROM (SELECT turns_heard, row_number() OVER (ORDER BY ended_at DESC) AS rank FROM calls
       WHERE started_at IS NOT NULL AND ended_at > now() - interval '1 day' AND provider = $1
         AND answered_by IS DISTINCT FROM 'VOICEMAIL'
       ORDER BY ended_at DESC LIMIT ${RECENT_CALLS}) recent`,
    [telephony],
  );
  const { answered = 0, unheard = 0, newest = 0 } = rows[0] ?? {};
  const details = { line: telephony, answeredCalls: answered, unheardCalls: unheard };
  if (newest < DEAF_CALLS) return { details };
  const message = `In ${unheard} of the last ${answered} calls nothing was ever heard; look at the line, and whether it recognizes the language.`;
  return { status: 'DEGRADED', message, details };
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
