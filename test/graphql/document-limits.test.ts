import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { text } from 'node:stream/consumers';
import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { connect } from '../support/graphql-socket.ts';
import { bearer, httpRequest, postGraphql } from '../support/http.ts';
import { ADMIN_KEY } from '../support/parley.ts';
import { startStopwatch } from '../support/stopwatch.ts';
import { EVERY_TRANSPORT, type Operation, type Transport } from '../support/transports.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();
const key = bearer(ADMIN_KEY);

const repeat = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');

const NOTHING = Buffer.from('Message:01234567-89ab-7def-8123-456789abcdef').toString('base64url');

/** `{ node { … on Message { conversation { lastMessage { … id } } } } }`, so many levels deep. */
function levels(depth: number): string {
  const [odd, even] = ['conversation', 'lastMessage'];
  const inside = Array.from({ length: depth - 2 }, (_, index) => (index % 2 === 0 ? odd : even));
  return `{ node(id: "${NOTHING}") { ... on Message { ${inside.join(' { ')} { id } ${'} '.repeat(inside.length - 1)} } } }`;
}

const pages = (size: number) =>
  `{ conversations(first: ${size}) { edges { node { messages(first: ${size}) { edges { node { id } } } } } } }`;
const PAGES = `query ($size: Int) { conversations(first: $size) { edges { node { messages(first: $size) { edges { node { id } } } } } } }`;
const PAGES_BY_DEFAULT = PAGES.replace('$size: Int', '$size: Int = 100');
const FRAGMENTS = (count: number) =>
  `{ ...A ...A } fragment A on Query { ${repeat(count / 2, (index) => `a${index}: __typename`)} }`;

type Case = [what: string, limit: number, actual: number, operation: Operation];

const TOO_MUCH: Case[] = [
  ['tokens', 1_000, 1_001, { query: `{ ${'__typename '.repeat(999)}}` }],
  ['levels of fields', 10, 11, { query: levels(11) }],
  ['aliases', 15, 16, { query: `{ ${repeat(16, (index) => `a${index}: __typename`)} }` }],
  ['aliases', 15, 16, { query: FRAGMENTS(16) }],
  ['aliases', 15, 16, { query: `{ __schema { ${repeat(16, (index) => `a${index}: types { name }`)} } }` }],
  ['directives', 5, 6, { query: `{ __typename ${repeat(6, () => '... @include(if: true) { __typename }')} }` }],
  ['fields', 200, 201, { query: `{ viewer { ${'id '.repeat(200)} } }` }],
  ['points of cost (fields times page sizes)', 20_000, 20_201, { query: pages(100) }],
  ['points of cost (fields times page sizes)', 20_000, 20_201, { query: PAGES, variables: { size: 100 } }],
  ['points of cost (fields times page sizes)', 20_000, 20_201, { query: PAGES_BY_DEFAULT }],
];

const FIELDS = `fragment Reference on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }
  fragment Fields on __Type { fields { name args { name type { ...Reference } } type { ...Reference } } }`;
const TYPES = repeat(7, (index) => `a${index}: types { ...Fields }`);

const INTROSPECTED = { limited: 'fields of introspection', limit: 50_000 };
const INTROSPECTED_AT_ONCE = {
  limited: 'fields of introspection of one type, or outside the list of types',
  limit: 5_000,
};
const NESTED = 'fields { args { type { ofType { inputFields { type { ...Reference } } } } } type { ...Fields } }';

const TOO_MUCH_INTROSPECTION: [how: string, query: string, extensions: object][] = [
  ['of the same types under many names', `{ __schema { ${TYPES} } } ${FIELDS}`, INTROSPECTED],
  [
    'under many names',
    `{ ${repeat(7, (index) => `a${index}: __schema { types { ...Fields } }`)} } ${FIELDS}`,
    INTROSPECTED,
  ],
  [
    'beside data',
    `{ viewer { id } ...Schema } fragment Schema on Query { __schema { ${TYPES} } } ${FIELDS}`,
    INTROSPECTED,
  ],
  [
    'of one type under many names',
    `{ ${repeat(7, (index) => `a${index}: __type(name: "Query") { ...Fields }`)} } ${FIELDS}`,
    INTROSPECTED_AT_ONCE,
  ],
  [
    'of types within a type',
    `{ __schema { mutationType { ${repeat(5, (index) => `a${index}: ${NESTED}`)} } } } ${FIELDS}`,
    INTROSPECTED_AT_ONCE,
  ],
];

