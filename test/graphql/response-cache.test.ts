import { beforeAll, describe, expect, it } from 'vitest';
import { type Client, clientOf } from '../support/client.ts';
import { describeOnEachDatabase } from '../support/databases.ts';
import { makeConversation } from '../support/fixtures.ts';
import { AddMessage, SaveMemory, UpdateConversation } from '../support/operations.ts';
import { ADMIN_KEY, type User } from '../support/parley.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const CONVERSATIONS = /* GraphQL */ `query Mine { viewer { displayName } conversations { totalCount edges { node {
  title messageCount messages(last: 3) { edges { node { sequence content } } } } } } }`;

/** How the cache answers, without the time that is left. */
async function statusOf(client: Client, query: string, variables?: object): Promise<string | undefined> {
  const { headers, errors } = await client.send(query, variables);
  expect(errors).toBeUndefined();
  return headers.get('cache-status')?.replace(/; ttl=\d+/, '');
}

/** Asks until the answer is kept: what is asked once is not. */
async function keep(client: Client, query: string, variables?: object): Promise<void> {
  await statusOf(client, query, variables);
  expect(await statusOf(client, query, variables)).toBe('Parley; fwd=uri-miss; stored');
  expect(await statusOf(client, query, variables)).toBe('Parley; hit');
}

const STALE = 'Parley; fwd=stale; stored';

describeOnEachDatabase((on) => {
  const app = useParley({ on, env: { RESPONSE_CACHE_MB: '8' } });
  let ann: User;
  let id: string;

  beforeAll(async () => {
    ann = await app.user();
    id = await makeConversation(ann, 3);
  });

  it('answers what is asked again by the same bytes, and by what was written since at once', async () => {
    await keep(ann, CONVERSATIONS);
    const writes: (() => Promise<unknown>)[] = [
      () => ann.ask(AddMessage, { input: { conversationId: id, role: 'USER', content: 'שלום 👋' } }),
      () => ann.ask(UpdateConversation, { input: { conversationId: id, title: 'Boats' } }),
      () => ann.ask('mutation { updateViewer(input: { displayName: "Ann" }) { viewer { id } } }'),
      () => makeConversation(ann),
    ];
    for (const write of writes) {
      const before = await ann.ask(CONVERSATIONS);
      await write();
      const after = await ann.ask(CONVERSATIONS);
      expect(after).not.toEqual(before);
      expect(await ann.ask(CONVERSATIONS)).toEqual(after);
      expect(await statusOf(ann, CONVERSATIONS)).toBe('Parley; hit');
    }
  });

  it('keeps apart users, grants, names and variables', async () => {
    const bob = await app.user();
    const reader = await app.user({ scopes: ['READ'] });
    const one = 'query One { viewer { username } } query Two { viewer { email username } }';
    const named = (client: User, operationName: string) =>
      fetch(`${app.parley.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${client.key}` },
        body: JSON.stringify({ query: one, operationName }),
      }).then((response) => response.json());
    for (let round = 0; round < 4; round += 1) {
      for (const user of [ann, bob, reader]) {
        expect(await user.ask('{ viewer { username } }')).toEqual({ viewer: { username: user.username } });
        expect(await named(user, 'One')).toEqual({ data: { viewer: { username: user.username } } });
        expect(await named(user, 'Two')).toEqual({ data: { viewer: { email: null, username: user.username } } });
        const acting = clientOf(app.parley.url, ADMIN_KEY, { 'x-act-as': user.username });
        expect(await acting.ask('{ viewer { username } }')).toEqual({ viewer: { username: user.username } });
      }
      for (const last of [1, 2]) {
        const query =
          'query ($id: ID!, $last: Int) { conversation(id: $id) { messages(last: $last) { edges { cursor } } } }';
        const { conversation } = await ann.ask(query, { id, last });
        expect(conversation.messages.edges).toHaveLength(last);
        expect(await bob.ask(query, { id, last })).toEqual({ conversation: null });
      }
    }
  });

  it('keeps nothing that others or the clock may change, no errors, and no answer of this request alone', async () => {
    const passing = [
      '{ health { status } }',
      '{ viewer { lastLoginAt } }',
      '{ queueStats { queued } }',
      '{ jobs { totalCount } }',
      'query ($id: ID!) { node(id: $id) { id } }',
    ];
    for (const query of passing) {
      for (let round = 0; round < 3; round += 1) expect(await statusOf(ann, query, { id })).toBe('Parley; fwd=bypass');
    }
    for (let round = 0; round < 3; round += 1) {
      expect(await statusOf(ann, '{ searchMemories(query: "boats of yesterday") { found } }')).not.toContain('stored');
      const failing = await ann.send('{ viewer { username } conversation(id: "nonsense") { id } }');
      expect(failing.headers.get('cache-status')).not.toMatch(/hit|stored/);
      const costly = clientOf(app.parley.url, ann.key, { 'x-parley-cost': '1' });
      expect((await costly.send(CONVERSATIONS)).headers.get('cache-status')).toBeNull();
      const anonymous = await clientOf(app.parley.url, '').send('{ viewer { id } }');
      expect(anonymous.headers.get('cache-status')).toBeNull();
    }
  });

  it('charges for what it finds as for what it makes', async () => {
    const query = '{ conversations(first: 50) { edges { node { title messages(first: 20) { edges { cursor } } } } } }';
    const left = async () => Number(/r=(\d+)/.exec((await ann.send(query)).headers.get('ratelimit') ?? '')?.[1]);
    const points: number[] = [];
    let before = await left();
    for (let round = 0; round < 4; round += 1) {
      const after = await left();
      points.push(before - after);
      before = after;
    }
    expect(new Set(points).size).toBe(1);
    expect(points[0]).toBeGreaterThan(5);
    expect(await statusOf(ann, query, undefined)).toBe('Parley; hit');
  });

  it('finds a memory no longer once it has expired', async () => {
    const carol = await app.user();
    const query = '{ memories { totalCount edges { node { content } } } }';
    const expiresAt = new Date(Date.now() + 3_000).toISOString();
    await carol.ask(SaveMemory, { input: { content: 'The key is under the mat.', expiresAt } });
    await carol.ask(SaveMemory, { input: { content: 'The dog is called Rex.' } });
    for (let round = 0; round < 3; round += 1) await carol.ask(query);
    await until(
      () => carol.ask(query),
      ({ memories }) => memories.totalCount === 1,
    );
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
  });

  it('merges what is asked at once', async () => {
    const query = '{ conversations { edges { node { title pinned } } } }';
    await ann.ask(query);
    const statuses = await Promise.all(Array.from({ length: 20 }, () => statusOf(ann, query)));
    expect(statuses.filter((status) => status === 'Parley; fwd=uri-miss; stored')).toHaveLength(1);
    expect(statuses.every((status) => /stored|collapsed|hit/.test(status ?? ''))).toBe(true);
  });

  it('says in health and metrics how often it finds what is asked', async () => {
    await keep(ann, 'query Counted { viewer { username } }');
    const { health } = await app.admin.ask('{ health { components { name details } } }');
    const { details } = health.components.find(({ name }: { name: string }) => name === 'cache');
    expect(details.responses.hitRate).toBeGreaterThan(0);
    const metrics = await fetch(`${app.parley.url}/metrics`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
    expect(await metrics.text()).toContain('parley_response_cache_lookups_total{operation="Counted",result="hit"} 1');
  });
});

describe('the response cache on PostgreSQL', () => {
  const app = useParley({ env: { RESPONSE_CACHE_MB: '8' } });

  it('meets no answer of a database that was restored', async () => {
    const ann = await app.user();
    await makeConversation(ann);
    await keep(ann, CONVERSATIONS);
    await sql(app.database, `UPDATE server_settings SET value = decode(repeat('ab', 32), 'hex') WHERE name = 'epoch'`);
    expect(await statusOf(ann, CONVERSATIONS)).toBe(STALE);
  });

  it('keeps no reply whose text still grows', async () => {
    const ann = await app.user();
    const id = await makeConversation(ann, 2);
    await keep(ann, CONVERSATIONS);
    const owner = Buffer.from(ann.id, 'base64url').toString().slice('User:'.length);
    // As a worker does that has begun a reply: told as a change.
    await sql(
      app.database,
      `UPDATE messages SET status = 'STREAMING', role = 'ASSISTANT' WHERE owner_id = $1 AND sequence = 2`,
      [owner],
    );
    await ann.ask(UpdateConversation, { input: { conversationId: id, title: 'On boats' } });
    for (const text of ['A', 'A boat', 'A boat is']) {
      await sql(app.database, 'UPDATE messages SET content = $2 WHERE owner_id = $1 AND sequence = 2', [owner, text]);
      const { conversations } = await ann.ask(CONVERSATIONS);
      expect(conversations.edges[0].node.messages.edges[1].node.content).toBe(text);
    }
  });

  it('can be switched off', async () => {
    const off = await app.start('server', { RESPONSE_CACHE_MB: '0' });
    const ann = await app.user();
    for (let round = 0; round < 3; round += 1) {
      expect(await statusOf(off.as(ann), '{ viewer { username } }')).toBeUndefined();
    }
  });
});
