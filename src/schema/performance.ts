import type { PerformanceReport as Report } from '#domain/operations/performance/performance-report.ts';
import { MAX_SLOW_LISTED } from '#domain/operations/performance/performance-report.ts';
import * as resolvers from '#resolvers/performance.ts';
import { builder } from './builder.ts';
import { NOT_KEPT } from './caching.ts';

const SlowQuery = builder.simpleObject('SlowQuery', {
  description: 'A statement to the database that took longer than SLOW_QUERY_MS.',
  fields: (t) => ({
    at: t.field({ type: 'DateTime', description: 'When the statement was done.' }),
    durationMs: t.float({ description: 'How long the statement took, in milliseconds.' }),
    sql: t.string({ description: 'The text of the statement, up to 1,000 characters, without its parameters.' }),
    operationName: t.string({
      nullable: true,
      description:
        'The operations that the statement was run for, several where it read for several at once, or the kind of job; null where none has a name.',
    }),
  }),
});

const PerformanceReport = builder.objectRef<Report>('PerformanceReport').implement({
  description: 'What the statements of all processes took. Each process tells its numbers some seconds late.',
  fields: (t) => ({
    since: t.expose('since', {
      type: 'DateTime',
      description: 'Since when statements are counted: METRICS_RETENTION_HOURS ago, or the first hour that is known.',
    }),
    queries: t.expose('queries', { type: 'SafeInt', description: 'How many statements were sent to the database.' }),
    slowQueries: t.expose('slowQueries', {
      type: 'SafeInt',
      description: 'How many of the statements took longer than SLOW_QUERY_MS.',
    }),
    totalMs: t.exposeFloat('totalMs', { description: 'How long all statements took together, in milliseconds.' }),
    averageMs: t.exposeFloat('averageMs', { description: 'How long a statement took on average, in milliseconds.' }),
    p95Ms: t.exposeFloat('p95Ms', {
      description: 'How long 95 in 100 statements took at most, in milliseconds, to within 10 %.',
    }),
    slowest: t.expose('slowest', {
      type: [SlowQuery],
      description: `The statements that took longest, the slowest first: up to ${MAX_SLOW_LISTED}.`,
    }),
    newest: t.expose('newest', {
      type: [SlowQuery],
      description: `The slow statements of late, the newest first: up to ${MAX_SLOW_LISTED}.`,
    }),
    pool: t.expose('pool', {
      type: 'JSON',
      description:
        'The database connections of the process that answers: `size` is how many it may have, `open` those it has, of which some are `inUse` and others `idle`; `waiting` requests wait for one.',
    }),
    cache: t.expose('cache', { type: 'JSON', description: 'What the caches found, by name, with their hit rates.' }),
    warnings: t.exposeStringList('warnings', { description: 'What somebody should look at, in sentences.' }),
  }),
});

builder.queryField('performanceReport', (t) =>
  t.field({
    type: PerformanceReport,
    description: 'What the database has had to do of late, and which statements were slow. Requires scope ADMIN.',
    authScopes: { admin: true },
    complexity: 100,
    extensions: NOT_KEPT,
    resolve: resolvers.performanceReport,
  }),
);
