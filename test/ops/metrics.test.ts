import { describe, expect, it } from 'vitest';
import { makeConversation } from '../support/fixtures.ts';
import { connect } from '../support/graphql-socket.ts';
import { bearer, httpRequest, postGraphql } from '../support/http.ts';
import { MessageAdded } from '../support/operations.ts';
import { ADMIN_KEY } from '../support/parley.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const METRICS_TOKEN = 'a token of the collector';
const app = useParley({ env: { METRICS_TOKEN } });
const metrics = (headers: Record<string, string>) => httpRequest(`${app.parley.url}/metrics`, { headers });

describe('the metrics', () => {
  it.each([
    ['nobody', async () => ({}), 401],
    ['a wrong key', async () => bearer('prl_x'), 401],
    ['a user', async () => bearer((await app.user()).key), 403],
    [
      'a user whose key has the scope ADMIN',
      async () => bearer((await app.user({ scopes: ['READ', 'ADMIN'] })).key),
      403,
    ],
    ['an ADMIN whose key lacks the scope', async () => bearer((await app.user({ role: 'ADMIN' })).key), 403],
    ['METRICS_TOKEN', async () => bearer(METRICS_TOKEN), 200],
    ['what begins as METRICS_TOKEN', async () => bearer(METRICS_TOKEN.slice(0, -1)), 401],
    ['an ADMIN', async () => bearer((await app.user({ role: 'ADMIN', scopes: ['ADMIN'] })).key), 200],
  ])('for %s', async (_who, headers, status) => {
    const answer = await metrics((await headers()) as Record<string, string>);
    expect(answer.status).toBe(status);
    expect(answer.text.includes('parley_')).toBe(status === 200);
  });

  it('are in the text format of Prometheus', async () => {
    const { headers, text } = await metrics(bearer(ADMIN_KEY));
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toMatch(/^# HELP parley_graphql_operation_seconds .+$/m);
    expect(text).toMatch(/^process_cpu_seconds_total /m);
  });

  it('count operations by type, errors by code, statements and sockets', async () => {
    const before = await read();
    await postGraphql(app.parley.url, { query: '{ viewer { id } }' }, bearer(ADMIN_KEY));
    await postGraphql(
      app.parley.url,
      { query: 'mutation { createConversation(input: {}) { conversation { id } } }' },
      bearer(ADMIN_KEY),
    );
    await postGraphql(app.parley.url, { query: '{ node(id: "x") { id } }' }, bearer(ADMIN_KEY));
    await postGraphql(app.parley.url, { query: '{ nope }' }, bearer(ADMIN_KEY));
    await postGraphql(
      app.parley.url,
      {
        query:
          '{ conversations(first: 100) { edges { node { messages(first: 100) { edges { cursor node { id role } } } } } } }',
      },
      bearer(ADMIN_KEY),
    );
    const socket = await connect(app.parley.url, bearer(ADMIN_KEY));
    await socket.run({ query: '{ __typename }' });

    const after = await read();
    const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
    expect(grown('parley_graphql_operation_seconds_count{type="query"}')).toBe(4);
    expect(grown('parley_graphql_operation_seconds_count{type="mutation"}')).toBe(1);
    expect(grown('parley_graphql_errors_total{code="BAD_USER_INPUT"}')).toBe(2);
    expect(grown('parley_graphql_errors_total{code="LIMIT_EXCEEDED"}')).toBe(1);
    expect(grown('parley_sql_statements_total')).toBeGreaterThan(0);
    expect(grown('parley_websockets')).toBe(1);
    await socket.close();
    await until(read, (now) => now.get('parley_websockets') === before.get('parley_websockets'));
  });
});

describe('what metrics tell of operations and of the installation', () => {
  it('counts fields by type for each operation that runs, and subscriptions while they are open', async () => {
    const before = await read();
    const run = (query: string) => postGraphql(app.parley.url, { query }, bearer(ADMIN_KEY));
    for (let times = 0; times < 2; times += 1)
      await run('{ viewer { id ...names } } fragment names on User { username displayName }');
    await run('query A { health { status } } query B { viewer { id } }');
    const socket = await connect(app.parley.url, bearer(ADMIN_KEY));
    socket.send({ type: 'subscribe', id: 'health', payload: { query: 'subscription { healthChanged { status } }' } });
    await using stream = app.admin.follow('subscription { healthChanged { status } }', {});
    await stream.take(1);
    const open = await until(read, (now) => now.get('parley_subscriptions') === 2);
    const grown = (name: string) => (open.get(name) ?? 0) - (before.get(name) ?? 0);
    expect(grown('parley_graphql_fields_total{type="User"}')).toBe(6);
    expect(grown('parley_graphql_fields_total{type="Query"}')).toBe(2);
    expect(grown('parley_graphql_fields_total{type="Subscription"}')).toBe(2);
    socket.send({ type: 'complete', id: 'health' });
    await until(read, (now) => now.get('parley_subscriptions') === 1);
    await socket.close();
  });

  it('has counters of the type that Prometheus expects for what only grows', async () => {
    const { text } = await metrics(bearer(ADMIN_KEY));
    const wrong = [...text.matchAll(/^# TYPE (parley_\w+) (\w+)$/gm)].filter(
      ([, name = '', type]) => name.endsWith('_total') !== (type === 'counter'),
    );
    expect(wrong).toEqual([]);
  });

  it('names the operations that come often, and no more than a hundred of them', async () => {
    const run = (name: string) =>
      postGraphql(app.parley.url, { query: `query ${name} { __typename }` }, bearer(ADMIN_KEY));
    for (let index = 0; index < 25; index += 1) await run('Often');
    await Promise.all(Array.from({ length: 120 }, (_, index) => run(`Once${index}`)));
    const names = [...(await read()).keys()].filter((key) =>
      key.startsWith('parley_graphql_named_operation_seconds_count'),
    );
    expect(names).toContain('parley_graphql_named_operation_seconds_count{name="Often"}');
    expect(names.some((name) => name.includes('Once'))).toBe(false);
  });

  it('counts requests by endpoint, whatever they ask for, events, connections, jobs and components', async () => {
    const before = await read();
    const ann = await app.user();
    await postGraphql(app.parley.url, { query: '{ __typename }' }, bearer(ann.key));
    for (const path of ['/health/live', '/leads.csv', '/calls.csv', '/nothing/here', '/nothing/else'])
      await httpRequest(`${app.parley.url}${path}`);
    const conversationId = await makeConversation(ann, 1);
    await using feed = ann.follow(MessageAdded, { conversationId, afterSequence: 0 });
    await feed.take(1);
    const after = await read();
    const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
    expect(grown('parley_http_request_seconds_count{endpoint="/graphql",status="2xx"}')).toBeGreaterThan(0);
    expect(grown('parley_http_request_seconds_count{endpoint="/health",status="2xx"}')).toBe(1);
    expect(grown('parley_http_request_seconds_count{endpoint="/leads.csv",status="4xx"}')).toBe(1);
    expect(grown('parley_http_request_seconds_count{endpoint="/calls.csv",status="4xx"}')).toBe(1);
    expect(grown('parley_http_request_seconds_count{endpoint="other",status="4xx"}')).toBe(2);
    expect(grown('parley_events_sent_total')).toBe(1);
    expect(grown('parley_sql_statement_seconds_count')).toBeGreaterThan(0);
    expect(after.get('parley_sql_connections_max')).toBeGreaterThan(0);
    expect(after.get('parley_component_health{component="database"}')).toBe(1);
    expect(after.get('parley_jobs{kind="GENERATE_REPLY",status="queued"}')).toBe(0);
  });
});

async function read(): Promise<Map<string, number>> {
  const { text } = await metrics(bearer(ADMIN_KEY));
  return new Map(
    text
      .split('\n')
      .filter((line) => line && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}
