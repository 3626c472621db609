import pg from 'pg';
import { describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { importExport } from '../support/exports.ts';
import { makeConversation } from '../support/fixtures.ts';
import { useParley, useProcesses } from '../support/use-parley.ts';

const ARCHIVE = /* GraphQL */ `mutation ($input: ArchiveConversationsInput!) { archiveConversations(input: $input) { changed unchanged hasMore } }`;
const COUNT = /* GraphQL */ `query ($archived: Boolean!) { conversations(first: 0, filter: { archived: $archived }) { totalCount } }`;
const TITLES = /* GraphQL */ `{ conversations(first: 50, filter: { archived: false }) { edges { node { id title } } } }`;
const CHANGES = /* GraphQL */ `query ($after: String!) { changes(after: $after) { changes { type id deleted } cursor upToDate } }`;
const CURSOR = '{ viewer { changeCursor } }';

const archive = async (client: Client, input: Record<string, unknown>) =>
  (await client.ask(ARCHIVE, { input })).archiveConversations;
const refusal = async (client: Client, input: Record<string, unknown>) =>
  (await client.send(ARCHIVE, { input })).errors?.[0]?.extensions;
const countOf = async (client: Client, archived: boolean) =>
  (await client.ask(COUNT, { archived })).conversations.totalCount;

/** Conversations a day apart, the first of them on 1 January 2024. */
const days = (count: number) =>
  Array.from({ length: count }, (_, day) => ({
    title: `day ${day + 1}`,
    messages: [
      {
        role: 'user',
        content: `On day ${day + 1}.`,
        timestamp: new Date(Date.UTC(2024, 0, 1 + day, 12)).toISOString(),
      },
    ],
  }));

async function changesSince(client: Client, after: string): Promise<{ id: string }[]> {
  const all = [];
  for (let upToDate = false; !upToDate; ) {
    const { changes } = await client.ask(CHANGES, { after });
    all.push(...changes.changes);
    ({ upToDate, cursor: after } = changes);
  }
  return all;
}

describe('archiveConversations', () => {
  const app = useParley();

  it('archives those of the ids, tells each as one change, and restores them', async () => {
    const ann = await app.user();
    await importExport(app.parley.url, ann, days(50));
    const ids: string[] = (await ann.ask(TITLES)).conversations.edges.map(({ node }: any) => node.id);
    await archive(ann, { conversationIds: ids.slice(0, 10) });
    const { viewer } = await ann.ask(CURSOR);
    expect(await archive(ann, { conversationIds: [...ids, ...ids] })).toEqual({
      changed: 40,
      unchanged: 10,
      hasMore: false,
    });
    const changes = await changesSince(ann, viewer.changeCursor);
    expect(changes.map(({ id }) => id).toSorted()).toEqual(ids.slice(10).toSorted());
    expect(changes[0]).toMatchObject({ type: 'CONVERSATION', deleted: false });
    expect(await countOf(ann, true)).toBe(50);
    expect(await archive(ann, { conversationIds: ids, archived: false })).toMatchObject({ changed: 50 });
    expect(await countOf(ann, false)).toBe(50);
  });

  it('archives all before a date, but for pinned ones', async () => {
    const ann = await app.user();
    await importExport(app.parley.url, ann, days(10));
    const today = await makeConversation(ann, 1);
    const { conversations } = await ann.ask(TITLES);
    const pinned = conversations.edges.find(({ node }: any) => node.title === 'day 3').node.id;
    await ann.ask(
      'mutation ($id: ID!) { updateConversation(input: { conversationId: $id, pinned: true }) { conversation { id } } }',
      {
        id: pinned,
      },
    );
    const lastMessageBefore = '2024-01-06T12:00:00.000Z';
    expect(await archive(ann, { lastMessageBefore })).toEqual({ changed: 4, unchanged: 0, hasMore: false });
    expect(await archive(ann, { lastMessageBefore })).toEqual({ changed: 0, unchanged: 0, hasMore: false });
    const titles = (await ann.ask(TITLES)).conversations.edges.map(({ node }: any) => node.title ?? node.id);
    expect(titles).toEqual([today, 'day 10', 'day 9', 'day 8', 'day 7', 'day 6', 'day 3']);
    expect(await archive(ann, { lastMessageBefore, archived: false })).toMatchObject({ changed: 4 });
  });

  it('archives once for a key, however many requests come at once', async () => {
    const ann = await app.user();
    await importExport(app.parley.url, ann, days(600));
    const input = { lastMessageBefore: new Date().toISOString(), idempotencyKey: 'all' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => archive(ann, input)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await countOf(ann, true)).toBe(600);
    await archive(ann, { lastMessageBefore: input.lastMessageBefore, archived: false });
    expect(await archive(ann, input)).toEqual(answers[0]);
    expect(await countOf(ann, true)).toBe(0);
    expect(await refusal(ann, { ...input, archived: false })).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
  });

  it('archives nothing for the one of two requests that has the same key and other conversations', async () => {
    const ann = await app.user();
    await importExport(app.parley.url, ann, days(600));
    const lastMessageBefore = [new Date(Date.UTC(2024, 0, 301)), new Date(Date.UTC(2024, 0, 401))];
    const answers = await Promise.all(
      lastMessageBefore.map((time) =>
        ann.send(ARCHIVE, { input: { lastMessageBefore: time.toISOString(), idempotencyKey: 'two' } }),
      ),
    );
    const [refused, done] = answers[0]?.errors ? answers : answers.toReversed();
    expect(refused?.errors).toMatchObject([{ extensions: { code: 'IDEMPOTENCY_CONFLICT' } }]);
    expect(await countOf(ann, true)).toBe(done?.data.archiveConversations.changed);
  });

  it('does not say that nothing was changed where it is interrupted after a slice, and does the rest when it is repeated', async () => {
    const ann = await app.user();
    await importExport(app.parley.url, ann, days(300));
    const other = new pg.Client({ connectionString: app.database.url });
    await other.connect();
    await other.query('BEGIN');
    await other.query("SELECT FROM conversations WHERE title = 'day 300' FOR UPDATE");
    const input = { lastMessageBefore: new Date().toISOString(), idempotencyKey: 'interrupted' };
    const { errors } = await ann.send(ARCHIVE, { input });
    await other.query('COMMIT');
    await other.end();
    expect(errors).toMatchObject([
      { message: expect.stringMatching(/may be done already.*does the rest/), extensions: { code: 'UNAVAILABLE' } },
    ]);
    expect(await countOf(ann, true)).toBe(250);
    expect(await archive(ann, input)).toEqual({ changed: 50, unchanged: 0, hasMore: false });
    expect(await countOf(ann, true)).toBe(300);
    expect(await archive(ann, input)).toEqual({ changed: 50, unchanged: 0, hasMore: false });
  });

  it('refuses both, neither, too many, and what is not yours, and changes nothing then', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const [mine, theirs] = [await makeConversation(ann), await makeConversation(bob)];
    expect(await refusal(ann, {})).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await refusal(ann, { conversationIds: [mine], lastMessageBefore: new Date().toISOString() })).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    expect(await refusal(ann, { conversationIds: ['nonsense'] })).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await refusal(ann, { conversationIds: [mine, theirs] })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await archive(ann, { conversationIds: [] })).toEqual({ changed: 0, unchanged: 0, hasMore: false });
    await archive(bob, { lastMessageBefore: '2999-01-01T00:00:00.000Z' });
    expect([await countOf(ann, true), await countOf(bob, true)]).toEqual([0, 1]);
  });
});

