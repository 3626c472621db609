import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeConversation } from '../support/fixtures.ts';
import { AddMessage, SuspendUser } from '../support/operations.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

const NAMES = ['Zoe', 'adam', 'Adam.Levi', 'b_one', 'b-two', 'B0B', 'carol@example.org', 'dan+1'];
const LIST = `query ($filter: UserFilter, $orderBy: UserOrder, $first: Int, $last: Int, $after: String, $before: String) {
  users(filter: $filter, orderBy: $orderBy, first: $first, last: $last, after: $after, before: $before) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { node { id username role createdAt lastLoginAt suspendedAt suspendedReason usage { conversations messages } } }
  }
}`;
type Variables = Record<string, unknown>;
const list = async (variables: Variables = {}) => (await app.admin.ask(LIST, variables)).users;
const rowId = (globalId: string) => Buffer.from(globalId, 'base64url').toString().split(':')[1];
const namesOf = ({ edges }: any): string[] => edges.map(({ node }: any) => node.username);

/** The usernames as pages of three have them, from the beginning and from the end. */
async function bothWays(variables: Variables): Promise<[string[], string[]]> {
  const [forward, backward]: [string[], string[]] = [[], []];
  for (let after: string | null = null, more = true; more; ) {
    const page = await list({ ...variables, first: 3, after });
    forward.push(...namesOf(page));
    ({ endCursor: after, hasNextPage: more } = page.pageInfo);
  }
  for (let before: string | null = null, more = true; more; ) {
    const page = await list({ ...variables, last: 3, before });
    backward.unshift(...namesOf(page));
    ({ startCursor: before, hasPreviousPage: more } = page.pageInfo);
  }
  return [forward, backward];
}

beforeAll(async () => {
  for (const username of NAMES)
    await app.admin.ask(
      'mutation ($input: CreateUserInput!) { createUser(input: $input) { userEdge { cursor node { id } } } }',
      { input: { username, role: username === 'Zoe' ? 'ADMIN' : 'USER' } },
    );
});

