import pg from 'pg';
import { describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeConversation } from '../support/fixtures.ts';
import { sql } from '../support/sql.ts';
import { useParley, useProcesses } from '../support/use-parley.ts';

const DELETE = /* GraphQL */ `mutation ($input: DeleteConversationsInput!) { deleteConversations(input: $input) { deletedIds } }`;
const SAVE = /* GraphQL */ `mutation ($input: SaveMemoryInput!) { saveMemory(input: $input) { memory { id } } }`;
const LIST = '{ conversations(first: 100) { edges { node { id } } } }';
const MEMORIES = '{ memories { edges { node { content conversation { id } } } } }';
const CHANGES = /* GraphQL */ `query ($after: String!) { changes(after: $after) { changes { type id deleted } } }`;
const AUDIT = `SELECT count(*)::int AS count FROM audit_entries WHERE action = 'conversation.delete' AND actor_id = $1`;
const HOLD_KEY = `INSERT INTO idempotency_keys (user_id, key, action, input_hash) VALUES ($1, $2, 'another', '')`;

const deleteMany = async (client: Client, input: Record<string, unknown>): Promise<string[]> =>
  (await client.ask(DELETE, { input })).deleteConversations.deletedIds;
const refusal = async (client: Client, input: Record<string, unknown>) =>
  (await client.send(DELETE, { input })).errors?.[0]?.extensions;
const listed = async (client: Client): Promise<string[]> =>
  (await client.ask(LIST)).conversations.edges.map(({ node }: { node: { id: string } }) => node.id);
const makeMany = (client: Client, count: number) =>
  Promise.all(Array.from({ length: count }, () => makeConversation(client, 2)));
const rowIdOf = (globalId: string) => Buffer.from(globalId, 'base64url').toString().split(':')[1];

