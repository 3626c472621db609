import { type ConstructorOptions, PgBoss, type QueueOptions } from 'pg-boss';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '#adapters/database/database.ts';
import { sessionOptions, withSessionOptions } from '#adapters/database/session-settings.ts';
import type { Logger } from '#adapters/log.ts';
import type { Config } from '#config/config.ts';

const DAY_SECONDS = 24 * 60 * 60;

/** pg-boss neither fails jobs for good nor expires waiting ones: the `jobs` row decides that. Completed jobs are removed soon. */
const LANE_OPTIONS = {
  retryLimit: 1_000_000,
  retryDelay: 0,
  expireInSeconds: DAY_SECONDS,
  retentionSeconds: 3650 * DAY_SECONDS,
  deleteAfterSeconds: 60,
} satisfies QueueOptions;

const MAINTENANCE_SECONDS = 60;

/**
 * A missed heartbeat is noticed within a tenth of the lease by the process whose turn it is to supervise, or, if that is the dead one, by
 * the next within another tenth; due jobs are looked for every two seconds. So a job is claimed again within its lease, a fifth of it and
 * two seconds of its worker's last heartbeat. Each check is six statements. The embedded database has only one process: no other can miss
 * a heartbeat.
 */
function superviseEvery({ jobLeaseMs }: Pick<Config, 'jobLeaseMs'>, { kind }: Database): ConstructorOptions {
  const seconds =
    kind === 'embedded' ? MAINTENANCE_SECONDS : Math.min(MAINTENANCE_SECONDS, Math.floor(jobLeaseMs / 10_000));
  return {
    superviseIntervalSeconds: seconds,
    monitorIntervalSeconds: seconds,
    maintenanceIntervalSeconds: MAINTENANCE_SECONDS,
  };
}

/** Features of pg-boss that Parley does not use, turned off or down. */
const DISABLED_FEATURES = {
  schedule: false,
  flowIntervalSeconds: DAY_SECONDS,
  reindex: false,
  monitorVacuum: false,
} satisfies ConstructorOptions;

/** Starts pg-boss, which installs or migrates its own tables; any number of processes may do so at once. */
export async function startEngine(
  config: Pick<Config, 'databaseUrl' | 'jobLeaseMs'>,
  database: Database,
  log: Logger,
  { lanes, works }: { lanes: readonly string[]; works: boolean },
): Promise<PgBoss> {
  const { databaseUrl, jobLeaseMs } = config;
  const connections = databaseUrl ? openOwnPool(databaseUrl, works) : sharePool(database);
  const boss = new PgBoss({
    ...DISABLED_FEATURES,
    ...superviseEvery(config, database),
    ...connections,
    supervise: works,
  });
  const logThrottled = createThrottledLog(log);
  boss.on('error', (error) => logThrottled(error, 'the job engine met an error; it goes on trying'));
  boss.on('warning', ({ message, data }) => log.warn({ data }, message));
  await boss.start();
  const options = {
    ...LANE_OPTIONS,
    heartbeatSeconds: Math.ceil(jobLeaseMs / 1000),
    notify: database.kind === 'postgres',
  };
  for (const lane of lanes) await openLane(boss, lane, options);
  return boss;
}

/**
 * How long the engine waits for the result of a statement. On a connection that the network has dropped silently, polls would otherwise
 * wait until the operating system gives it up, a quarter of an hour later, and their lane with them.
 */
const QUERY_TIMEOUT_MS = 15_000;

/** A pool of its own: three connections for polls, heartbeats and maintenance, and one that listens. */
function openOwnPool(databaseUrl: string, works: boolean): ConstructorOptions {
  const connectionString = withSessionOptions(databaseUrl, sessionOptions({ statementTimeoutMs: QUERY_TIMEOUT_MS }));
  const timeouts = { query_timeout: QUERY_TIMEOUT_MS, keepAlive: true };
  return { connectionString, application_name: 'parley jobs', max: works ? 4 : 2, useListenNotify: works, ...timeouts };
}

/** The embedded database has one session, which it gets through the pool of requests. */
function sharePool({ pool }: Database): ConstructorOptions {
  return { backend: 'pglite', db: { executeSql: (text, values) => pool.query(text, values) } };
}

async function openLane(boss: PgBoss, name: string, options: QueueOptions & { notify: boolean }): Promise<void> {
  await boss.createQueue(name, options);
  await boss.updateQueue(name, options);
  // Fills pg-boss's cache of queues. A cache miss would be read outside of the caller's transaction, which on the embedded database waits
  // for that transaction to end.
  await boss.findJobs(name, { id: uuidv7() });
}

/** How long the same error is not logged again. */
const REPEAT_AFTER_MS = 60_000;
/** pg-boss appends the worker's name to messages, so that one error of ten workers would be ten. */
const WORKER_SUFFIX = / \(Queue: .*\)$/;

/** Creates a log for errors that recur with every poll: the same message is logged at most once per REPEAT_AFTER_MS. */
function createThrottledLog(log: Logger): (error: Error, sentence: string) => void {
  const loggedAt = new Map<string, number>();
  return (error, sentence) => {
    const now = performance.now();
    for (const [message, at] of loggedAt) if (now - at > REPEAT_AFTER_MS) loggedAt.delete(message);
    const message = error.message.replace(WORKER_SUFFIX, '');
    if (loggedAt.has(message)) return;
    loggedAt.set(message, now);
    log.error({ err: error }, sentence);
  };
}
