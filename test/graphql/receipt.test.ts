import { beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../support/graphql-socket.ts';
import { bearer, postGraphql } from '../support/http.ts';
import type { User } from '../support/parley.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();
let ann: User;
beforeAll(async () => {
  ann = await app.user();
  const conversation = 'mutation { createConversation(input: {}) { conversation { id } } }';
  for (let index = 0; index < 5; index += 1) await ann.ask(conversation);
});

const ASKED = { 'x-parley-receipt': '1' };
const QUERY = 'query Mine { conversations(first: 5) { edges { node { id owner { username } } } } }';
const RECEIPT = {
  sqlCount: expect.any(Number),
  sqlMs: expect.any(Number),
  rows: expect.any(Number),
  cacheHits: expect.any(Number),
  cost: expect.any(Number),
  budgetLeft: expect.any(Number),
};
const post = (query: string, headers: Record<string, string> = {}) =>
  postGraphql(app.parley.url, { query }, { ...bearer(ann.key), ...headers });

describe('the receipt of an operation', () => {
  it('says what it took, where it is asked for', async () => {
    const { json, headers } = await post(QUERY, ASKED);
    const { receipt, ...rest } = json.extensions;
    expect(rest).toEqual({});
    expect(receipt).toEqual(RECEIPT);
    expect(receipt).toMatchObject({ sqlCount: 2, rows: 6, cacheHits: 4 });
    expect(headers.ratelimit).toContain(`r=${receipt.budgetLeft};`);
    for (const headers of [{}, { 'x-parley-receipt': '0' }])
      expect((await post(QUERY, headers as Record<string, string>)).json).not.toHaveProperty('extensions');
  });

  it('counts the statements of a merged batch for each that asked, and no others', async () => {
    const asked = await Promise.all(Array.from({ length: 40 }, () => post(QUERY, ASKED)));
    for (const { json } of asked) expect(json.extensions.receipt.sqlCount).toBe(2);
    const [light, heavy] = await Promise.all([
      post('{ __typename }', ASKED),
      ...Array.from({ length: 20 }, () =>
        post('mutation { createConversation(input: {}) { conversation { id } } }', ASKED),
      ),
    ]);
    expect(light?.json.extensions.receipt).toMatchObject({ sqlCount: 0, sqlMs: 0, rows: 0 });
    expect(heavy?.json.extensions.receipt.sqlCount).toBeGreaterThan(2);
    expect(heavy?.json.extensions.receipt.sqlCount).toBeLessThan(20);
  });

  it('comes with errors, with cost, and with server-sent events', async () => {
    const failing = await post('mutation { deleteConversation(input: { conversationId: "x" }) { deletedId } }', ASKED);
    expect(failing.json).toMatchObject({ errors: [{}], extensions: { receipt: RECEIPT } });
    const both = await post(QUERY, { ...ASKED, 'x-parley-cost': '1' });
    expect(both.json.extensions).toEqual({ cost: both.json.extensions.receipt.cost, receipt: RECEIPT });
    const { text } = await post(QUERY, { ...ASKED, accept: 'text/event-stream' });
    expect(text).toContain('"receipt":{"sqlCount":2,');
  });
});

describe('over a WebSocket', () => {
  const RATE_LIMIT = { limit: expect.any(Number), remaining: expect.any(Number), resetSeconds: expect.any(Number) };

  it('is asked for by connection_init, for all operations', async () => {
    const socket = await connect(app.parley.url, { ...bearer(ann.key), 'x-parley-cost': '1', ...ASKED });
    const result = (await socket.run({ query: QUERY })) as { extensions?: unknown };
    expect(result.extensions).toEqual({ cost: expect.any(Number), receipt: RECEIPT, rateLimit: RATE_LIMIT });
    await socket.close();
  });

  it('is asked for by the extensions of an operation, for it alone', async () => {
    const socket = await connect(app.parley.url, bearer(ann.key));
    const asked = { query: QUERY, extensions: { 'x-parley-receipt': 1 } };
    expect(((await socket.run(asked)) as any).extensions).toEqual({ receipt: RECEIPT, rateLimit: RATE_LIMIT });
    expect(await socket.run({ query: QUERY })).not.toHaveProperty('extensions');
    await socket.close();
  });

  it('is in each event, for that event', async () => {
    const socket = await connect(app.parley.url, { ...bearer(ann.key), ...ASKED });
    const created = await ann.ask('mutation { createConversation(input: {}) { conversation { id } } }');
    const { id } = created.createConversation.conversation;
    const query = `subscription { messageAdded(conversationId: "${id}", afterSequence: 0) { sequence conversation { owner { username } } } }`;
    socket.send({ id: 'live', type: 'subscribe', payload: { query } } as never);
    const add = `mutation { addMessage(input: { conversationId: "${id}", role: USER, content: "שלום" }) { message { sequence } } }`;
    for (const sequence of [1, 2]) {
      await ann.ask(add);
      const { payload } = await socket.waitFor((message) => message.id === 'live' && message.type === 'next');
      expect(payload).toMatchObject({ data: { messageAdded: { sequence } }, extensions: { receipt: RECEIPT } });
      expect(payload.extensions.receipt.sqlCount).toBeGreaterThan(0);
      expect(payload.extensions.receipt.sqlCount).toBeLessThan(20);
    }
    await socket.close();
  });

  it('counts each statement of an event once', async () => {
    const socket = await connect(app.parley.url, { ...bearer(ann.key), ...ASKED });
    const created = await ann.ask('mutation { createConversation(input: {}) { conversation { id } } }');
    const { id } = created.createConversation.conversation;
    const query = `subscription { messageAdded(conversationId: "${id}", afterSequence: 0) { sequence } }`;
    socket.send({ id: 'live', type: 'subscribe', payload: { query } } as never);
    const add = `mutation { addMessage(input: { conversationId: "${id}", role: USER, content: "שלום" }) { message { sequence } } }`;
    const counts: number[] = [];
    for (let added = 0; added < 3; added += 1) {
      await ann.ask(add);
      const { payload } = await socket.waitFor((message) => message.id === 'live' && message.type === 'next');
      counts.push(payload.extensions.receipt.sqlCount);
    }
    expect(counts.slice(1)).toEqual([1, 1]);
    await socket.close();
  });
});
