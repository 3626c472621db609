import { beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeConversation, makeEpisode } from '../support/fixtures.ts';
import { bearer, postGraphql } from '../support/http.ts';
import { ADMIN_KEY } from '../support/parley.ts';
import { sql } from '../support/sql.ts';
import { EVERY_TRANSPORT, type Operation } from '../support/transports.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();
let ann: Client;
let bob: Client;
let annsConversation: string;
let annsEpisode: string;

beforeAll(async () => {
  [ann, bob] = [await app.user(), await app.user()];
  [annsConversation, annsEpisode] = [await makeConversation(ann, 2), await makeEpisode(ann)];
});

const globalId = (type: string, id = '01234567-89ab-7def-8123-456789abcdef') =>
  Buffer.from(`${type}:${id}`).toString('base64url');

const DELETE = 'mutation ($id: ID!) { deleteConversation(input: { conversationId: $id }) { deletedId } }';
const ADD = 'mutation ($input: AddMessageInput!) { addMessage(input: $input) { message { id } } }';
const ADD_MANY = 'mutation ($input: AddMessagesInput!) { addMessages(input: $input) { messages { id } } }';
const CREATE =
  'mutation ($input: CreateConversationInput!) { createConversation(input: $input) { conversation { id } } }';
/** Its variable may be null as its default is not, so that only its field can refuse it. */
const NULLED = 'query ($ids: [ID!] = []) { nodes(ids: $ids) { id } }';
const PAGE =
  'query ($after: String, $first: Int, $last: Int) { conversations(after: $after, first: $first, last: $last) { totalCount } }';

describe('what a rule refuses names the field', () => {
  const input = (more: object) => ({
    input: { conversationId: annsConversation, role: 'USER', content: 'hi', ...more },
  });
  const CASES: [what: string, field: string, operation: () => Operation][] = [
    ['a broken id', 'id', () => ({ query: '{ conversation(id: "x") { id } }' })],
    ['an empty id', 'id', () => ({ query: '{ node(id: "") { id } }' })],
    ['an id with a NUL', 'id', () => ({ query: '{ node(id: "a\\u0000b") { id } }' })],
    ['an id of another type', 'id', () => ({ query: `{ conversation(id: "${globalId('Job')}") { id } }` })],
    ['an id of a type there is not', 'id', () => ({ query: `{ node(id: "${globalId('Secret')}") { id } }` })],
    ['an id that is no UUID', 'id', () => ({ query: `{ node(id: "${globalId('Job', "1' OR '1'='1")}") { id } }` })],
    ['the second of two ids', 'ids.1', () => ({ query: `{ nodes(ids: ["${annsConversation}", "x"]) { id } }` })],
    ['a broken id in an input', 'input.conversationId', () => ({ query: DELETE, variables: { id: 'x' } })],
    ['a cursor that was made up', 'after', () => ({ query: PAGE, variables: { after: 'AAAAAAAAAAAAAAAAW10' } })],
    ['a page of 101', 'first', () => ({ query: PAGE, variables: { first: 101 } })],
    ['a page of -1', 'last', () => ({ query: PAGE, variables: { last: -1 } })],
    ['both ends at once', 'last', () => ({ query: PAGE, variables: { first: 1, last: 1 } })],
    ['a NUL in a text', 'input.content', () => ({ query: ADD, variables: input({ content: 'a\0b' }) })],
    ['half a surrogate pair', 'input.content', () => ({ query: ADD, variables: input({ content: '\ud800' }) })],
    ['an empty text', 'input.content', () => ({ query: ADD, variables: input({ content: '' }) })],
    [
      'a text that is too long',
      'input.title',
      () => ({ query: CREATE, variables: { input: { title: 'x'.repeat(501) } } }),
    ],
    ['a negative count', 'input.tokensInput', () => ({ query: ADD, variables: input({ tokensInput: -1 }) })],
    [
      'an idempotency key with a NUL',
      'input.idempotencyKey',
      () => ({ query: ADD, variables: input({ idempotencyKey: '\0' }) }),
    ],
    [
      'the second of two messages',
      'input.messages.1.content',
      () => ({
        query: ADD_MANY,
        variables: {
          input: {
            conversationId: annsConversation,
            messages: ['hi', ''].map((content) => ({ role: 'USER', content })),
          },
        },
      }),
    ],
  ];

  it.each(CASES)('%s: %s', async (_what, field, operation) => {
    const { query, variables } = operation();
    const { errors } = await ann.send(query, variables);
    expect(errors).toMatchObject([
      { message: expect.stringMatching(/./), extensions: { code: 'BAD_USER_INPUT', field } },
    ]);
  });
});

