import { once } from 'node:events';
import { beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { makeConversation } from '../support/fixtures.ts';
import { connect, openSocket, type Socket } from '../support/graphql-socket.ts';
import { bearer } from '../support/http.ts';
import { ADMIN_KEY, type Parley } from '../support/parley.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley({ env: { SLOW_QUERY_MS: '60000' } }); // a loaded machine's slow queries are warnings in the log
const init = (payload?: object) => ({ type: 'connection_init', ...(payload ? { payload } : {}) });
const HELLO = { query: '{ viewer { username } }' };

describe('a socket is closed', () => {
  const letIn = () => connect(app.parley.url, bearer(ADMIN_KEY));
  const bare = () => openSocket(app.parley.url);

  const CLOSES: [code: number, why: string, open: () => Promise<Socket>, send: (socket: Socket) => void][] = [
    [4400, 'text that is no JSON', letIn, (socket) => socket.send('{')],
    [4400, 'a message of no known type', letIn, (socket) => socket.send({ type: 'start', id: '1' })],
    [4400, 'a message without a type', letIn, (socket) => socket.send('{}')],
    [4400, 'a subscribe without an id', letIn, (socket) => socket.send({ type: 'subscribe', payload: HELLO })],
    [4400, 'a subscribe without a query', letIn, (socket) => socket.send({ type: 'subscribe', id: '1', payload: {} })],
    [4400, 'a message that only servers send', letIn, (socket) => socket.send({ type: 'next', id: '1', payload: {} })],
    [
      4401,
      'an operation before it was let in',
      bare,
      (socket) => socket.send({ type: 'subscribe', id: '1', payload: HELLO }),
    ],
    [4403, 'connection_init without a key', bare, (socket) => socket.send(init())],
    [4403, 'a malformed key', bare, (socket) => socket.send(init({ authorization: 'Basic x' }))],
    [4403, 'a wrong key', bare, (socket) => socket.send(init(bearer(`prl_${'b'.repeat(43)}`)))],
    [4403, 'a key that is no text', bare, (socket) => socket.send(init({ authorization: { $ne: null } }))],
    [
      4403,
      'acting as nobody there is',
      bare,
      (socket) => socket.send(init({ ...bearer(ADMIN_KEY), 'x-act-as': 'no\0body' })),
    ],
    [4408, 'no connection_init for 3 s', bare, () => {}],
    [4429, 'a second connection_init', letIn, (socket) => socket.send(init(bearer(ADMIN_KEY)))],
  ];

  it.each(CLOSES)('with %i for %s', async (code, _why, open, send) => {
    const socket = await open();
    send(socket);
    expect((await socket.closed).code).toBe(code);
  });

  it.each([false, true])('with 1007 for a message that is no UTF-8, in a frame of bytes: %s', async (binary) => {
    const socket = new WebSocket(`${app.parley.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(JSON.stringify(init(bearer(ADMIN_KEY))), { binary });
    expect(JSON.parse(String((await once(socket, 'message'))[0]))).toMatchObject({ type: 'connection_ack' });
    const query = { type: 'subscribe', id: '1', payload: { query: 'query ($a: String!) { node(id: $a) { id } }' } };
    const [head, tail] = JSON.stringify({ ...query, variables: { a: '|' } }).split('|');
    socket.send(Buffer.concat([Buffer.from(head ?? ''), Buffer.of(0xff), Buffer.from(tail ?? '')]), { binary });
    expect((await once(socket, 'close'))[0]).toBe(1007);
  });

  it('with a reason that says where the key is looked for, or that it is no good', async () => {
    const reasonOf = async (payload?: object) => {
      const socket = await bare();
      socket.send(init(payload));
      return (await socket.closed).reason;
    };
    for (const payload of [undefined, { token: ADMIN_KEY }, { headers: [] }, { authorization: ADMIN_KEY }])
      expect(await reasonOf(payload)).toMatch(/connection_init takes \{"authorization": "Bearer prl_…"\}.*"headers"/);
    expect(await reasonOf(bearer(`prl_${'b'.repeat(43)}`))).toMatch(/wrong/);
  });

  it('with 4406 where it does not speak the protocol', async () => {
    for (const protocol of ['', 'graphql-ws']) {
      const socket = await openSocket(app.parley.url, { protocol });
      expect(await socket.closed).toMatchObject({
        code: 4406,
        reason: expect.stringMatching(/this is graphql-transport-ws/),
      });
    }
  });

  it('with 4409 for a second operation under the id of a running one', async () => {
    const socket = await letIn();
    const subscribe = { type: 'subscribe', id: '1', payload: { query: 'subscription { healthChanged { status } }' } };
    socket.send(subscribe);
    await socket.waitFor(({ id }) => id === '1');
    socket.send(subscribe);
    expect((await socket.closed).code).toBe(4409);
  });

  it('and nothing of that is written beside the log', () => {
    expect(app.parley.output).toEqual([]);
    expect(app.parley.log.filter(({ level }) => level >= 40)).toEqual([]);
  });
});

describe('connection_init', () => {
  const authorization = `Bearer ${ADMIN_KEY}`;
  it.each([
    { Authorization: authorization },
    { AUTHORIZATION: authorization },
    { headers: { authorization } },
    { headers: { Authorization: authorization } },
    { Headers: { AuthoriZation: authorization } },
    { authorization: '', headers: { Authorization: authorization } },
  ])('brings the key as %j', async (params) => {
    const socket = await connect(app.parley.url, params);
    expect((await socket.run(HELLO)).data).toEqual({ viewer: { username: 'admin' } });
    await socket.close();
  });

  it('names whom the key acts for there, too', async () => {
    const bob = await app.user();
    const service = await app.user({ scopes: ['READ', 'ACT_AS'] });
    const headers = { Authorization: `Bearer ${service.key}`, 'X-Act-As': bob.username };
    const socket = await connect(app.parley.url, { headers });
    expect((await socket.run(HELLO)).data).toEqual({ viewer: { username: bob.username } });
    await socket.close();
  });
});

describe('a bad operation ends only itself', () => {
  const BAD: [what: string, code: string, payload: { query: string; variables?: unknown; operationName?: string }][] = [
    ['a syntax error', 'BAD_USER_INPUT', { query: '{ viewer {' }],
    ['an empty document', 'BAD_USER_INPUT', { query: '' }],
    ['an unknown field', 'BAD_USER_INPUT', { query: '{ nope }' }],
    [
      'a wrong variable',
      'BAD_USER_INPUT',
      { query: 'query ($id: ID!) { node(id: $id) { id } }', variables: { id: {} } },
    ],
    [
      'an unknown operation',
      'BAD_USER_INPUT',
      { query: 'query A { __typename } query B { __typename }', operationName: 'C' },
    ],
    ['several operations without a name', 'BAD_USER_INPUT', { query: 'query A { __typename } query B { __typename }' }],
    ['a broken id', 'BAD_USER_INPUT', { query: '{ node(id: "x") { id } }' }],
    [
      'a broken id in a subscription',
      'BAD_USER_INPUT',
      { query: 'subscription { messageAdded(conversationId: "x") { id } }' },
    ],
    [
      'a subscription to nothing',
      'NOT_FOUND',
      { query: `subscription { jobProgress(jobId: "${globalId('Job')}") { id } }` },
    ],
    [
      'a mutation of nothing',
      'NOT_FOUND',
      {
        query: `mutation { deleteConversation(input: { conversationId: "${globalId('Conversation')}" }) { deletedId } }`,
      },
    ],
    [
      'too many aliases',
      'LIMIT_EXCEEDED',
      { query: `{ ${Array.from({ length: 16 }, (_, i) => `a${i}: __typename`).join(' ')} }` },
    ],
  ];

  it.each(BAD)('%s', async (_what, code, payload) => {
    const socket = await connect(app.parley.url, bearer(ADMIN_KEY));
    const { errors } = await socket.run(payload);
    expect(errors).toMatchObject([{ message: expect.any(String), extensions: { code } }]);
    expect(await socket.run(HELLO)).toEqual({ data: { viewer: { username: 'admin' } } });
    await socket.close();
  });

  it('while a subscription on the same socket goes on', async () => {
    const ann = await app.user();
    const conversationId = await makeConversation(ann);
    const socket = await connect(app.parley.url, bearer(ann.key));
    const query = 'subscription ($id: ID!) { messageAdded(conversationId: $id, afterSequence: 0) { sequence } }';
    socket.send({ type: 'subscribe', id: 'feed', payload: { query, variables: { id: conversationId } } });
    await socket.run({ query: '{ nope }' });
    const ADD =
      'mutation ($id: ID!) { addMessage(input: { conversationId: $id, role: USER, content: "hi" }) { message { sequence } } }';
    expect(await socket.run({ query: ADD, variables: { id: conversationId } })).toEqual({
      data: { addMessage: { message: { sequence: 1 } } },
    });
    const { payload } = await socket.waitFor(({ id }) => id === 'feed');
    expect(payload).toEqual({ data: { messageAdded: { sequence: 1 } } });
    await socket.close();
  });
});

describe('in production', () => {
  let production: Parley;
  beforeAll(async () => {
    production = await app.start('server', { NODE_ENV: 'production' });
  });

  it('nobody is let in without a key, not even to introspect', async () => {
    const socket = await openSocket(production.url);
    socket.send(init());
    expect((await socket.closed).code).toBe(4403);
  });

  it('a key introspects', async () => {
    const socket = await connect(production.url, bearer(ADMIN_KEY));
    expect(await socket.run({ query: '{ __schema { queryType { name } } }' })).toEqual({
      data: { __schema: { queryType: { name: 'Query' } } },
    });
    await socket.close();
  });
});

function globalId(type: string): string {
  return Buffer.from(`${type}:01234567-89ab-7def-8123-456789abcdef`).toString('base64url');
}
