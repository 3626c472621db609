import type { Replica } from '#adapters/database/replica/replica.ts';
import type { HealthStatus, Services } from '#domain/core/deps.ts';
import { type DiskSpace, detailsOf } from '#domain/core/health-components.ts';
import { queueStats } from '#domain/jobs/queue-stats.ts';
import { secondsOverdue } from '#domain/webhooks/seconds-overdue.ts';
import type { Labelled, Metrics } from './metrics.ts';

const HEALTH: Record<HealthStatus, number> = { HEALTHY: 1, DEGRADED: 0.5, UNHEALTHY: 0 };

/** Adds metrics of the services: the database, the jobs, and the health of each component. */
export function addServiceMetrics(metrics: Metrics, services: Services): void {
  const { database, replica, health, cacheStats } = services;
  const { pool, stats } = database;
  const { gauge, gauges, counter, counters } = metrics;
  stats.onRecorded = metrics.observeStatement;
  counter('parley_sql_statements_total', 'SQL statements sent.', () => stats.count);
  counter('parley_sql_slow_statements_total', 'SQL statements slower than SLOW_QUERY_MS.', () => stats.slowCount);
  gauge('parley_sql_connections', 'Open database connections.', () => pool.totalCount);
  gauge('parley_sql_connections_in_use', 'Database connections in use.', () => pool.totalCount - pool.idleCount);
  gauge('parley_sql_connections_max', 'DATABASE_POOL_SIZE.', () => pool.options.max ?? 0);
  gauge('parley_sql_waiting', 'Requests that wait for a database connection.', () => pool.waitingCount);
  addReplicaMetrics(metrics, replica);
  addWebhookMetrics(metrics, services);
  gauge('parley_response_cache_bytes', 'Approximate memory of cached responses.', () => cacheStats.bytes());
  counters(
    'parley_response_cache_lookups_total',
    'Lookups in the response cache, by operation and result.',
    ['operation', 'result'],
    () =>
      cacheStats.byOperation().flatMap(({ operation, hits, lookups }) => [
        { labels: { operation, result: 'hit' }, value: hits },
        { labels: { operation, result: 'miss' }, value: lookups - hits },
      ]),
  );
  gauges(
    'parley_component_health',
    '1 where a component is healthy, 0.5 degraded, 0 unhealthy.',
    ['component'],
    async () =>
      health.now().components.map(({ name, status }) => ({ labels: { component: name }, value: HEALTH[status] })),
  );
  gauges('parley_disk_bytes', 'The disks of DATA_DIR and BACKUP_DIR.', ['disk', 'state'], async () =>
    listDisks(detailsOf(health.now().components, 'storage')),
  );
  gauges('parley_queue_wait_seconds', 'Waiting time of the oldest waiting job, by lane.', ['lane'], async () =>
    listWaits(detailsOf(health.now().components, 'queue').longestWaitSeconds),
  );
  const queue = createSharedRead(() => queueStats(services));
  gauges('parley_jobs', 'Unfinished jobs of all processes, by kind and status.', ['kind', 'status'], async () => {
    const { kinds } = await queue();
    return kinds.flatMap(({ kind, queued, running }) => [
      { labels: { kind, status: 'queued' }, value: queued },
      { labels: { kind, status: 'running' }, value: running },
    ]);
  });
  gauges('parley_job_seconds', 'Duration of recent jobs, by kind.', ['kind', 'quantile'], async () => {
    const { kinds } = await queue();
    return kinds.flatMap(({ kind, medianSeconds, p95Seconds }) => [
      ...(medianSeconds === null ? [] : [{ labels: { kind, quantile: '0.5' }, value: medianSeconds }]),
      ...(p95Seconds === null ? [] : [{ labels: { kind, quantile: '0.95' }, value: p95Seconds }]),
    ]);
  });
}

function addWebhookMetrics({ counters, gauges }: Metrics, services: Services): void {
  counters(
    'parley_webhook_attempts_total',
    'Attempts of this process to deliver an event to a webhook, by result.',
    ['result'],
    () =>
      Object.entries(services.webhooks.attempts).map(([result, value]) => ({
        labels: { result: result.toLowerCase() },
        value,
      })),
  );
  gauges(
    'parley_webhook_wait_seconds',
    'How long the delivery that is due first has been due, of all webhooks that do not fail.',
    [],
    async () => [{ labels: {}, value: await secondsOverdue(services) }],
  );
}

function addReplicaMetrics({ counters, gauges }: Metrics, replica: Replica | null): void {
  counters(
    'parley_replica_reads_total',
    'Queries that may be read from the replica, by the server that they were read from.',
    ['place'],
    () => Object.entries(replica?.reads ?? {}).map(([place, value]) => ({ labels: { place }, value })),
  );
  gauges('parley_replica_lag_seconds', 'Replication lag of the replica; absent while it is unknown.', [], async () => {
    const lagMs = replica?.status().lagMs ?? null;
    return lagMs === null ? [] : [{ labels: {}, value: lagMs / 1_000 }];
  });
}

/** Returns a function that shares one read among concurrent callers. */
function createSharedRead<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | null = null;
  return () => {
    reading ??= read().finally(() => {
      reading = null;
    });
    return reading;
  };
}

function listDisks({ backups = {}, ...data }: ReturnType<typeof detailsOf<'storage'>>): Labelled[] {
  return [...spaceOf('data', data), ...spaceOf('backups', backups)];
}

function spaceOf(disk: string, { freeBytes, totalBytes }: DiskSpace): Labelled[] {
  if (freeBytes === undefined || totalBytes === undefined) return [];
  return [
    { labels: { disk, state: 'free' }, value: freeBytes },
    { labels: { disk, state: 'total' }, value: totalBytes },
  ];
}

const listWaits = (longestWaitSeconds: Record<string, number> = {}): Labelled[] =>
  Object.entries(longestWaitSeconds).map(([lane, value]) => ({ labels: { lane }, value }));
