import { beforeAll, describe, expect, it } from 'vitest';
import { type Client, clientOf } from '../support/client.ts';
import { makeConversation } from '../support/fixtures.ts';
import { connect, openSocket } from '../support/graphql-socket.ts';
import { bearer } from '../support/http.ts';
import { ADMIN_KEY } from '../support/parley.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { type App, useParley } from '../support/use-parley.ts';

const app = useParley();

const CREATE_USER =
  'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id username displayName email role } } }';
const VIEWER = '{ viewer { id username role } }';
const codes = (answer: Awaited<ReturnType<Client['send']>>) => answer.errors?.map(({ extensions }) => extensions.code);

describe('a new user', () => {
  it('is as the ADMIN says', async () => {
    const input = { username: 'ruth', displayName: 'רות 🌸', email: 'ruth@example.org', role: 'USER' };
    const { createUser } = await app.admin.ask(CREATE_USER, { input });
    expect(createUser.user).toEqual({ id: expect.any(String), ...input });
    expect((await app.admin.ask('{ user(username: "ruth") { id } }')).user.id).toBe(createUser.user.id);
  });

  it('cannot take a name that is taken', async () => {
    const { username } = await app.user();
    const { data, errors } = await app.admin.send(CREATE_USER, { input: { username } });
    expect(data).toEqual({ createUser: null });
    expect(errors).toMatchObject([{ path: ['createUser'], extensions: { code: 'CONFLICT', username } }]);
  });

  it('gets a name once, however many ask for it at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => app.admin.send(CREATE_USER, { input: { username: 'crowd' } })),
    );
    expect(answers.flatMap((answer) => codes(answer) ?? ['made']).sort()).toEqual([
      ...Array(9).fill('CONFLICT'),
      'made',
    ]);
  });

  it.each([
    ['input.username', { username: '' }],
    ['input.username', { username: 'two words' }],
    ['input.username', { username: '.hidden' }],
    ['input.username', { username: 'x'.repeat(65) }],
    ['input.username', { username: 'a\0b' }],
    ['input.email', { username: 'fine', email: 'nowhere' }],
    ['input.email', { username: 'fine', email: '' }],
    ['input.displayName', { username: 'fine', displayName: 'a\0b' }],
    ['input.displayName', { username: 'fine', displayName: 'x'.repeat(201) }],
  ])('has a good %s: not %o', async (field, input) => {
    const { errors } = await app.admin.send(CREATE_USER, { input });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field } }]);
  });
});

describe('updateViewer', () => {
  const UPDATE = `mutation ($input: UpdateViewerInput!) {
    updateViewer(input: $input) { viewer { username displayName email role } } }`;

  it('changes what is given of the viewer alone, and clears what is null', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const update = async (input: object) => (await ann.ask(UPDATE, { input })).updateViewer.viewer;
    expect(await update({ displayName: 'דנה כהן', email: 'dana@example.com' })).toEqual({
      username: ann.username,
      displayName: 'דנה כהן',
      email: 'dana@example.com',
      role: 'USER',
    });
    expect(await update({ email: null })).toMatchObject({ displayName: 'דנה כהן', email: null });
    expect((await ann.ask('{ viewer { displayName } }')).viewer.displayName).toBe('דנה כהן');
    expect((await bob.ask('{ viewer { displayName } }')).viewer.displayName).not.toBe('דנה כהן');
  });

  it.each([
    ['displayName', ''],
    ['displayName', 'x'.repeat(201)],
    ['email', 'nowhere'],
  ])('refuses the %s %j', async (field, value) => {
    const ann = await app.user();
    const { errors } = await ann.send(UPDATE, { input: { [field]: value } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: `input.${field}` } }]);
  });
});

