import { expect, it } from 'vitest';
import { connect } from '../support/graphql-socket.ts';
import { bearer, httpRequest, postGraphql } from '../support/http.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley({ env: { LOG_LEVEL: 'trace', SQL_ECHO: 'true', SLOW_QUERY_MS: '1' } });
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
