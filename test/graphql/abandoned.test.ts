import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { beforeAll, expect, it } from 'vitest';
import { makeConversation } from '../support/fixtures.ts';
import { connect } from '../support/graphql-socket.ts';
import { bearer } from '../support/http.ts';
import { AddMessage } from '../support/operations.ts';
import type { User } from '../support/parley.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();
let ann: User;
let conversationId: string;
let emptyId: string;

beforeAll(async () => {
  ann = await app.user();
  conversationId = await makeConversation(ann);
  emptyId = await makeConversation(ann);
  const input = { conversationId, role: 'USER' as const, content: '-'.repeat(190_000) };
  for (let count = 0; count < 60; count += 1) await ann.ask(AddMessage, { input });
});

/** A quarter of what may run at once, with an answer that fills every buffer on its way. */
const HEAVY = `query ($id: ID!, $ids: [ID!]!) {
  conversation(id: $id) { messages(first: 60) { edges { node { content } } } }
  nodes(ids: $ids) { ... on Conversation { messages(first: 47) { totalCount } } }
}`;

function post(query: string, variables: unknown = {}) {
  const headers = { ...bearer(ann.key), 'content-type': 'application/json' };
  const sent = request(`${app.parley.url}/graphql`, { method: 'POST', headers });
  sent.on('error', () => {});
  sent.end(JSON.stringify({ query, variables }));
  return sent;
}

/** As many as the server needs to have dealt with whatever was sent before. */
async function roundTrips(): Promise<void> {
  for (let times = 0; times < 5; times += 1) await (await connect(app.parley.url, bearer(ann.key))).close();
}

async function hasArrived(sent: ClientRequest): Promise<void> {
  if (!sent.writableFinished) await once(sent, 'finish');
  await roundTrips();
}

/** Takes nearly all that may run at once by answers that are not read; a fifth such request waits for its turn. */
async function takeEveryTurn(): Promise<IncomingMessage[]> {
  const variables = { id: conversationId, ids: Array(100).fill(emptyId) };
  const responses = [1, 2, 3, 4].map(async () => (await once(post(HEAVY, variables), 'response')) as [IncomingMessage]);
  const stalled = (await Promise.all(responses)).map(([response]) => response.pause());
  const fifth = post(HEAVY, variables);
  fifth.on('response', (response) => response.resume());
  await hasArrived(fifth);
  return stalled;
}

const create = (title: string) =>
  `mutation { createConversation(input: { title: "${title}" }) { conversation { id } } }`;

async function titles(): Promise<string[]> {
  const { conversations } = await ann.ask('{ conversations(first: 50) { edges { node { title } } } }');
  return conversations.edges.map(({ node }: { node: { title: string } }) => node.title);
}

it('what nobody waits for any more when its turn comes is not run', async () => {
  const stalled = await takeEveryTurn();
  const left = post(create('left'));
  await hasArrived(left);
  const socket = await connect(app.parley.url, bearer(ann.key));
  socket.send({ type: 'subscribe', id: '1', payload: { query: create('completed') } });
  socket.send({ type: 'complete', id: '1' });
  const kept = post(create('kept'));
  await hasArrived(kept);
  left.destroy();
  await roundTrips();
  for (const response of stalled) response.resume();
  const [response] = (await once(kept, 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
  await until(titles, (found) => found.includes('kept'));
  expect(await titles()).not.toContain('left');
  expect(await titles()).not.toContain('completed');
  await socket.close();
});