describe('what is for ADMINs takes a user who is one, and a key with the scope', () => {
  const ALL = ['READ', 'WRITE', 'ADMIN'];
  const ASKERS: [what: string, asker: (app: App) => Promise<Client>, allowed: boolean][] = [
    ['an ADMIN with the scope', () => app.user({ role: 'ADMIN', scopes: ALL }), true],
    ['an ADMIN whose key lacks the scope', () => app.user({ role: 'ADMIN' }), false],
    ['a USER whose key has the scope', () => app.user({ scopes: ALL }), false],
    ['a USER', () => app.user(), false],
  ];
  let spare: { id: string };
  beforeAll(async () => {
    spare = await app.user();
  });
  const OPERATIONS = {
    createUser: (name: string) => `mutation { createUser(input: { username: "${name}" }) { user { id } } }`,
    auditLog: () => '{ auditLog(first: 1) { totalCount } }',
    user: () => '{ user(username: "admin") { id } }',
    users: () => '{ users(first: 1) { totalCount } }',
    suspendUser: () => `mutation { suspendUser(input: { userId: "${spare.id}", reason: "x" }) { user { id } } }`,
    unsuspendUser: () => `mutation { unsuspendUser(input: { userId: "${spare.id}", reason: "x" }) { user { id } } }`,
  };

  it.each(ASKERS)('%s', async (_what, asker, allowed) => {
    const client = await asker(app);
    for (const operation of Object.values(OPERATIONS)) {
      expect(codes(await client.send(operation(`made-by-${crypto.randomUUID()}`)))).toEqual(
        allowed ? undefined : ['FORBIDDEN'],
      );
    }
  });

  it.each(ASKERS)('also by the ids of things: %s', async (_what, asker, allowed) => {
    const [client, somebody] = [await asker(app), await app.user()];
    const { apiKeys } = await somebody.ask('{ apiKeys { id } }');
    const { auditLog } = await app.admin.ask('{ auditLog(first: 1) { edges { node { id } } } }');
    const ids = [somebody.id, apiKeys[0].id, auditLog.edges[0].node.id];
    const { nodes } = await client.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    expect(nodes).toEqual(ids.map((id) => (allowed ? { id } : null)));
  });
});

describe('a key', () => {
  it.each([
    [['READ'], undefined, ['FORBIDDEN']],
    [['WRITE'], ['FORBIDDEN'], undefined],
    [['ADMIN'], ['FORBIDDEN'], ['FORBIDDEN']],
    [['ACT_AS'], ['FORBIDDEN'], ['FORBIDDEN']],
  ])('with only %s reads and writes no more than that', async (scopes, reading, writing) => {
    const client = await app.user({ scopes, role: 'ADMIN' });
    expect(codes(await client.send(VIEWER))).toEqual(reading);
    expect(
      codes(await client.send('mutation { createConversation(input: {}) { conversation { __typename } } }')),
    ).toEqual(writing);
  });

  it('without READ follows nothing', async () => {
    const socket = await connect(app.parley.url, bearer((await app.user({ scopes: ['WRITE'] })).key));
    const { errors } = await socket.run({ query: 'subscription { healthChanged { status } }' });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    await socket.close();
  });
});

