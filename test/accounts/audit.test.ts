import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Client, clientOf } from '../support/client.ts';
import { makeConversation, makeEpisode, makeVtt } from '../support/fixtures.ts';
import { connect } from '../support/graphql-socket.ts';
import { bearer, postGraphql } from '../support/http.ts';
import { ADMIN_KEY } from '../support/parley.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

type Ann = Client & { id: string; username: string };
let ann: Ann;
/** What the writes below work on. */
let ids: Record<'conversation' | 'doomed' | 'episode' | 'doomedEpisode' | 'archived' | 'key' | 'rotated', string>;

beforeAll(async () => {
  ann = await app.user({ scopes: ['READ', 'WRITE', 'ADMIN'], role: 'ADMIN' });
  const keyOf = async (name: string) =>
    (await ann.ask('mutation ($name: String!) { createApiKey(input: { name: $name }) { apiKey { id } } }', { name }))
      .createApiKey.apiKey.id;
  ids = {
    conversation: await makeConversation(ann),
    doomed: await makeConversation(ann),
    episode: await makeEpisode(ann),
    doomedEpisode: await makeEpisode(ann),
    archived: await makeEpisode(ann),
    key: await keyOf('key'),
    rotated: await keyOf('rotated'),
  };
});

type Json = any;
type Row = {
  action: string;
  actor: string;
  key: string;
  subject: string | null;
  request_id: string;
  ip: string;
  detail: unknown;
};

const rowsOf = (requestId: string) =>
  sql<Row>(
    app.database,
    `SELECT a.action, u.username AS actor, k.prefix AS key, a.subject_type AS subject, a.request_id, a.ip, a.detail
     FROM audit_entries a JOIN users u ON u.id = a.actor_id JOIN api_keys k ON k.id = a.api_key_id WHERE a.request_id = $1`,
    [requestId],
  );

/** One write, and the audit rows that it left. */
async function write(
  client: Client,
  query: string,
  variables: Record<string, unknown>,
  headers: Record<string, string> = {},
) {
  const requestId = randomUUID();
  const { json } = await postGraphql(
    app.parley.url,
    { query, variables },
    { ...bearer(client.key), 'x-request-id': requestId, ...headers },
  );
  return { json, rows: await rowsOf(requestId) };
}

const mutation = (name: string, selection: string) => {
  const input = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  return `mutation ($input: ${input}!) { ${name}(input: $input) { ${selection} } }`;
};

const WRITES: [action: string, subject: string, query: string, input: () => Record<string, unknown>][] = [
  ['user.create', 'User', mutation('createUser', 'user { id }'), () => ({ username: `made-${randomUUID()}` })],
  ['api-key.create', 'ApiKey', mutation('createApiKey', 'apiKey { id }'), () => ({ name: 'another' })],
  [
    'api-key.rotate',
    'ApiKey',
    mutation('rotateApiKey', 'apiKey { id }'),
    () => ({ apiKeyId: ids.rotated, graceSeconds: 60 }),
  ],
  ['api-key.revoke', 'ApiKey', mutation('revokeApiKey', 'apiKey { id }'), () => ({ apiKeyId: ids.key })],
  [
    'conversation.create',
    'Conversation',
    mutation('createConversation', 'conversation { id }'),
    () => ({ title: 'a title' }),
  ],
  [
    'conversation.update',
    'Conversation',
    mutation('updateConversation', 'conversation { id }'),
    () => ({ conversationId: ids.conversation, pinned: true }),
  ],
  [
    'conversation.import',
    'Conversation',
    mutation('importConversation', 'conversation { id }'),
    () => ({ history: [{ user: 'hi', agent: 'ho' }] }),
  ],
  [
    'message.add',
    'Conversation',
    mutation('addMessage', 'message { id }'),
    () => ({ conversationId: ids.conversation, role: 'USER', content: 'hello there' }),
  ],
  [
    'message.add',
    'Conversation',
    mutation('addMessages', 'messages { id }'),
    () => ({
      conversationId: ids.conversation,
      messages: [
        { role: 'USER', content: 'hello there' },
        { role: 'USER', content: 'again' },
      ],
    }),
  ],
  [
    'conversation.delete',
    'Conversation',
    mutation('deleteConversation', 'deletedId'),
    () => ({ conversationId: ids.doomed }),
  ],
  [
    'transcript.import',
    'Episode',
    mutation('importTranscript', 'segments'),
    () => ({ title: 'a title', format: 'VTT', content: makeVtt(3) }),
  ],
  [
    'feedback.submit',
    'Feedback',
    mutation('submitFeedback', 'feedback { id }'),
    () => ({ episodeId: ids.episode, type: 'LIKE', comment: 'hello there' }),
  ],
  ['episode.process', 'Episode', mutation('processEpisode', 'job { id }'), () => ({ episodeId: ids.episode })],
  ['episode.archive', 'Episode', mutation('archiveEpisode', 'episode { id }'), () => ({ episodeId: ids.archived })],
  ['episode.delete', 'Episode', mutation('deleteEpisode', 'deletedId'), () => ({ episodeId: ids.doomedEpisode })],
];

