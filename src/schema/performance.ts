import type { PerformanceReport as Report } from '#domain/operations/performance/performance-report.ts';
import { MAX_SLOW_LISTED } from '#domain/operations/performance/performance-report.ts';
import * as resolvers from '#resolvers/performance.ts';
import { builder } from './builder.ts';
import { NOT_CACHED } from './caching.ts';

const SlowQuery = builder.simpleObject('SlowQuery', {
  description: "An SQL statement that took longer than the server's setting SLOW_QUERY_MS.",
  fields: (t) => ({
    at: t.field({ type: 'DateTime', description: 'When the statement completed.' }),
    durationMs: t.float({ description: 'How long the statement took, in milliseconds.' }),
    sql: t.string({ description: 'The text of the statement, up to 1,000 characters, without its parameters.' }),
    operationName: t.string({
      nullable: true,
      description:
        'The names of the GraphQL operations that the statement was run for (several if it was batched), or the kind of the job; null if none has a name.',
    }),
  }),
});

const PerformanceReport = builder.objectRef<Report>('PerformanceReport').implement({
  description:
    'Statistics about the SQL statements of all processes. Each process reports its numbers with a delay of some seconds.',
  fields: (t) => ({
    since: t.expose('since', {
      type: 'DateTime',
      description:
        "The start of the period covered: the server's setting METRICS_RETENTION_HOURS ago, or the first recorded hour.",
    }),
    queries: t.expose('queries', { type: 'SafeInt', description: 'The number of statements sent to the database.' }),
    slowQueries: t.expose('slowQueries', {
      type: 'SafeInt',
      description: "The number of statements that took longer than the server's setting SLOW_QUERY_MS.",
    }),
    totalMs: t.exposeFloat('totalMs', { description: 'The total duration of all statements, in milliseconds.' }),
    averageMs: t.exposeFloat('averageMs', { description: 'The average duration of a statement, in milliseconds.' }),
    p95Ms: t.exposeFloat('p95Ms', {
      description: 'The 95th percentile of the duration of statements in milliseconds, accurate to 10 %.',
    }),
    slowest: t.expose('slowest', {
      type: [SlowQuery],
      description: `The slowest statements, slowest first, up to ${MAX_SLOW_LISTED}.`,
    }),
    newest: t.expose('newest', {
      type: [SlowQuery],
      description: `The most recent slow statements, newest first, up to ${MAX_SLOW_LISTED}.`,
    }),
    pool: t.expose('pool', {
      type: 'JSON',
      description:
        'The database connection pool of the responding process: `size` is the maximum number of connections, `open` the present number, of which `inUse` are used and `idle` are not; `waiting` is the number of requests that wait for a connection.',
    }),
    cache: t.expose('cache', {
      type: 'JSON',
      description: 'The hits, misses and hit rate of each cache, by its name.',
    }),
    warnings: t.exposeStringList('warnings', { description: 'Problems that need attention, as sentences.' }),
  }),
});

builder.queryField('performanceReport', (t) =>
  t.field({
    type: PerformanceReport,
    description: 'The recent load of the database, and its slow SQL statements. Requires scope ADMIN.',
    authScopes: { admin: true },
    complexity: 100,
    extensions: NOT_CACHED,
    resolve: resolvers.performanceReport,
  }),
);