describe('x-act-as', () => {
  const actingAs = (service: Client, username: string) =>
    clientOf(app.parley.url, service.key, { 'x-act-as': username });
  const service = () => app.user({ scopes: ['READ', 'WRITE', 'ACT_AS'] });

  it('lets a service work for a user, as that user', async () => {
    const [bot, ann] = [await service(), await app.user()];
    const asAnn = actingAs(bot, ann.username);
    expect((await asAnn.ask(VIEWER)).viewer.username).toBe(ann.username);
    const conversationId = await makeConversation(asAnn);
    expect(
      (await ann.ask('query ($id: ID!) { conversation(id: $id) { id } }', { id: conversationId })).conversation,
    ).toEqual({ id: conversationId });
    expect(
      (await bot.ask('query ($id: ID!) { conversation(id: $id) { id } }', { id: conversationId })).conversation,
    ).toBeNull();
  });

  it('does so over WebSocket, by connection_init', async () => {
    const [bot, ann] = [await service(), await app.user()];
    const socket = await connect(app.parley.url, { ...bearer(bot.key), 'x-act-as': ann.username });
    expect(await socket.run({ query: '{ viewer { username } }' })).toEqual({
      data: { viewer: { username: ann.username } },
    });
    await socket.close();
  });

  it.each(['nobody-there', 'a b', "admin' --", 'x'.repeat(500)])(
    'is refused for a user there is not: %s',
    async (username) => {
      const { status, errors } = await actingAs(await service(), username).send(VIEWER);
      expect(status).toBe(403);
      expect(errors).toMatchObject([
        { message: expect.stringContaining('`createUser`'), extensions: { code: 'FORBIDDEN' } },
      ]);
    },
  );

  it('is refused to keys without ACT_AS, even for oneself', async () => {
    const ann = await app.user({ scopes: ['READ', 'WRITE', 'ADMIN'], role: 'ADMIN' });
    const { status, errors } = await actingAs(ann, ann.username).send(VIEWER);
    expect({ status, codes: errors?.map(({ extensions }) => extensions.code) }).toEqual({
      status: 403,
      codes: ['FORBIDDEN'],
    });
    const socket = await openSocket(app.parley.url);
    socket.send({ type: 'connection_init', payload: { ...bearer(ann.key), 'x-act-as': ann.username } });
    expect((await socket.closed).code).toBe(4403);
  });

  it('never gains ADMIN, whoever it acts for and whatever its key has', async () => {
    const asAdmin = actingAs(clientOf(app.parley.url, ADMIN_KEY), 'admin');
    expect((await asAdmin.ask(VIEWER)).viewer.username).toBe('admin');
    const somebody = await app.user();
    const { auditLog } = await app.admin.ask('{ auditLog(first: 1) { edges { node { id } } } }');
    for (const query of [
      '{ auditLog { totalCount } }',
      '{ user(username: "admin") { id } }',
      '{ users { totalCount } }',
      'mutation { createUser(input: { username: "sneaky" }) { user { id } } }',
      'mutation { createApiKey(input: { name: "sneaky", scopes: [ADMIN] }) { secret } }',
      'mutation { createApiKey(input: { name: "sneaky", scopes: [ACT_AS] }) { secret } }',
      `mutation { createApiKey(input: { name: "sneaky", userId: "${somebody.id}" }) { secret } }`,
    ]) {
      expect(codes(await asAdmin.send(query)), query).toEqual(['FORBIDDEN']);
    }
    const ids = [somebody.id, auditLog.edges[0].node.id];
    expect((await asAdmin.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids })).nodes).toEqual([
      null,
      null,
    ]);
  });
});

describe('the last login of a user, and the last use of a key', () => {
  const USED = `SELECT u.last_login_at AS login, k.last_used_at AS use FROM users u JOIN api_keys k ON k.user_id = u.id WHERE u.username = $1`;
  const MOVE = `WITH key AS (UPDATE api_keys SET last_used_at = now() - $3 * interval '1 second' FROM users u WHERE u.id = user_id AND u.username = $1)
    UPDATE users SET last_login_at = now() - $2 * interval '1 second' WHERE username = $1`;
  const readLastUse = async ({ username }: { username: string }) =>
    (await sql<{ login: Date | null; use: Date | null }>(app.database, USED, [username]))[0] as {
      login: Date | null;
      use: Date | null;
    };
  /** In seconds ago. */
  const move = ({ username }: { username: string }, login: number, use: number) =>
    sql(app.database, MOVE, [username, login, use]);
  const isNow = (at: Date | null) => at !== null && Date.now() - at.getTime() < 20_000;

  it('are kept', async () => {
    const ann = await app.user();
    expect(await readLastUse(ann)).toEqual({ login: null, use: null });
    const { viewer, apiKeys } = await ann.ask('{ viewer { lastLoginAt } apiKeys { lastUsedAt } }');
    const { login, use } = await readLastUse(ann);
    expect([isNow(login), isNow(use)]).toEqual([true, true]);
    expect({ viewer, apiKeys }).toEqual({
      viewer: { lastLoginAt: login?.toISOString() },
      apiKeys: [{ lastUsedAt: use?.toISOString() }],
    });
  });

  // Both are looked at by one statement: once it has written the one that is due, it has left the other alone.
  it('are written at most once a minute', async () => {
    const ann = await app.user();
    const askViewer = async () => {
      await ann.ask(VIEWER);
      return readLastUse(ann);
    };
    await askViewer();
    await move(ann, 30, 61);
    expect(isNow((await until(askViewer, ({ use }) => isNow(use))).login)).toBe(false);
    await move(ann, 61, 30);
    expect(isNow((await until(askViewer, ({ login }) => isNow(login))).use)).toBe(false);
  });
});