describe('the list of users', () => {
  it.each([
    ['CREATED_DESC', [...NAMES.toReversed(), 'admin']],
    ['CREATED_ASC', ['admin', ...NAMES]],
    ['USERNAME_ASC', ['adam', 'Adam.Levi', 'admin', 'b-two', 'B0B', 'b_one', 'carol@example.org', 'dan+1', 'Zoe']],
  ])('has each user once, by %s', async (orderBy, names) => {
    const page = await list({ orderBy, first: 100 });
    expect(namesOf(page)).toEqual(names);
    expect(page.totalCount).toBe(names.length);
    expect(await bothWays({ orderBy })).toEqual([names, names]);
  });

  it.each([
    [{ usernameContains: 'ADAM' }, ['adam', 'Adam.Levi']],
    [{ usernameContains: '_' }, ['b_one']],
    [{ usernameContains: '%' }, []],
    [{ usernameContains: 'שלום' }, []],
    [
      { usernameContains: ' ' },
      ['adam', 'Adam.Levi', 'admin', 'b-two', 'B0B', 'b_one', 'carol@example.org', 'dan+1', 'Zoe'],
    ],
    [{ role: 'ADMIN' }, ['admin', 'Zoe']],
    [{ role: 'USER', usernameContains: 'ad' }, ['adam', 'Adam.Levi']],
  ])('filters by %o', async (filter, names) => {
    const page = await list({ filter, orderBy: 'USERNAME_ASC', first: 100 });
    expect(namesOf(page)).toEqual(names);
    expect(page.totalCount).toBe(names.length);
  });

  it('shows who is suspended, since when and why', async () => {
    const { edges } = await list({ filter: { usernameContains: 'dan+1' } });
    await app.admin.ask(SuspendUser, { input: { userId: edges[0].node.id, reason: 'unpaid' } });
    const suspended = await list({ filter: { suspended: true } });
    expect(suspended.edges).toMatchObject([
      { node: { username: 'dan+1', suspendedAt: expect.any(String), suspendedReason: 'unpaid' } },
    ]);
    expect(namesOf(await list({ filter: { suspended: false }, first: 100 }))).not.toContain('dan+1');
  });

  it('shows what each user has, to each page alike', async () => {
    const ann = await app.user();
    await makeConversation(ann, 2);
    await makeConversation(ann, 3);
    const { edges } = await list({ first: 4 });
    expect(edges.map(({ node }: any) => node.usage)).toEqual([
      { conversations: 2, messages: 5 },
      ...Array(3).fill({ conversations: 0, messages: 0 }),
    ]);
    expect(edges[0].node.lastLoginAt).toEqual(expect.any(String));
  });

  it('counts what a user has added in a period, from a moment until before another', async () => {
    const [ann, hour] = [await app.user(), 3_600_000];
    const say = async (conversationId: string, content: string, tokensInput: number) =>
      ann.ask(AddMessage, { input: { conversationId, role: 'ASSISTANT', content, tokensInput } });
    const [old, recent] = [await makeConversation(ann), await makeConversation(ann)];
    await say(old, 'then', 5);
    await say(old, 'now', 7);
    await say(recent, 'now', 11);
    await sql(app.database, `UPDATE conversations SET created_at = now() - interval '2 hours' WHERE id = $1`, [
      rowId(old),
    ]);
    await sql(app.database, `UPDATE messages SET created_at = now() - interval '1 hour' WHERE content = 'then'`);
    const USAGE = `query ($name: String!, $since: DateTime, $until: DateTime) {
      user(username: $name) { usage(since: $since, until: $until) { conversations messages tokensInput } } }`;
    const at = (ms: number) => new Date(Date.now() + ms).toISOString();
    const usage = async (since?: number, until?: number) => {
      const period = {
        ...(since !== undefined && { since: at(since) }),
        ...(until !== undefined && { until: at(until) }),
      };
      return (await app.admin.ask(USAGE, { name: ann.username, ...period })).user.usage;
    };
    expect(await usage()).toEqual({ conversations: 2, messages: 3, tokensInput: 23 });
    expect(await usage(-3 * hour)).toEqual({ conversations: 2, messages: 3, tokensInput: 23 });
    expect(await usage(-hour / 2)).toEqual({ conversations: 1, messages: 2, tokensInput: 18 });
    expect(await usage(undefined, -hour / 2)).toEqual({ conversations: 1, messages: 1, tokensInput: 5 });
    expect(await usage(-1.5 * hour, -hour / 2)).toEqual({ conversations: 0, messages: 1, tokensInput: 5 });
    expect(await usage(hour)).toEqual({ conversations: 0, messages: 0, tokensInput: 0 });
  });

  it.each([
    ['filter.usernameContains', { filter: { usernameContains: 'x'.repeat(65) } }],
    ['filter.usernameContains', { filter: { usernameContains: 'a\0' } }],
    ['after', { after: 'x' }],
  ])('refuses a bad %s', async (field, variables) => {
    const { errors } = await app.admin.send(LIST, variables);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field } }]);
  });
});

describe('pages of 100,000 users', () => {
  beforeAll(async () => {
    await sql(
      app.database,
      `INSERT INTO users (id, username, role, created_at, suspended_at)
       SELECT gen_random_uuid(), 'many-' || n, CASE n % 10000 WHEN 0 THEN 'ADMIN' ELSE 'USER' END::role,
         now() - n * interval '1 minute', CASE n % 20000 WHEN 7 THEN now() END FROM generate_series(1, 100000) n`,
    );
    await sql(app.database, 'ANALYZE users');
  }, 60_000);

  it.each([
    ['CREATED_DESC', 'true'],
    ['CREATED_ASC', 'true'],
    ['USERNAME_ASC', 'true'],
    ['CREATED_DESC', "u.role = 'ADMIN'"],
    ['CREATED_DESC', 'u.suspended_at IS NOT NULL'],
  ])('are read from an index, by %s where %s', async (orderBy, condition) => {
    const order =
      orderBy === 'USERNAME_ASC'
        ? 'lower(u.username COLLATE "C"), u.id'
        : `u.created_at ${orderBy.slice(8)}, u.id ${orderBy.slice(8)}`;
    const plan = await sql<{ 'QUERY PLAN': string }>(
      app.database,
      `EXPLAIN SELECT * FROM users u WHERE ${condition} ORDER BY ${order} LIMIT 51`,
    );
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).not.toMatch(/Seq Scan|Sort/);
  });

  it('of rare users are complete', async () => {
    const page = await list({ filter: { suspended: true, usernameContains: 'many' }, first: 100 });
    expect(page.totalCount).toBe(5);
    expect((await list({ filter: { role: 'ADMIN', usernameContains: `many-${randomUUID()}` } })).totalCount).toBe(0);
  });
});