describe('archiveConversations on the embedded database', () => {
  const { start } = useProcesses({ on: 'embedded' });

  it('archives ten thousand at once and says whether there are more; others are served meanwhile, and a killed process has lost nothing', async () => {
    const first = await start();
    const [ann, bob] = [await first.user(), await first.user()];
    const texts = Array.from({ length: 10_500 }, (_, index) => ({
      title: `${index}`,
      messages: [{ role: 'user', content: `${index}` }],
    }));
    await importExport(first.url, ann, texts);
    const lastMessageBefore = '2999-01-01T00:00:00.000Z';
    const interrupted = ann.send(ARCHIVE, { input: { lastMessageBefore } }).catch(() => null);
    const id = await makeConversation(bob);
    await archive(bob, { conversationIds: [id] });
    first.kill('SIGKILL');
    await Promise.all([interrupted, first.ended]);
    const next = await start();
    const [again, other] = [next.as(ann), next.as(bob)];
    const before = await countOf(again, true);
    const whole = archive(again, { lastMessageBefore });
    await archive(other, { conversationIds: [id], archived: false });
    const answer = await whole;
    expect(answer).toEqual({ changed: Math.min(10_500 - before, 10_000), unchanged: 0, hasMore: before < 500 });
    await archive(again, { lastMessageBefore });
    expect([await countOf(again, true), await countOf(again, false)]).toEqual([10_500, 0]);
    expect([await countOf(other, true), await countOf(other, false)]).toEqual([0, 1]);
  }, 180_000); // importing takes most of it
});
