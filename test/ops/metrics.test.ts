import { describe, expect, it } from 'vitest';
import { connect } from '../support/graphql-socket.ts';
import { bearer, httpRequest, postGraphql } from '../support/http.ts';
import { ADMIN_KEY } from '../support/parley.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();
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
      { query: '{ conversations(first: 100) { edges { node { messages(first: 100) { edges { cursor } } } } } }' },
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

async function read(): Promise<Map<string, number>> {
  const { text } = await metrics(bearer(ADMIN_KEY));
  return new Map(
    text
      .split('\n')
      .filter((line) => line && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}
