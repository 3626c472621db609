import { getIntrospectionQuery } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeConversation, makeEpisode } from '../support/fixtures.ts';
import { bearer, httpRequest, postGraphql } from '../support/http.ts';
import { ADMIN_KEY, type User } from '../support/parley.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();
let ann: User;

beforeAll(async () => {
  ann = await app.user();
});

/** The points that a request took. */
async function pointsOf(variables: unknown, query = SIZED): Promise<number> {
  const [before, after] = [await left({ query: '{ __typename }' }), await left({ query, variables })];
  return before - after;
}

async function left(operation: unknown): Promise<number> {
  const { headers } = await postGraphql(app.parley.url, operation, bearer(ann.key));
  return Number(/r=(\d+)/.exec(String(headers.ratelimit))?.[1]);
}

const SIZED =
  'query ($n: Int = 0) { conversations(first: $n) { edges { cursor node { messages(first: 100) { edges { cursor } } } } } }';

describe('the cost of an operation', () => {
  it('is that of its variables as they are coerced: null is no default', async () => {
    expect(await pointsOf({})).toBe(1);
    expect(await pointsOf({ n: 0 })).toBe(1);
    const dear = await pointsOf({ n: 20 });
    expect(dear).toBeGreaterThan(20);
    for (let again = 0; again < 3; again += 1) {
      expect(await pointsOf({ n: null })).toBe(dear);
      expect(await pointsOf({})).toBe(1);
    }
  });

  it('is that of the operation that is named', async () => {
    const query = `query A { viewer { id } } query B { conversations(first: 100) { edges { node { id title createdAt } } } }`;
    const points = async (operationName: string) => {
      const [before, after] = [await left({ query: '{ __typename }' }), await left({ query, operationName })];
      return before - after;
    };
    for (let again = 0; again < 2; again += 1) expect([await points('A'), await points('B')]).toEqual([1, 9]);
  });

  it('of ids is that of their number', async () => {
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on User { username role createdAt } } }';
    const ids = (count: number) => ({ ids: Array(count).fill(ann.id) });
    expect(await pointsOf(ids(1), query)).toBe(1);
    expect(await pointsOf(ids(100), query)).toBeGreaterThan(5);
  });

  it.each(['searchMessages', 'searchMemories', 'searchTranscripts'])(
    'of %s is ten points for each search',
    async (field) => {
      const searches = (count: number) =>
        Array.from({ length: count }, (_, index) => `s${index}: ${field}(query: "q${index}", first: 1) { found }`).join(
          ' ',
        );
      expect(await pointsOf({}, `{ ${searches(1)} }`)).toBe(11);
      expect(await pointsOf({}, `{ ${searches(5)} }`)).toBe(51);
    },
  );

  it('is that of its text, until the text is known to be valid', async () => {
    const long = (query: string) => `${query} # ${'x'.repeat(256 * 30)}`;
    for (const points of [31, 1, 1]) expect(await pointsOf({}, long('{ viewer { id } }'))).toBe(points);
    for (const points of [31, 31]) expect(await pointsOf({}, long('{ viewer { nothingLikeThis } }'))).toBe(points);
  });

  it('of introspection is that of the fields in its answer, also if it is refused', async () => {
    const whole = await pointsOf({}, getIntrospectionQuery());
    expect(whole).toBeGreaterThan(80);
    expect(whole).toBeLessThan(200);
    expect(
      await pointsOf({ name: 'Message' }, 'query ($name: String!) { __type(name: $name) { fields { name } } }'),
    ).toBe(1);
    const names = Array.from({ length: 14 }, (_, index) => `a${index}: types { ...All }`);
    const tooMuch = `{ __schema { ${names.join(' ')} } } fragment All on __Type { fields { name args { name } type { name } } }`;
    expect(await pointsOf({}, tooMuch)).toBe(251);
  });

  it('of introspection is that of the defaults of variables that are not given', async () => {
    const type = '__type(name: $name) { kind fields { name } }';
    const answer = await ann.ask(`query ($name: String! = "Message") { ${type} }`);
    expect(answer).toMatchObject({ __type: { kind: 'OBJECT' } });
    expect(await ann.ask(`query ($name: String = "Message") { ${type} }`, {})).toEqual(answer);
    const { errors } = await ann.send(`query ($name: String! = "Message") { ${type} }`, { name: 5 });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

describe('a page as front ends show it is one operation', () => {
  const CITATION =
    'quote startSeconds endSeconds segment { id index text speaker startSeconds endSeconds } memory { id content }';
  const MESSAGE = `id sequence role content status createdAt sentAt model latencyMs tokensInput tokensOutput citations { ${CITATION} }`;
  const CLIP =
    'id title startSeconds endSeconds durationSeconds score genre platform status createdAt features averageRating';
  const page = (fields: string) => `pageInfo { hasNextPage endCursor } edges { cursor node { ${fields} } }`;
  let conversationId: string;

  /** As a worker leaves it: half of the messages are replies, with three citations each. */
  async function fillPages(): Promise<void> {
    conversationId = await makeConversation(ann, 100);
    for (let count = 1; count < 20; count += 1) await makeConversation(ann, 20);
    await makeEpisode(ann);
    await sql(
      app.database,
      `UPDATE messages m SET role = 'ASSISTANT', citations = (SELECT jsonb_agg(jsonb_build_object(
  'quote', s.text, 'segmentId', s.id, 'memoryId', NULL, 'startSeconds', s.start_seconds, 'endSeconds', s.end_seconds))
FROM (SELECT * FROM transcript_segments ORDER BY index LIMIT 3) s) WHERE m.sequence % 2 = 0`,
    );
    await sql(
      app.database,
      `INSERT INTO episodes (id, owner_id, title, original_name, status)
SELECT gen_random_uuid(), e.owner_id, 'Episode ' || n, 'e.vtt', 'READY' FROM episodes e, generate_series(2, 50) n`,
    );
    await sql(
      app.database,
      `INSERT INTO clips (id, episode_id, owner_id, title, start_seconds, end_seconds, score, features, genre, platform)
SELECT gen_random_uuid(), e.id, e.owner_id, 'Clip ' || n, n, n + 20, 0.5, '{"hook": 0.5}', 'GENERAL', 'TIKTOK' FROM episodes e, generate_series(1, 20) n`,
    );
  }
  beforeAll(fillPages);

  const MAX_COST = 20_000;
  /** Letters of an answer whose bytes cost nothing beside it. */
  const SHORT_LENGTH = 256 * 1024;
  const PAGES: [what: string, query: () => string, count: (data: any) => number, items: number][] = [
    [
      'a chat of 100 messages with their citations',
      () => `{ conversation(id: "${conversationId}") { id title messages(last: 100) { ${page(MESSAGE)} } } }`,
      ({ conversation }) => conversation.messages.edges.flatMap(({ node }: any) => node.citations).length,
      150,
    ],
    [
      '50 episodes with 20 clips each',
      () =>
        `{ episodes(first: 50) { ${page(`id title status durationSeconds createdAt clips(first: 20) { ${page(CLIP)} }`)} } }`,
      ({ episodes }) => episodes.edges.flatMap(({ node }: any) => node.clips.edges).length,
      1_000,
    ],
    [
      '20 conversations with 20 messages each',
      () =>
        `{ conversations(first: 20) { ${page(`id title createdAt messages(last: 20) { ${page(`id sequence role content status createdAt citations { quote startSeconds segment { text } }`)} }`)} } }`,
      ({ conversations }) => conversations.edges.flatMap(({ node }: any) => node.messages.edges).length,
      400,
    ],
  ];

  it.each(PAGES)('%s', async (_what, query, count, items) => {
    const { json } = await postGraphql(
      app.parley.url,
      { query: query() },
      { ...bearer(ann.key), 'x-parley-cost': '1' },
    );
    expect(json.errors).toBeUndefined();
    expect(count(json.data)).toBe(items);
    expect(json.extensions.cost).toBeGreaterThan(items);
    expect(json.extensions.cost).toBeLessThanOrEqual(MAX_COST);
    const answer = JSON.stringify(json.data);
    const pointsOfBytes = answer.length > SHORT_LENGTH ? Math.floor(Buffer.byteLength(answer) / 65_536) : 0;
    expect(await pointsOf({}, query())).toBe(Math.ceil(json.extensions.cost / 50) + pointsOfBytes);
  });
});

describe('what an operation cost', () => {
  const ask = (query: string, headers: Record<string, string>) =>
    postGraphql(app.parley.url, { query }, { ...bearer(ann.key), ...headers });

  it('is in the answer where the client asks for it, and only there', async () => {
    const query = '{ conversations(first: 7) { edges { node { id title } } } }';
    expect((await ask(query, { 'x-parley-cost': '1' })).json.extensions).toEqual({ cost: 1 + 7 * 3 });
    for (const headers of [{}, { 'x-parley-cost': '0' }])
      expect((await ask(query, headers as Record<string, string>)).json).not.toHaveProperty('extensions');
  });

  it('is in the answer of a mutation, of one with errors, and in events', async () => {
    const headers = { 'x-parley-cost': '1' };
    const mutation = 'mutation { createConversation(input: {}) { conversation { id title } } }';
    expect((await ask(mutation, headers)).json.extensions).toEqual({ cost: 4 });
    const failing = await ask('mutation { deleteConversation(input: { conversationId: "x" }) { deletedId } }', headers);
    expect(failing.json).toMatchObject({ errors: [{}], extensions: { cost: 2 } });
    const { text } = await ask('{ viewer { username } }', { ...headers, accept: 'text/event-stream' });
    expect(text).toContain('"extensions":{"cost":2}');
  });
});

describe('what is kept between requests', () => {
  const metric = async (name: string) =>
    Number(
      new RegExp(`^${name} (\\d+)`, 'm').exec(
        (await httpRequest(`${app.parley.url}/metrics`, { headers: bearer(ADMIN_KEY) })).text,
      )?.[1],
    );
  const cached = () => metric('parley_document_cache_bytes');

  it('does not grow by documents that are wrong', async () => {
    const before = await cached();
    for (let index = 0; index < 20; index += 1) {
      const { json } = await postGraphql(
        app.parley.url,
        { query: `{ nope${index} ${'x '.repeat(400)} }` },
        bearer(ann.key),
      );
      expect(json.errors.length).toBeGreaterThan(0);
    }
    expect(await cached()).toBe(before);
  });

  it('is bounded by bytes for documents that are right', async () => {
    const fields = 'id title createdAt '.repeat(60);
    const send = (index: number) =>
      postGraphql(
        app.parley.url,
        { query: `query Q${index} { conversations { edges { node { ${fields} } } } }` },
        bearer(ann.key),
      );
    // 45 MB, as they are counted.
    for (let from = 0; from < 300; from += 50)
      await Promise.all(Array.from({ length: 50 }, (_, index) => send(from + index)));
    const bytes = await cached();
    expect(bytes).toBeGreaterThan(8 * 2 ** 20);
    expect(bytes).toBeLessThanOrEqual(16 * 2 ** 20);
  });

  it('does not grow by variables that no operation declares', async () => {
    const { url } = await app.start('server', { NODE_OPTIONS: '--max-old-space-size=192' });
    const send = (document: number, index: number) =>
      postGraphql(
        url,
        { query: `{ __typename } # ${document}`, variables: { [`v${index}${'x'.repeat(240_000)}`]: index } },
        bearer(ann.key),
      );
    // 200 MB, more than all of its memory.
    for (let index = 0; index < 140; index += 1) {
      const answers = await Promise.all(Array.from({ length: 6 }, (_, document) => send(document, index)));
      expect(answers.every(({ status }) => status === 200)).toBe(true);
    }
  });
});