describe('a variable that does not fit names the field', () => {
  const message = { role: 'USER', content: 'hi' };
  const CASES: [what: string, field: string, operation: Operation][] = [
    ['a number for a text', 'input.title', { query: CREATE, variables: { input: { title: 5 } } }],
    ['an enum value there is not', 'input.channel', { query: CREATE, variables: { input: { channel: 'SMOKE' } } }],
    ['a list for an input', 'input', { query: CREATE, variables: { input: [] } }],
    ['a missing variable', 'id', { query: DELETE }],
    ['null for what is required', 'id', { query: DELETE, variables: { id: null } }],
    ['an object for an id', 'id', { query: DELETE, variables: { id: {} } }],
    ['a missing field', 'input.conversationId', { query: ADD, variables: { input: message } }],
    ['a field there is not', 'input.nope', { query: CREATE, variables: { input: { nope: 1 } } }],
    [
      'a field in a list',
      'input.messages.1.content',
      {
        query: ADD_MANY,
        variables: { input: { conversationId: 'x', messages: [message, { ...message, content: 7 }] } },
      },
    ],
    [
      'a text that looks like the end of the message',
      'input.tokensInput',
      { query: ADD, variables: { input: { ...message, conversationId: 'x', tokensInput: ' at "input.content"; ' } } },
    ],
  ];

  it.each(CASES)('%s: %s', async (_what, field, { query, variables }) => {
    for (let use = 0; use < 4; use += 1) {
      const { errors } = await ann.send(query, variables);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field } }]);
    }
  });

  it('which a query shows as well as a mutation, compiled or not', async () => {
    for (let use = 0; use < 4; use += 1) {
      const { errors } = await ann.send(PAGE, { first: 'ten' });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'first' } }]);
    }
  });
});

it('an id of another type is called by its type, with its article', async () => {
  const sentence = async (query: string) => (await ann.send(query)).errors?.[0]?.message;
  expect(await sentence(`{ episode(id: "${globalId('Conversation')}") { id } }`)).toBe(
    'This is the id of a Conversation; give that of an Episode.',
  );
  expect(await sentence(`{ conversation(id: "${globalId('Episode')}") { id } }`)).toBe(
    'This is the id of an Episode; give that of a Conversation.',
  );
  expect(await sentence(`{ conversation(id: "${globalId('User')}") { id } }`)).toContain('the id of a User;');
});

