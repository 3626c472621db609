import { beforeAll, describe, expect, it } from 'vitest';
import { bearer, httpRequest, postGraphql } from '../support/http.ts';
import { ADMIN_KEY, type User } from '../support/parley.ts';
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
    for (let from = 0; from < 1_500; from += 50)
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
    for (let index = 0; index < 200; index += 1) {
      const answers = await Promise.all(Array.from({ length: 6 }, (_, document) => send(document, index)));
      expect(answers.every(({ status }) => status === 200)).toBe(true);
    }
  });
});
