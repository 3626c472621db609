import { expect, it } from 'vitest';
import { makeConversation } from '../support/fixtures.ts';
import { connect } from '../support/graphql-socket.ts';
import { bearer, httpRequest, postGraphql } from '../support/http.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';

const metricsToken = 'a-token-of-the-settings';
const app = useParley({
  env: { METRICS_TOKEN: metricsToken, LOG_LEVEL: 'trace', SQL_ECHO: 'true', SLOW_QUERY_MS: '1' },
});
const lineOf = (requestId: string) =>
  app.parley.waitForLog((line) => line.msg === 'request' && line.requestId === requestId);

it('writes one line a request, with who asked for what and what it took', async () => {
  const ann = await app.user();
  const headers = { ...bearer(ann.key), 'x-request-id': 'first' };
  await postGraphql(app.parley.url, { query: 'query Mine { conversations(first: 1) { edges { cursor } } }' }, headers);
  expect(await lineOf('first')).toMatchObject({
    method: 'POST',
    path: '/graphql',
    status: 200,
    operation: 'Mine',
    userId: ann.id && expect.stringMatching(/^[\da-f-]{36}$/),
    durationMs: expect.any(Number),
    sqlCount: expect.any(Number),
  });
  await httpRequest(`${app.parley.url}/nothing?secret=1`, { headers: { 'x-request-id': 'second' } });
  expect(await lineOf('second')).toMatchObject({ path: '/nothing', status: 404, sqlCount: 0 });
  expect(app.parley.log.filter(({ msg, requestId }) => msg === 'request' && requestId === 'first')).toHaveLength(1);
});

it('writes one line an operation of a WebSocket, a subscription’s at its end', async () => {
  const ann = await app.user();
  const socket = await connect(app.parley.url, bearer(ann.key));
  await socket.run({ query: 'query OverSocket { viewer { username } }' });
  socket.send({ id: 'live', type: 'subscribe', payload: { query: 'subscription Live { healthChanged { status } }' } });
  await socket.waitFor(({ id, type }) => id === 'live' && type === 'next');
  const operation = (name: string) =>
    app.parley.waitForLog((line) => line.operation === name && line.msg === 'request');
  expect(await operation('OverSocket')).toMatchObject({ method: 'WS', userId: expect.any(String) });
  expect(app.parley.log.some((line) => line.operation === 'Live')).toBe(false);
  await socket.close();
  expect(await operation('Live')).toMatchObject({ method: 'WS' });
});

it('never holds what users send, nor keys, wherever they come in', async () => {
  const marker = 'zebra-melon-7731';
  const key = `prl_${'Q'.repeat(43)}`;
  const ann = await app.user();
  const ask = (query: string, variables: object = {}, headers = {}) =>
    postGraphql(app.parley.url, { query, variables }, { ...bearer(ann.key), ...headers });
  const { json } = await ask(
    'mutation M($t: String) { createConversation(input: { title: $t }) { conversation { id } } }',
    {
      t: marker,
    },
  );
  const { id } = json.data.createConversation.conversation;
  const add =
    'mutation M($id: ID!, $c: String!) { addMessage(input: { conversationId: $id, role: USER, content: $c }) { message { id } } }';
  await ask(add, { id, c: `${marker} שלום` });
  await ask('query S($q: String!) { searchMessages(query: $q) { found } }', { q: marker });
  await ask(`{ node(id: "${marker}") { id } }`);
  await ask(`{ ${marker.replaceAll('-', '_')} }`);
  await ask(`{ viewer { id } } # ${marker}`, {}, { authorization: `Bearer ${key}` });
  await ask(`query ${key} { viewer { id } }`, {}, { 'x-request-id': key });
  await httpRequest(`${app.parley.url}/${key}?q=${marker}`, {});
  await httpRequest(`${app.parley.url}/graphql?query={viewer{id}}&variables=${marker}`, { headers: bearer(ann.key) });
  const socket = await connect(app.parley.url, bearer(ann.key));
  await socket.run({ query: add, variables: { id, c: marker } });
  await socket.close();
  await ask('{ __typename }', {}, { 'x-request-id': 'the-last' });
  await lineOf('the-last');
  const log = JSON.stringify(app.parley.log) + app.parley.output.join('\n');
  for (const secret of [marker, marker.replaceAll('-', '_'), key, ann.key]) expect(log).not.toContain(secret);
});

it('never holds what users send where a statement fails in a way that nobody foresaw', async () => {
  const marker = 'giraffe-lemon-4417';
  const ann = await app.user();
  const id = await makeConversation(ann);
  await sql(
    app.database,
    `ALTER TABLE conversations ADD CONSTRAINT no_giraffe CHECK (title !~ 'giraffe');
     CREATE FUNCTION refuse_giraffe() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN IF NEW.content ~ 'giraffe' THEN RAISE EXCEPTION 'I do not like %', NEW.content; END IF; RETURN NEW; END $$;
     CREATE TRIGGER refuse_giraffe BEFORE INSERT ON messages FOR EACH ROW EXECUTE FUNCTION refuse_giraffe()`,
  );
  const fail = async (requestId: string, query: string, variables: object) => {
    const { json } = await postGraphql(
      app.parley.url,
      { query, variables },
      { ...bearer(ann.key), 'x-request-id': requestId },
    );
    expect(json.errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
    return app.parley.waitForLog((line) => line.msg === 'unexpected error' && line.requestId === requestId);
  };
  const create = 'mutation ($t: String) { createConversation(input: { title: $t }) { conversation { id } } }';
  const add =
    'mutation ($id: ID!, $c: String!) { addMessage(input: { conversationId: $id, role: USER, content: $c }) { message { id } } }';
  expect(await fail('refused-title', create, { t: marker })).toMatchObject({
    err: {
      type: expect.stringContaining('Prisma'),
      message: expect.stringContaining('23514'),
      stack: expect.any(String),
    },
  });
  expect(await fail('refused-text', add, { id, c: marker })).toMatchObject({
    err: { message: expect.stringContaining('P0001'), code: 'P0001', stack: expect.stringMatching(/\n +at /) },
  });
  await httpRequest(`${app.parley.url}/${metricsToken}`, { headers: { 'x-request-id': 'a-token' } });
  await lineOf('a-token');
  const log = JSON.stringify(app.parley.log) + app.parley.output.join('\n');
  for (const secret of [marker, metricsToken]) expect(log).not.toContain(secret);
});