describe('what GraphQL itself refuses is BAD_USER_INPUT', () => {
  const DEEP = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
  const CASES: [what: string, body: string][] = [
    ['an Int beyond 32 bits', JSON.stringify({ query: PAGE, variables: { first: 2 ** 31 } })],
    ['an Int with a fraction', JSON.stringify({ query: PAGE, variables: { first: 1.5 } })],
    ['a number beyond doubles', JSON.stringify({ query: PAGE, variables: { first: 0 } }).replace(':0', ':1e400')],
    [
      'free JSON five thousand levels deep',
      JSON.stringify({ query: CREATE, variables: { input: { metadata: 0 } } }).replace(':0', `:${DEEP}`),
    ],
    ['a text for a number', JSON.stringify({ query: PAGE, variables: { first: '1' } })],
    ['an object for an id', JSON.stringify({ query: DELETE, variables: { id: {} } })],
    ['a missing variable', JSON.stringify({ query: DELETE })],
    ['null for what is required', JSON.stringify({ query: DELETE, variables: { id: null } })],
    ['an enum value there is not', JSON.stringify({ query: CREATE, variables: { input: { channel: 'SMOKE' } } })],
    ['a field there is not', JSON.stringify({ query: CREATE, variables: { input: { nope: 1 } } })],
    ['the year 0', JSON.stringify({ query: '{ auditLog(since: "0000-01-01T00:00:00Z") { totalCount } }' })],
    ['a day there is not', JSON.stringify({ query: '{ auditLog(since: "2026-02-30T00:00:00Z") { totalCount } }' })],
    [
      'a null that comes to a required argument by a variable',
      JSON.stringify({ query: NULLED, variables: { ids: null } }),
    ],
  ];

  it.each(CASES)('%s', async (_what, body) => {
    const { json } = await postGraphql(app.parley.url, body, bearer(ADMIN_KEY));
    expect(json.errors).toMatchObject([{ message: expect.any(String), extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

describe("somebody else's things are as if they were not there", () => {
  const CASES: [what: string, operation: () => Operation][] = [
    ['deleting a conversation', () => ({ query: DELETE, variables: { id: annsConversation } })],
    [
      'adding a message',
      () => ({ query: ADD, variables: { input: { conversationId: annsConversation, role: 'USER', content: 'hi' } } }),
    ],
    ['a conversation about an episode', () => ({ query: CREATE, variables: { input: { episodeId: annsEpisode } } })],
  ];

  it.each(CASES)('%s', async (_what, operation) => {
    const { query, variables } = operation();
    const missing = JSON.stringify(variables)
      .replaceAll(annsConversation, globalId('Conversation'))
      .replaceAll(annsEpisode, globalId('Episode'));
    const [theirs, nobodys] = [await bob.send(query, variables), await bob.send(query, JSON.parse(missing))];
    expect(theirs.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect(theirs.errors).toEqual(nobodys.errors);
  });
});

describe('the status over HTTP', () => {
  const statusOf = async (query: string, headers: Record<string, string>) =>
    (await postGraphql(app.parley.url, { query }, headers)).status;
  const NEWER = { accept: 'application/graphql-response+json' };

  it.each([
    ['no key', '{ viewer { id } }', {}, 401],
    ['a wrong key', '{ viewer { id } }', bearer('prl_x'), 401],
    ['a domain error in a part of the answer', '{ node(id: "x") { id } }', bearer(ADMIN_KEY), 200],
    ['a syntax error, for the older type', '{', bearer(ADMIN_KEY), 200],
    ['a syntax error, for the newer type', '{', { ...bearer(ADMIN_KEY), ...NEWER }, 400],
    [
      'an unknown operation, for the newer type',
      'query A { __typename } query B { __typename }',
      { ...bearer(ADMIN_KEY), ...NEWER },
      400,
    ],
  ])('for %s', async (_what, query, headers, status) => {
    expect(await statusOf(query, headers as Record<string, string>)).toBe(status);
  });

  it('for a key without the scope is 403', async () => {
    const writer = await app.user({ scopes: ['WRITE'] });
    expect(await statusOf('{ viewer { id } }', bearer(writer.key))).toBe(403);
  });
});

describe('what goes wrong on our side', () => {
  beforeAll(() => sql(app.database, 'ALTER TABLE feedback RENAME TO gone'));

  const query = `query ($id: ID!) { viewer { username } broken: node(id: $id) { id } }`;
  const operation = { query, variables: { id: globalId('Feedback') } };

  it.each(EVERY_TRANSPORT)('is masked by %s, placed, and logged under its request', async (_door, send) => {
    const { data, errors } = await send(app.parley.url, ADMIN_KEY, operation);
    expect(data).toEqual({ viewer: { username: 'admin' }, broken: null });
    expect(errors).toEqual([
      {
        message: 'Something went wrong on our side; it is logged under this request id.',
        locations: [{ line: 1, column: 40 }],
        path: ['broken'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) },
      },
    ]);
    const line = await app.parley.waitForLog(({ requestId }) => requestId === errors?.[0]?.extensions.requestId);
    expect(line).toMatchObject({ level: 50, err: { message: expect.stringContaining('feedback') } });
  });

  it('has the id that the client gave its request', async () => {
    const { json, headers } = await postGraphql(app.parley.url, operation, {
      ...bearer(ADMIN_KEY),
      'x-request-id': 'my-request',
    });
    expect(json.errors).toMatchObject([{ extensions: { requestId: 'my-request' } }]);
    expect(headers['x-request-id']).toBe('my-request');
  });
});
