import type { GraphQLError, OperationTypeNode } from 'graphql';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Database } from '#adapters/database/database.ts';
import { codeOf } from '#http/errors.ts';

/** The metrics of this process. */
export type Metrics = {
  sockets: Gauge;
  /** Adds a number that is read when it is asked for. */
  gauge(name: string, help: string, read: () => number): void;
  /** Records how long an operation took, a subscription until its first event. */
  observe(type: OperationTypeNode, milliseconds: number): void;
  countErrors(errors: readonly GraphQLError[]): void;
  /** In the text format of Prometheus. */
  text(): Promise<string>;
  contentType: string;
};

/** Upper bounds of the histogram's buckets. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Creates the metrics, in a registry of their own. */
export function createMetrics({ pool, stats }: Database): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const duration = new Histogram({
    name: 'parley_graphql_operation_seconds',
    help: 'How long GraphQL operations took, by type.',
    labelNames: ['type'],
    buckets: SECONDS,
    registers,
  });
  const durations = {
    query: duration.labels('query'),
    mutation: duration.labels('mutation'),
    subscription: duration.labels('subscription'),
  };
  const errors = new Counter({
    name: 'parley_graphql_errors_total',
    help: 'Errors that were answered, by code.',
    labelNames: ['code'],
    registers,
  });
  const sockets = new Gauge({ name: 'parley_websockets', help: 'Open WebSocket connections.', registers });
  const gauge: Metrics['gauge'] = (name, help, read) => {
    new Gauge({ name, help, registers, collect() { this.set(read()); } }); // biome-ignore format: one line
  };
  gauge('parley_sql_statements_total', 'SQL statements sent.', () => stats.count);
  gauge('parley_sql_slow_statements_total', 'SQL statements slower than SLOW_QUERY_MS.', () => stats.slowCount);
  gauge('parley_sql_connections', 'Open database connections.', () => pool.totalCount);
  gauge('parley_sql_waiting', 'Requests that wait for a database connection.', () => pool.waitingCount);
  const countErrors = (reported: readonly GraphQLError[]) => {
    for (const error of reported) errors.inc({ code: codeOf(error) });
  };
  return {
    sockets,
    gauge,
    countErrors,
    contentType: registry.contentType,
    text: () => registry.metrics(),
    observe: (type, milliseconds) => durations[type].observe(milliseconds / 1000),
  };
}
