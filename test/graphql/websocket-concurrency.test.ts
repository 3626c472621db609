import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { makeConversation } from '../support/fixtures.ts';
import { connect } from '../support/graphql-socket.ts';
import { bearer } from '../support/http.ts';
import { countOpenChannels } from '../support/open-channels.ts';
import { AddMessage } from '../support/operations.ts';
import type { User } from '../support/parley.ts';
import { openRawSocket } from '../support/raw-subscriptions.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();
const MESSAGES = '{ messages(first: 60) { edges { node { content } } } }';
let ann: User;
let conversationId: string;

beforeAll(async () => {
  ann = await app.user();
  conversationId = await makeConversation(ann);
  const input = { conversationId, role: 'USER' as const, content: '-'.repeat(190_000) };
  for (let count = 0; count < 20; count += 1) await ann.ask(AddMessage, { input });
});

/** A socket that asks for a dozen large answers, and reads none of them. */
async function askAndStopReading(): Promise<WebSocket> {
  const socket = await openRawSocket(app.parley.url, ann, conversationId, 0);
  socket.pause();
  const query = `{ conversation(id: "${conversationId}") ${MESSAGES} }`;
  for (let id = 1; id <= 12; id += 1)
    socket.send(JSON.stringify({ type: 'subscribe', id: `${id}`, payload: { query } }));
  await sleep(500);
  return socket;
}

it('whoever breaks off while answers wait for them keeps no turn of theirs', async () => {
  for (let round = 0; round < 20; round += 1) {
    const socket = await askAndStopReading();
    const raw = (socket as unknown as { _socket: { resetAndDestroy(): void } })._socket;
    raw.resetAndDestroy();
    await once(socket, 'close');
  }
  const heavy =
    'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Conversation { messages(first: 48) { totalCount } } } }';
  const { errors } = await ann.send(heavy, { ids: Array(100).fill(conversationId) });
  expect(errors).toBeUndefined();
});

it('an id is not used again while its operation runs, and nothing goes on when the socket has closed', async () => {
  const quiet = await countOpenChannels(app.admin);
  const socket = await connect(app.parley.url, bearer(ann.key));
  const slow = { query: `{ conversation(id: "${conversationId}") ${MESSAGES} }` };
  const follow = { query: `subscription { messageAdded(conversationId: "${conversationId}") { id } }` };
  socket.sendTogether([
    { type: 'subscribe', id: '1', payload: slow },
    { type: 'complete', id: '1' },
    { type: 'subscribe', id: '1', payload: follow },
  ]);
  expect((await socket.closed).code).toBe(4409);
  await until(
    () => countOpenChannels(app.admin),
    (channels) => channels === quiet,
  );
});

it('subscriptions that are ended by an event of theirs leave the others of their socket their turns, and follow nothing', async () => {
  const quiet = await countOpenChannels(app.admin);
  const socket = await connect(app.parley.url, bearer(ann.key));
  const aliases = Array.from({ length: 12 }, (_, index) => `a${index}: content`).join(' ');
  const large = `conversation { messages(last: 3) { edges { node { ${aliases} } } } }`;
  const follow = (fields: string) => ({
    query: `subscription { messageAdded(conversationId: "${conversationId}", afterSequence: 19) { ${fields} } }`,
  });
  for (let id = 1; id <= 6; id += 1) {
    socket.send({ type: 'subscribe', id: `${id}`, payload: follow(large) });
    const { payload } = await socket.waitFor((message) => message.id === `${id}`);
    expect(payload.errors).toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED', limited: 'bytes of an answer' } }]);
    await socket.waitFor((message) => message.id === `${id}` && message.type === 'complete');
  }
  await until(
    () => countOpenChannels(app.admin),
    (channels) => channels === quiet,
  );
  socket.send({ type: 'subscribe', id: 'last', payload: follow('sequence') });
  const { payload } = await socket.waitFor((message) => message.id === 'last');
  expect(payload).toEqual({ data: { messageAdded: { sequence: 20 } } });
  await socket.close();
});

it('an id is free again when its operation is refused after its client has completed it', async () => {
  const socket = await connect(app.parley.url, bearer(ann.key));
  for (let time = 1; time <= 3; time += 1) {
    socket.sendTogether([
      { type: 'subscribe', id: '1', payload: { query: '{ noSuchField }' } },
      { type: 'complete', id: '1' },
    ]);
    expect(await socket.run({ query: '{ __typename }' })).toEqual({ data: { __typename: 'Query' } });
  }
  socket.send({ type: 'subscribe', id: '1', payload: { query: '{ __typename }' } });
  expect(await socket.waitFor((message) => message.id === '1')).toMatchObject({ type: 'next' });
  await socket.close();
});