describe('every write leaves one row', () => {
  it.each(WRITES)('%s', async (action, subject, query, input) => {
    const { json, rows } = await write(ann, query, { input: input() });
    expect(json.errors).toBeUndefined();
    expect(rows).toMatchObject([{ action, subject, actor: ann.username, key: ann.key.slice(0, 12), ip: '127.0.0.1' }]);
    expect(JSON.stringify(rows), 'content stays out').not.toMatch(/hello there|WEBVTT/);
  });

  it('over WebSocket too', async () => {
    const socket = await connect(app.parley.url, bearer(ann.key));
    const { data } = await socket.run({
      query: mutation('createConversation', 'conversation { id }'),
      variables: { input: {} },
    });
    await socket.close();
    const { auditLog } = await ann.ask('{ auditLog(first: 1) { edges { node { action subjectId requestId } } } }');
    const { id } = data.createConversation.conversation;
    expect(auditLog.edges).toEqual([
      { node: { action: 'conversation.create', subjectId: id, requestId: expect.any(String) } },
    ]);
  });

  it('for the user that a service acts for, with the key of the service', async () => {
    const [bot, bob] = [await app.user({ scopes: ['READ', 'WRITE', 'ACT_AS'] }), await app.user()];
    const { rows } = await write(
      bot,
      mutation('createConversation', 'conversation { id }'),
      { input: {} },
      { 'x-act-as': bob.username },
    );
    expect(rows).toMatchObject([{ actor: bob.username, key: bot.key.slice(0, 12) }]);
  });

  it('and none where it fails', async () => {
    const FAILS: [string, Record<string, unknown>][] = [
      [mutation('createUser', 'user { id }'), { username: 'admin' }],
      [mutation('createUser', 'user { id }'), { username: '' }],
      [mutation('createApiKey', 'secret'), { name: 'more', scopes: ['ACT_AS'] }],
      [
        mutation('revokeApiKey', 'apiKey { id }'),
        { apiKeyId: Buffer.from('ApiKey:01234567-89ab-7def-8123-456789abcdef').toString('base64url') },
      ],
      [mutation('deleteConversation', 'deletedId'), { conversationId: ids.doomed }],
      [mutation('addMessage', 'message { id }'), { conversationId: ids.doomed, role: 'USER', content: 'hi' }],
      [mutation('processEpisode', 'job { id }'), { episodeId: ids.archived }],
      [mutation('importTranscript', 'segments'), { title: 'x', format: 'VTT', content: 'nothing' }],
    ];
    for (const [query, input] of FAILS) {
      const { json, rows } = await write(ann, query, { input });
      expect(json.errors, query).toHaveLength(1);
      expect(rows, query).toEqual([]);
    }
  });
});

describe('the audit log', () => {
  const LOG = `query ($actorId: ID, $action: String, $since: DateTime, $first: Int, $after: String) {
    auditLog(actorId: $actorId, action: $action, since: $since, first: $first, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { node { id at action actor { username } apiKey { prefix } subjectId requestId ip detail } }
    }
  }`;
  const entries = async (variables: Record<string, unknown>) => {
    const { auditLog } = await ann.ask(LOG, variables);
    return auditLog.edges.map(({ node }: { node: Json }) => node) as Json[];
  };

  it('says who did what, when, with what and from where', async () => {
    const id = await makeConversation(ann);
    const [entry] = await entries({ actorId: ann.id, first: 1 });
    expect(entry).toMatchObject({
      action: 'conversation.create',
      actor: { username: ann.username },
      apiKey: { prefix: ann.key.slice(0, 12) },
      subjectId: id,
      ip: '127.0.0.1',
      requestId: expect.any(String),
    });
    expect(Date.now() - Date.parse(entry?.at)).toBeLessThan(20_000);
  });

  it('shows only one user’s, only one action, only what came since', async () => {
    const bob = await app.user();
    await makeConversation(bob);
    const [mine] = await entries({ actorId: bob.id });
    await makeConversation(bob, 1);
    expect((await entries({ actorId: bob.id })).map(({ action }) => action)).toEqual([
      'message.add',
      'conversation.create',
      'conversation.create',
    ]);
    expect((await entries({ actorId: bob.id, action: 'message.add' })).map(({ action }) => action)).toEqual([
      'message.add',
    ]);
    const sinceLast = new Date(Date.parse(mine?.at) + 1).toISOString();
    expect(await entries({ actorId: bob.id, since: sinceLast })).toHaveLength(2);
    expect(await entries({ actorId: bob.id, action: 'nothing.such' })).toEqual([]);
  });

  it('is paged, newest first, each entry once', async () => {
    const bob = await app.user();
    for (let count = 0; count < 5; count += 1) await makeConversation(bob);
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { auditLog }: { auditLog: Json } = await ann.ask(LOG, { actorId: bob.id, first: 2, after });
      expect(auditLog.totalCount).toBe(5);
      seen.push(...auditLog.edges.map(({ node }: { node: { id: string } }) => node.id));
      ({ endCursor: after, hasNextPage: more } = auditLog.pageInfo);
    }
    expect(seen).toEqual((await entries({ actorId: bob.id })).map(({ id }) => id));
    expect(new Set(seen).size).toBe(5);
  });

  it.each([
    ['action', { action: 'a\0b' }],
    ['action', { action: 'x'.repeat(101) }],
    ['actorId', { actorId: 'x' }],
    ['after', { after: 'x' }],
  ])('refuses a bad %s', async (field, variables) => {
    const { errors } = await ann.send(LOG, variables);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field } }]);
  });

  it('outlives those it speaks of', async () => {
    const bob = await app.user();
    await makeConversation(bob);
    const [entry] = await entries({ actorId: bob.id, first: 1 });
    await sql(app.database, 'DELETE FROM users WHERE username = $1', [bob.username]);
    const { node } = await clientOf(app.parley.url, ADMIN_KEY).ask(
      'query ($id: ID!) { node(id: $id) { ... on AuditEntry { action actor { id } apiKey { id } } } }',
      { id: entry?.id },
    );
    expect(node).toEqual({ action: 'conversation.create', actor: null, apiKey: null });
  });
});