describe('deleteConversations', () => {
  const app = useParley();

  it("deletes those that are the viewer's and tells each; what is gone or not theirs is passed over", async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const [[kept = '', ...ids], theirs] = [await makeMany(ann, 21), await makeConversation(bob, 1)];
    const gone = await makeConversation(ann, 1);
    expect(await deleteMany(ann, { conversationIds: [gone] })).toEqual([gone]);
    const { viewer } = await ann.ask('{ viewer { changeCursor } }');

    const deleted = await deleteMany(ann, { conversationIds: [...ids, gone, theirs, ...ids] });

    expect(deleted.toSorted()).toEqual(ids.toSorted());
    expect([await listed(ann), await listed(bob)]).toEqual([[kept], [theirs]]);
    const { changes } = await ann.ask(CHANGES, { after: viewer.changeCursor });
    const told = changes.changes.filter(({ deleted }: { deleted: boolean }) => deleted);
    expect(told.map(({ id }: { id: string }) => id).toSorted()).toEqual(ids.toSorted());
    expect(await sql(app.database, AUDIT, [rowIdOf(ann.id)])).toEqual([{ count: 21 }]);
  });

  it('keeps the memories that were learned from them, unless these are to go, too', async () => {
    const ann = await app.user();
    const [one = '', other = ''] = await makeMany(ann, 2);
    for (const [conversationId, content] of [
      [one, 'Her dog is called Rex.'],
      [other, 'קוראים לחתול שלה מיצי'],
    ])
      await ann.ask(SAVE, { input: { content, conversationId } });
    await deleteMany(ann, { conversationIds: [one] });
    await deleteMany(ann, { conversationIds: [other], deleteMemories: true });
    const { memories } = await ann.ask(MEMORIES);
    expect(memories.edges).toEqual([{ node: { content: 'Her dog is called Rex.', conversation: null } }]);
  });

  it('answers alike for a key, however many requests come at once', async () => {
    const ann = await app.user();
    const input = { conversationIds: await makeMany(ann, 30), idempotencyKey: 'all' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => deleteMany(ann, input)));
    for (const answer of answers) expect(answer.toSorted()).toEqual(input.conversationIds.toSorted());
    expect(await deleteMany(ann, input)).toEqual(answers[0]);
    expect(await listed(ann)).toEqual([]);
    expect(await refusal(ann, { ...input, deleteMemories: true })).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
  });

  it('deletes nothing of a request whose key another one has at the same time', async () => {
    const ann = await app.user();
    const all = await makeMany(ann, 60);
    const inputs = [0, 1, 2].map((n) => ({ conversationIds: all.slice(n * 20, n * 20 + 20), idempotencyKey: 'one' }));
    const answers = await Promise.all(inputs.map((input) => ann.send(DELETE, { input })));
    const refused = answers.flatMap(({ errors = [] }) => errors.map(({ extensions }) => extensions.code));
    expect(refused).toEqual(['IDEMPOTENCY_CONFLICT', 'IDEMPOTENCY_CONFLICT']);
    const done = inputs[answers.findIndex(({ errors }) => !errors)];
    const kept = all.filter((id) => !done?.conversationIds.includes(id));
    expect((await listed(ann)).toSorted()).toEqual(kept.toSorted());
  });

  it('goes on with a request that was interrupted, and answers as that would have', async () => {
    const ann = await app.user();
    const input = { conversationIds: await makeMany(ann, 5), idempotencyKey: 'interrupted' };
    await deleteMany(ann, input);
    const others = { ...input, conversationIds: await makeMany(ann, 5) };
    await sql(app.database, 'UPDATE idempotency_keys SET unfinished = true WHERE user_id = $1', [rowIdOf(ann.id)]);
    expect(await refusal(ann, others)).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    const answers = await Promise.all(Array.from({ length: 5 }, () => deleteMany(ann, input)));
    for (const answer of answers) expect(answer.toSorted()).toEqual(input.conversationIds.toSorted());
    expect((await listed(ann)).toSorted()).toEqual(others.conversationIds.toSorted());
  });

  it('deletes nothing where its key is held by another for too long', async () => {
    const ann = await app.user();
    const input = { conversationIds: await makeMany(ann, 2), idempotencyKey: 'held' };
    const holder = new pg.Client({ connectionString: app.database.url });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query(HOLD_KEY, [rowIdOf(ann.id), input.idempotencyKey]);
    const { errors } = await ann.send(DELETE, { input });
    await holder.end();
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('A part of this one may be done already'),
        extensions: { code: 'UNAVAILABLE' },
      },
    ]);
    expect((await listed(ann)).toSorted()).toEqual(input.conversationIds.toSorted());
    expect((await deleteMany(ann, input)).toSorted()).toEqual(input.conversationIds.toSorted());
    expect(await listed(ann)).toEqual([]);
  });

  it('refuses too many ids, and what is none, and deletes nothing then; costs some 20 points', async () => {
    const ann = await app.user();
    const ids = await makeMany(ann, 2);
    const tooMany = { conversationIds: Array.from({ length: 101 }, () => ids[0]) };
    expect(await refusal(ann, tooMany)).toMatchObject({ code: 'BAD_USER_INPUT', limit: 100 });
    expect(await refusal(ann, { conversationIds: [ids[0], 'nonsense'] })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.conversationIds.1',
    });
    expect(await listed(ann)).toHaveLength(2);
    const pointsLeft = async () =>
      Number(
        /r=(\d+)/.exec(
          (await ann.send(DELETE, { input: { conversationIds: [] } })).headers.get('ratelimit') ?? '',
        )?.[1],
      );
    expect((await pointsLeft()) - (await pointsLeft())).toBe(21);
  });
});

describe('deleteConversations on the embedded database', () => {
  const { start } = useProcesses({ on: 'embedded' });

  it('serves others meanwhile; where the process is killed, a repetition deletes the rest', async () => {
    const first = await start();
    const [ann, bob] = [await first.user(), await first.user()];
    const conversationIds = await makeMany(ann, 100);
    const theirs = await makeConversation(bob, 1);
    const interrupted = ann.send(DELETE, { input: { conversationIds } }).catch(() => null);
    expect(await deleteMany(bob, { conversationIds: [theirs] })).toEqual([theirs]);
    first.kill('SIGKILL');
    await Promise.all([interrupted, first.ended]);
    const next = await start();
    const [again, other] = [next.as(ann), next.as(bob)];
    const left = await listed(again);
    const deleted = await deleteMany(again, { conversationIds });
    expect(deleted.toSorted()).toEqual(left.toSorted());
    expect([await listed(again), await listed(other)]).toEqual([[], []]);
  });
});
