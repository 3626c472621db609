import type { GraphQLError, OperationTypeNode } from 'graphql';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { codeOf } from '#http/errors.ts';

/** A value with the labels that distinguish it from others of the same metric. */
export type Labelled = { labels: Record<string, string>; value: number };

/** The metrics of this process. */
export type Metrics = {
  sockets: Gauge;
  /** The number of open subscriptions of all transports. */
  subscriptions: Gauge;
  /** Adds a gauge whose value is read on collection. */
  gauge(name: string, help: string, read: () => number): void;
  /** Adds a gauge with several values, distinguished by labels. */
  gauges(name: string, help: string, labelNames: readonly string[], read: () => Promise<Labelled[]>): void;
  /** Adds a counter, which only increases during the life of the process. */
  counter(name: string, help: string, read: () => number): void;
  counters(name: string, help: string, labelNames: readonly string[], read: () => Labelled[]): void;
  /** Records the duration of an operation; of a subscription, until its first event. `name` is the operation name of the client. */
  observe(type: OperationTypeNode, name: string | null, milliseconds: number): void;
  /** Records the duration and status of a request; `endpoint` is null if the path belongs to none. */
  observeRequest(endpoint: string | null, status: number, milliseconds: number): void;
  observeStatement(milliseconds: number): void;
  countErrors(errors: readonly GraphQLError[]): void;
  /** Counts an event that is sent to a subscriber. */
  countEvent(): void;
  /** Returns the metrics in the text format of Prometheus. */
  text(): Promise<string>;
  contentType: string;
};

/** Upper bounds of the histograms' buckets. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10];
/** The same for metrics with many operation names. */
const FEW_SECONDS = [0.01, 0.1, 0.5, 2];

/** The maximum number of operations with their own label: each has about six series, and clients choose the names. */
const MAX_NAMES = 100;
/** The label of all other operations. */
const OTHER = 'other';
/** How often a name has to occur before it gets its own label, so that one-off names do not use up the maximum. */
const RUNS_BEFORE_NAMED = 20;

/** Creates the metrics, in a registry of their own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    ...createRecorders([registry]),
    ...createReaders([registry]),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}

type Readers = Pick<Metrics, 'gauge' | 'gauges' | 'counter' | 'counters'>;

/** Creates the metrics that are recorded as events happen. */
function createRecorders(registers: Registry[]): Omit<Metrics, keyof Readers | 'text' | 'contentType'> {
  const histogram = <Label extends string>(name: string, help: string, labelNames: Label[], buckets = SECONDS) =>
    new Histogram({ name, help, labelNames, buckets, registers });
  const duration = histogram('parley_graphql_operation_seconds', 'Duration of GraphQL operations, by type.', ['type']);
  const durations = {
    query: duration.labels('query'),
    mutation: duration.labels('mutation'),
    subscription: duration.labels('subscription'),
  };
  const named = histogram(
    'parley_graphql_named_operation_seconds',
    'Duration of GraphQL operations, by the most frequent names.',
    ['name'],
    FEW_SECONDS,
  );
  const nameOf = createNames();
  const namedSeries = createSeries((name) => named.labels(name));
  const requests = histogram('parley_http_request_seconds', 'Duration of HTTP requests, by endpoint and status.', [
    'endpoint',
    'status',
  ]);
  const requestSeries = createSeries((endpoint, status) => requests.labels(endpoint, status));
  const statements = histogram('parley_sql_statement_seconds', 'Duration of SQL statements.', []);
  const errors = new Counter({
    name: 'parley_graphql_errors_total',
    help: 'Errors returned to clients, by code.',
    labelNames: ['code'],
    registers,
  });
  const events = new Counter({ name: 'parley_events_sent_total', help: 'Events sent to subscribers.', registers });
  return {
    sockets: new Gauge({ name: 'parley_websockets', help: 'Open WebSocket connections.', registers }),
    subscriptions: new Gauge({ name: 'parley_subscriptions', help: 'Open subscriptions.', registers }),
    countErrors(reported) {
      for (const error of reported) errors.inc({ code: codeOf(error) });
    },
    countEvent: () => events.inc(),
    observe(type, name, milliseconds) {
      durations[type].observe(milliseconds / 1000);
      namedSeries(nameOf(name)).observe(milliseconds / 1000);
    },
    observeRequest(endpoint, status, milliseconds) {
      requestSeries(endpoint ?? OTHER, `${Math.floor(status / 100)}xx`).observe(milliseconds / 1000);
    },
    observeStatement: (milliseconds) => statements.observe(milliseconds / 1000),
  };
}

/** Creates the functions that add metrics which are read on collection. */
function createReaders(registers: Registry[]): Readers {
  const counters: Metrics['counters'] = (name, help, labelNames, read) => {
    new Counter({
      name,
      help,
      labelNames,
      registers,
      collect() {
        this.reset();
        for (const { labels, value } of read()) this.inc(labels, value);
      },
    });
  };
  return {
    counters,
    counter: (name, help, read) => counters(name, help, [], () => [{ labels: {}, value: read() }]),
    gauge(name, help, read) {
      new Gauge({ name, help, registers, collect() { this.set(read()); } }); // biome-ignore format: one line
    },
    gauges(name, help, labelNames, read) {
      new Gauge({
        name,
        help,
        labelNames,
        registers,
        async collect() {
          const all = await read().catch(() => []); // the other metrics are still collected
          this.reset();
          for (const { labels, value } of all) this.set(labels, value);
        },
      });
    },
  };
}

/** Returns a function that finds the series of some labels. */
function createSeries<Series>(find: (...labels: string[]) => Series): (...labels: string[]) => Series {
  const known = new Map<string, Series>();
  return (...labels) => {
    const key = labels.join();
    const series = known.get(key) ?? find(...labels);
    known.set(key, series);
    return series;
  };
}

/** Returns a function that returns the label of an operation: its name if that is frequent and the maximum is not reached. */
function createNames(): (name: string | null) => string {
  const places = new Set<string>();
  let runs = new Map<string, number>();
  return (name) => {
    if (name === null) return OTHER;
    if (places.has(name)) return name;
    if (places.size >= MAX_NAMES) return OTHER;
    const count = (runs.get(name) ?? 0) + 1;
    if (runs.size > 10 * MAX_NAMES) runs = new Map();
    runs.set(name, count);
    if (count < RUNS_BEFORE_NAMED) return OTHER;
    runs.delete(name);
    places.add(name);
    return name;
  };
}
