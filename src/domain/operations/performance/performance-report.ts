import { createBuckets, quantileOf } from '#adapters/database/duration-buckets.ts';
import type { CacheStats } from '#domain/core/cache-stats.ts';
import type { Services } from '#domain/core/deps.ts';
import { poolStats } from '#domain/health/database-check.ts';

/** A statement slower than SLOW_QUERY_MS. */
export type SlowQuery = { at: Date; durationMs: number; sql: string; operationName: string | null };

/** The statements of all processes within METRICS_RETENTION_HOURS, and the present state of this process's pool and caches. */
export type PerformanceReport = {
  since: Date;
  queries: number;
  slowQueries: number;
  totalMs: number;
  averageMs: number;
  p95Ms: number;
  slowest: SlowQuery[];
  newest: SlowQuery[];
  pool: { size: number; open: number; inUse: number; idle: number; waiting: number };
  cache: Record<string, unknown>;
  warnings: string[];
};

/** The maximum length of each list of slow statements. */
export const MAX_SLOW_LISTED = 20;

/** Warns if more than this fraction of the pool is in use, as deploy/prometheus/alerts.yaml does. */
const BUSY_POOL = 0.8;
/** Warns if there are more slow statements per minute, as deploy/prometheus/alerts.yaml does. */
const SLOW_A_MINUTE = 10;
/** Warns if the hit rate of the response cache is lower, as deploy/prometheus/alerts.yaml does. */
const LOW_HIT_RATE = 0.7;
/** The minimum number of lookups for a meaningful hit rate, because every first lookup is a miss. */
const LEAST_LOOKUPS = 200;

type Counts = { stored_at: Date; hour: Date; statements: number; slow: number; total_ms: number; buckets: number[] };

/** Reads what all processes have stored, which lags some seconds behind. */
export async function reportPerformance({
  database,
  health,
  now,
  limits,
  cacheStats,
}: Pick<Services, 'database' | 'health' | 'now' | 'limits' | 'cacheStats'>): Promise<PerformanceReport> {
  const since = new Date(now().getTime() - limits.metricsRetentionHours * 3_600_000);
  const [counts, slowest, newest, [recent]] = await Promise.all([
    database.sql<Counts>(COUNTS, [since]),
    database.sql<SlowQuery>(listSlow('duration_ms DESC'), [since]),
    database.sql<SlowQuery>(listSlow('at DESC'), [since]),
    database.sql<{ slow: number }>(RECENTLY_SLOW),
  ]);
  const { max = 0, total: open, idle, waiting } = poolStats(database);
  const pool = { size: max, open, inUse: open - idle, idle, waiting };
  const cache = health.now().components.find(({ name }) => name === 'cache')?.details ?? {};
  const warnings = [...warnOf(pool, recent?.slow ?? 0, cacheStats), ...health.now().warnings];
  return { ...sumUp(counts, since), slowest, newest, pool, cache, warnings };
}

function sumUp(counts: readonly Counts[], since: Date) {
  const sum = (figure: (row: Counts) => number) => counts.reduce((total, row) => total + figure(row), 0);
  const buckets = createBuckets().map((_, bucket) => sum((row) => row.buckets[bucket] ?? 0));
  const queries = sum((row) => row.statements);
  const totalMs = sum((row) => row.total_ms);
  const first = Math.min(...counts.map(({ hour }) => hour.getTime()));
  return {
    since: counts.length === 0 || first < since.getTime() ? since : new Date(first),
    queries,
    slowQueries: sum((row) => row.slow),
    totalMs,
    averageMs: queries === 0 ? 0 : totalMs / queries,
    p95Ms: quantileOf(buckets, 0.95),
  };
}

function warnOf(
  { size, inUse, waiting }: PerformanceReport['pool'],
  slowLately: number,
  { hitRate, lookups }: CacheStats,
): string[] {
  return [
    ...(inUse > BUSY_POOL * size
      ? [`pool: ${inUse} of ${size} connections are in use; raise DATABASE_POOL_SIZE.`]
      : []),
    ...(waiting > 0 ? [`pool: ${waiting} requests wait for a connection.`] : []),
    ...(slowLately > SLOW_A_MINUTE * MINUTES_LOOKED_AT
      ? [`queries: ${slowLately} slow ones within ${MINUTES_LOOKED_AT} minutes.`]
      : []),
    ...(hitRate !== null && lookups >= LEAST_LOOKUPS && hitRate < LOW_HIT_RATE
      ? [
          `cache: ${Math.round(hitRate * 100)} % of the queries that can be cached were served from the cache of this process.`,
        ]
      : []),
  ];
}

const COUNTS = `SELECT stored_at, hour, statements::float8 AS statements, slow::float8 AS slow, total_ms, buckets
  FROM statement_counts WHERE stored_at >= $1`;

const listSlow = (order: string) =>
  `SELECT at, duration_ms AS "durationMs", sql, operation_name AS "operationName" FROM slow_statements
   WHERE at >= $1 ORDER BY ${order} LIMIT ${MAX_SLOW_LISTED}`;

const MINUTES_LOOKED_AT = 5;
const RECENTLY_SLOW = `SELECT count(*)::int AS slow FROM slow_statements
  WHERE at > now() - interval '${MINUTES_LOOKED_AT} minutes'`;