const ALLOWED: [string, Operation][] = [
  ['1,000 tokens', { query: `{ jobs(filter: { statuses: [${'QUEUED '.repeat(984)}] }) { totalCount } }` }],
  ['10 levels', { query: levels(10) }],
  ['15 aliases', { query: `{ ${repeat(15, (index) => `a${index}: __typename`)} }` }],
  ['5 directives', { query: `{ __typename ${repeat(5, () => '... @include(if: true) { __typename }')} }` }],
  ['200 fields', { query: `{ viewer { ${'id '.repeat(199)} } }` }],
  ['pages of pages within the cost', { query: PAGES, variables: { size: 40 } }],
];

describe.each(EVERY_TRANSPORT)('by %s', (_door, send: Transport) => {
  it.each(TOO_MUCH)('more %s than %i are refused, saying that it was %i', async (limited, limit, actual, operation) => {
    const { data, errors } = await send(app.parley.url, ADMIN_KEY, operation);
    expect(data).toBeUndefined();
    const [error] = errors?.filter(({ extensions }) => extensions.code === 'LIMIT_EXCEEDED') ?? [];
    expect(error?.extensions).toEqual({ code: 'LIMIT_EXCEEDED', limited, limit, actual });
  });

  it.each(ALLOWED)('%s are answered', async (_what, operation) => {
    const { errors } = await send(app.parley.url, ADMIN_KEY, operation);
    expect(errors).toBeUndefined();
  });

  it('fragments that spread each other are refused for that', async () => {
    const query = '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }';
    const { errors } = await send(app.parley.url, ADMIN_KEY, { query });
    expect(errors).toMatchObject([
      { message: expect.stringContaining('within itself'), extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });

  it('fragments that double each other are counted without being spread', async () => {
    const doubling = repeat(30, (index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`);
    const query = `{ ...F0 } ${doubling} fragment F30 on Query { __typename }`;
    const { errors } = await send(app.parley.url, ADMIN_KEY, { query });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'LIMIT_EXCEEDED', limited: 'fields', actual: 2 ** 30 });
  });

  it.each(TOO_MUCH_INTROSPECTION)(
    'introspection %s is refused before it is answered',
    async (_how, query, extensions) => {
      const { data, errors } = await send(app.parley.url, ADMIN_KEY, { query });
      expect(data).toBeFalsy();
      expect(errors).toMatchObject([
        {
          message: expect.stringContaining('this one has more. Ask for less at once.'),
          extensions: { code: 'LIMIT_EXCEEDED', ...extensions },
        },
      ]);
    },
  );

  it('the whole introspection of GraphiQL is answered', async () => {
    const query = getIntrospectionQuery({
      inputValueDeprecation: true,
      schemaDescription: true,
      specifiedByUrl: true,
      oneOf: true,
    });
    const { data, errors } = await send(app.parley.url, ADMIN_KEY, { query });
    expect(errors).toBeUndefined();
    expect(data.__schema.types.length).toBeGreaterThan(50);
  });
});

describe('a body', () => {
  const MAX = 256 * 1024;
  const bodyOf = (bytes: number) => {
    const [before, after] = ['{"query":"{__typename}","extensions":{"x":"', '"}}'];
    return before + 'x'.repeat(bytes - before.length - after.length) + after;
  };

  it.each(['application/json', 'text/event-stream'])('of 256 KiB is taken, for %s', async (accept) => {
    expect((await postGraphql(app.parley.url, bodyOf(MAX), { ...key, accept })).status).toBe(200);
  });

  it.each(['application/json', 'text/event-stream'])('of a byte more is refused, for %s', async (accept) => {
    const { status, json } = await postGraphql(app.parley.url, bodyOf(MAX + 1), { ...key, accept });
    expect(status).toBe(413);
    expect(json.errors).toMatchObject([
      { extensions: { code: 'LIMIT_EXCEEDED', limited: 'bytes', limit: MAX, actual: MAX + 1 } },
    ]);
  });

  it('that does not say its length is refused while it comes', async () => {
    const chunk = new TextEncoder().encode('x'.repeat(64 * 1024));
    const body = new ReadableStream({ pull: (controller) => controller.enqueue(chunk) });
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...key },
      body,
      duplex: 'half',
    } as RequestInit;
    const response = await fetch(`${app.parley.url}/graphql`, init);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'LIMIT_EXCEEDED', limit: MAX } }] });
  });

  it('of a batch is refused', async () => {
    const { status, json } = await postGraphql(app.parley.url, [{ query: '{ __typename }' }], key);
    expect({ status, code: json.errors[0].extensions.code }).toEqual({ status: 400, code: 'BAD_USER_INPUT' });
  });
});

describe('a client that dawdles', () => {
  const slowly = async (start: string) => {
    const { port } = new URL(app.parley.url);
    const socket = connectTcp(Number(port), '127.0.0.1');
    socket.on('error', () => {});
    const startedAt = performance.now();
    const elapsedMs = startStopwatch(app.parley);
    await once(socket, 'connect');
    socket.write(start);
    const answer = await text(socket);
    return { answer, seconds: (performance.now() - startedAt) / 1000, secondsWithCpu: elapsedMs() / 1000 };
  };

  it('over its headers is cut after 5 s', async () => {
    const { answer, seconds, secondsWithCpu } = await slowly('POST /graphql HTTP/1.1\r\nhost: x\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(seconds).toBeGreaterThan(4.5);
    expect(secondsWithCpu).toBeLessThan(8);
  });

  it('over its body is refused after 10 s, and cut', async () => {
    const head = `POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${ADMIN_KEY}\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{`;
    const { answer, seconds, secondsWithCpu } = await slowly(head);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('BAD_USER_INPUT');
    expect(seconds).toBeGreaterThan(9.5);
    expect(secondsWithCpu).toBeLessThan(16);
  });
});

describe('a WebSocket', () => {
  const MAX_FRAME = 128 * 1024;
  const frameOf = (bytes: number) => {
    const [before, after] = ['{"type":"ping","payload":{"x":"', '"}}'];
    return before + 'x'.repeat(bytes - before.length - after.length) + after;
  };

  it('takes a message of 128 KiB', async () => {
    const socket = await connect(app.parley.url, key);
    socket.send(frameOf(MAX_FRAME));
    await socket.waitFor(({ type }) => type === 'pong');
    await socket.close();
  });

  it('is closed with 1009 by a byte more', async () => {
    const socket = await connect(app.parley.url, key);
    socket.send(frameOf(MAX_FRAME + 1));
    expect((await socket.closed).code).toBe(1009);
    expect(app.parley.output).toEqual([]);
  });

  it('runs 100 operations at once; one more is refused, and there is room again when one ends', async () => {
    const socket = await connect(app.parley.url, key);
    for (let id = 1; id <= 100; id += 1) {
      socket.send({ type: 'subscribe', id: `${id}`, payload: { query: 'subscription { healthChanged { status } }' } });
      await socket.waitFor((message) => message.id === `${id}` && message.type === 'next');
    }
    const refused = await socket.run({ query: '{ __typename }' });
    expect(refused.errors).toMatchObject([
      { extensions: { code: 'LIMIT_EXCEEDED', limited: 'operations at once', limit: 100, actual: 101 } },
    ]);
    socket.send({ type: 'complete', id: '1' });
    expect(await socket.run({ query: '{ __typename }' })).toEqual({ data: { __typename: 'Query' } });
    await socket.close();
  });
});

it('what a limit refuses is 400 over HTTP, for clients of either type', async () => {
  for (const accept of ['application/json', 'application/graphql-response+json']) {
    const { status } = await httpRequest(`${app.parley.url}/graphql?query=${encodeURIComponent(levels(11))}`, {
      headers: { ...key, accept },
    });
    expect(status).toBe(400);
  }
});
