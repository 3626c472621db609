import { beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { bearer, postGraphql } from '../support/http.ts';
import type { User } from '../support/parley.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

/** Each as it must come back; what JavaScript makes of it differs. */
const NUMBERS = [
  '9007199254740993',
  '-1546130668394913822',
  '123456789012345678901234567890',
  '0.1234567890123456789',
  '1e400',
  '-1E-400',
  '1.10',
  '5.0',
  '1e2',
  '-0',
  '-0.0',
  '0.0000001',
];
/** Beside what is no number, or no unusual one. */
const SENT = `{"list":[${NUMBERS.join(',')}],"text":"9007199254740993 -0 1e400","small":7,"half":0.5,"שם":[true,null]}`;

let ann: User;
beforeAll(async () => {
  ann = await app.user();
});

const post = (query: string, variables = 'null', to = ann) =>
  postGraphql(app.parley.url, `{"query":${JSON.stringify(query)},"variables":${variables}}`, bearer(to.key));

/** Sends an operation on a socket as it stands, and resolves with the text of its answer. */
async function overSocket(query: string, variables = 'null'): Promise<string> {
  const socket = new WebSocket(`${app.parley.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const { promise, resolve } = Promise.withResolvers<string>();
  socket.on('message', (data) => {
    const text = String(data);
    const { type } = JSON.parse(text);
    if (type === 'connection_ack')
      socket.send(
        `{"id":"1","type":"subscribe","payload":{"query":${JSON.stringify(query)},"variables":${variables}}}`,
      );
    if (type === 'next' || type === 'error') resolve(text);
  });
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: bearer(ann.key) })));
  return promise.finally(() => socket.close());
}

const literal = SENT.replace('"list"', 'list')
  .replace('"text"', 'text')
  .replace('"small"', 'small')
  .replace('"half"', 'half')
  .replace('"שם"', 'name');
const LITERAL_BACK = SENT.replace('"שם"', '"name"');

const CREATE =
  'mutation ($input: CreateConversationInput!) { createConversation(input: $input) { conversation { id metadata } } }';
const READ = 'query ($id: ID!) { conversation(id: $id) { metadata } }';

describe('numbers of JSON come back digit for digit', () => {
  it('in the metadata of conversations: created, read and listed, by queries that are compiled, too', async () => {
    const made = await post(CREATE, `{"input":{"metadata":${SENT}}}`);
    expect(made.text).toContain(`"metadata":${SENT}`);
    const { id } = made.json.data.createConversation.conversation;
    for (let uses = 0; uses < 5; uses += 1)
      expect((await post(READ, JSON.stringify({ id }))).text).toBe(`{"data":{"conversation":{"metadata":${SENT}}}}`);
    expect((await post('{ conversations(first: 1) { edges { node { metadata } } } }')).text).toContain(SENT);
    const sent = await post(
      'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { conversation { metadata } } }',
      JSON.stringify({ input: { conversationId: id, content: 'hi' } }),
    );
    expect(sent.text).toContain(SENT);
  });

  it('as literals of the document, also around a variable', async () => {
    const made = await post(
      `mutation { createConversation(input: { metadata: ${literal} }) { conversation { metadata } } }`,
    );
    expect(made.text).toContain(LITERAL_BACK);
    const mixed = await post(
      'mutation ($x: JSON) { createConversation(input: { metadata: { a: 1.10, b: $x } }) { conversation { metadata } } }',
      '{"x":[1e400]}',
    );
    expect(mixed.text).toContain('"metadata":{"a":1.10,"b":[1e400]}');
  });

  it('over WebSocket', async () => {
    expect(await overSocket(CREATE, `{"input":{"metadata":${SENT}}}`)).toContain(SENT);
    expect(
      await overSocket(
        `mutation { createConversation(input: { metadata: ${literal} }) { conversation { metadata } } }`,
      ),
    ).toContain(LITERAL_BACK);
  });

  it('by GET', async () => {
    const made = await post(CREATE, '{"input":{"metadata":{"n":12345678901234567890}}}');
    const { id } = made.json.data.createConversation.conversation;
    const query = new URLSearchParams({ query: READ, variables: JSON.stringify({ id }) });
    const response = await fetch(`${app.parley.url}/graphql?${query}`, { headers: bearer(ann.key) });
    expect(await response.text()).toContain('{"n":12345678901234567890}');
  });

  it('in what tools are asked and return, and in the metadata of messages, answered, repeated, read and streamed', async () => {
    const { createConversation } = await ann.ask('mutation { createConversation(input: {}) { conversation { id } } }');
    const { id } = createConversation.conversation;
    const add =
      'mutation ($input: AddMessageInput!) { addMessage(input: $input) { message { toolCalls toolResult metadata } } }';
    const input = `{"input":{"conversationId":"${id}","role":"TOOL","content":"","toolCalls":[${SENT}],"toolResult":${SENT},"metadata":${SENT},"idempotencyKey":"exact"}}`;
    const fields = `"toolCalls":[${SENT}],"toolResult":${SENT},"metadata":${SENT}`;
    expect((await post(add, input)).text).toContain(fields);
    expect((await post(add, input)).text).toContain(fields);
    const other = await post(add, input.replaceAll('9007199254740993', '9007199254740992'));
    expect(other.json.errors).toMatchObject([{ extensions: { code: 'IDEMPOTENCY_CONFLICT' } }]);
    const messages = `{ conversation(id: "${id}") { messages(first: 5) { edges { node { toolCalls toolResult metadata } } } } }`;
    expect((await post(messages)).text).toContain(fields);
    const added = `subscription { messageAdded(conversationId: "${id}", afterSequence: 0) { toolCalls toolResult metadata } }`;
    expect(await overSocket(added)).toContain(fields);
  });

  it('in the metadata of messages that are sent to be answered', async () => {
    const send = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { userMessage { id metadata } } }';
    const sent = await post(send, `{"input":{"content":"hi","metadata":${SENT}}}`);
    expect(sent.text).toContain(`"metadata":${SENT}`);
    const { id } = sent.json.data.sendMessage.userMessage;
    const read = await post(`{ node(id: "${id}") { ... on Message { metadata } } }`);
    expect(read.text).toContain(`"metadata":${SENT}`);
  });

  it('in the metadata of memories, saved, changed and refreshed', async () => {
    const save = (metadata: string) =>
      post(
        'mutation ($input: SaveMemoryInput!) { saveMemory(input: $input) { merged memory { id metadata } } }',
        `{"input":{"content":"Her boat is called Lior.","metadata":${metadata}}}`,
      );
    const saved = await save(SENT);
    expect(saved.text).toContain(SENT);
    expect((await save('{"n":9007199254740995}')).text).toContain('"merged":true');
    const { id } = saved.json.data.saveMemory.memory;
    const read = await post(`{ node(id: "${id}") { ... on Memory { metadata } } }`);
    expect(read.text).toContain('{"n":9007199254740995}');
    const change = 'mutation ($input: UpdateMemoryInput!) { updateMemory(input: $input) { memory { metadata } } }';
    expect((await post(change, `{"input":{"memoryId":"${id}","metadata":${SENT}}}`)).text).toContain(SENT);
  });

  it('also where they differ in the last digit only, which is a change, and the same again is none', async () => {
    const made = await post(CREATE, '{"input":{"metadata":{"n":9007199254740993}}}');
    const { id } = made.json.data.createConversation.conversation;
    const update =
      'mutation ($input: UpdateConversationInput!) { updateConversation(input: $input) { conversation { metadata updatedAt } } }';
    const change = (n: string) => post(update, `{"input":{"conversationId":"${id}","metadata":{"n":${n}}}}`);
    const changed = await change('9007199254740992');
    expect(changed.text).toContain('{"n":9007199254740992}');
    const back = await change('9007199254740993');
    expect(back.text).toContain('{"n":9007199254740993}');
    expect((await change('9007199254740993')).text).toBe(back.text);
  });

  it('and an import brings them', async () => {
    const history =
      'mutation ($input: ImportConversationInput!) { importConversation(input: $input) { conversation { metadata } } }';
    expect((await post(history, `{"input":{"history":[{"user":"hi"}],"metadata":${SENT}}}`)).text).toContain(SENT);
  });
});

describe('elsewhere than in JSON', () => {
  it.each([
    ['query ($n: Int) { conversations(first: $n) { totalCount } }', '{"n":1.0}', undefined],
    ['query ($n: Int) { conversations(first: $n) { totalCount } }', '{"n":9007199254740993}', 'BAD_USER_INPUT'],
    [
      'mutation ($n: Float) { saveMemory(input: { content: "x", importance: $n }) { merged } }',
      '{"n":0.50000000000000000001}',
      undefined,
    ],
    [
      'mutation ($n: Float) { saveMemory(input: { content: "x", importance: $n }) { merged } }',
      '{"n":1e400}',
      'BAD_USER_INPUT',
    ],
    [
      'mutation ($i: SaveMemoryInput!) { saveMemory(input: $i) { merged } }',
      '{"i":{"content":"x","importance":5.0e-1}}',
      undefined,
    ],
    [
      'mutation ($i: SaveMemoryInput!) { saveMemory(input: $i) { merged } }',
      '{"i":{"content":9007199254740993}}',
      'BAD_USER_INPUT',
    ],
  ])('%s takes %s as a double', async (query, variables, code) => {
    const { json } = await post(query, variables);
    expect(json.errors?.[0].extensions.code).toBe(code);
  });

  it('what is nested too deeply is refused as ever', async () => {
    const deep = `${'['.repeat(50_000)}1e400${']'.repeat(50_000)}`;
    const { json } = await post(CREATE, `{"input":{"metadata":${deep}}}`);
    expect(json.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
