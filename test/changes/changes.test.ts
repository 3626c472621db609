import { beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { describeOnEachDatabase } from '../support/databases.ts';
import { makeConversation, makeEpisode, processToEnd } from '../support/fixtures.ts';
import { AddMessages, DeleteConversation, SaveMemory } from '../support/operations.ts';
import type { User } from '../support/parley.ts';
import { useParley } from '../support/use-parley.ts';

type Change = { type: string; id: string; deleted: boolean; node: Record<string, unknown> | null };
type Batch = { changes: Change[]; cursor: string; upToDate: boolean; reset: boolean; cursorExpiresAt: string };

const BATCH = `changes { type id deleted node { id ... on Conversation { title messageCount } ... on Memory { content } } }
  cursor upToDate reset cursorExpiresAt`;
const READ = `query ($after: String!, $first: Int, $types: [ChangeType!]) {
  changes(after: $after, first: $first, types: $types) { ${BATCH} } }`;
const FOLLOW = `subscription ($after: String, $types: [ChangeType!]) { changes(after: $after, types: $types) { ${BATCH} } }`;

const cursorOf = async (client: Client): Promise<string> =>
  (await client.ask('{ viewer { changeCursor } }')).viewer.changeCursor;
const read = async (client: Client, variables: Record<string, unknown>): Promise<Batch> =>
  (await client.ask(READ, variables)).changes;
const rename = (client: Client, id: string, title: string) =>
  client.ask(
    'mutation ($id: ID!, $title: String) { updateConversation(input: { conversationId: $id, title: $title }) { conversation { id } } }',
    { id, title },
  );
const names = ({ changes }: Batch) => changes.map(({ type, id, deleted }) => `${type} ${id}${deleted ? ' gone' : ''}`);
const refusal = (code: string) => [expect.objectContaining({ extensions: expect.objectContaining({ code }) })];

describeOnEachDatabase((on) => {
  const app = useParley({ on });
  let ann: User;
  let start: string;

  beforeEach(async () => {
    ann = await app.user();
    start = await cursorOf(ann);
  });

  it('tell of each thing once, in its newest state, in the order of the last changes', async () => {
    const first = await makeConversation(ann, 3);
    const second = await makeConversation(ann);
    const { saveMemory } = await ann.ask(SaveMemory, { input: { content: 'גרה בחיפה' } });
    await rename(ann, first, 'the last');
    const batch = await read(ann, { after: start });
    expect(batch).toMatchObject({ upToDate: true, reset: false });
    expect(batch.changes).toEqual([
      { type: 'CONVERSATION', id: second, deleted: false, node: { id: second, title: null, messageCount: 0 } },
      {
        type: 'MEMORY',
        id: saveMemory?.memory.id,
        deleted: false,
        node: { id: saveMemory?.memory.id, content: 'גרה בחיפה' },
      },
      { type: 'CONVERSATION', id: first, deleted: false, node: { id: first, title: 'the last', messageCount: 3 } },
    ]);
    expect(await read(ann, { after: batch.cursor })).toMatchObject({ changes: [], upToDate: true });
  });

  it('tell of what is deleted, also where it was made after the cursor', async () => {
    const id = await makeConversation(ann, 1);
    await ann.ask(DeleteConversation, { id });
    const batch = await read(ann, { after: start });
    expect(batch.changes).toEqual([{ type: 'CONVERSATION', id, deleted: true, node: null }]);
  });

  it('of one transaction come whole, page by page', async () => {
    const episodeId = await makeEpisode(ann, 120);
    await processToEnd(ann, episodeId);
    const { episode } = await ann.ask(
      'query ($id: ID!) { episode(id: $id) { clips(first: 100) { edges { node { id } } } } }',
      { id: episodeId },
    );
    const clips = episode.clips.edges.map(({ node }: { node: { id: string } }) => node.id);
    expect(clips.length).toBeGreaterThan(3);
    const seen: string[] = [];
    for (let after = start, upToDate = false; !upToDate; ) {
      const batch = await read(ann, { after, first: 2 });
      expect(batch.changes.length).toBeLessThanOrEqual(2);
      seen.push(...batch.changes.map(({ id }) => id));
      [after, upToDate] = [batch.cursor, batch.upToDate];
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining([episodeId, ...clips]));
  });

  it('of many messages at once are one of their conversation', async () => {
    const conversationId = await makeConversation(ann);
    await using feed = ann.follow(FOLLOW, { after: await cursorOf(ann) });
    expect(await feed.take(1)).toMatchObject([{ changes: { changes: [], upToDate: true } }]);
    const messages = Array.from({ length: 20 }, (_, index) => ({ role: 'USER' as const, content: `n ${index}` }));
    await ann.ask(AddMessages, { input: { conversationId, messages } });
    const [{ changes }] = (await feed.take(1)) as [{ changes: Batch }];
    expect(changes.changes).toMatchObject([{ id: conversationId, node: { messageCount: 20 } }]);
  });

  it('can be had of some types only, with a cursor of these or of all', async () => {
    await makeConversation(ann);
    const { saveMemory } = await ann.ask(SaveMemory, { input: { content: 'plays the oud' } });
    const memories = await read(ann, { after: start, types: ['MEMORY', 'CLIP'] });
    expect(names(memories)).toEqual([`MEMORY ${saveMemory?.memory.id}`]);
    expect((await read(ann, { after: memories.cursor, types: ['CLIP'] })).changes).toEqual([]);
    const repeated = await read(ann, { after: start, types: Array.from({ length: 1_000 }, () => 'MEMORY') });
    expect(repeated.cursor.length).toBeLessThan(300);
    expect((await read(ann, { after: memories.cursor, types: [] })).changes).toEqual([]);
    const { errors } = await ann.send(READ, { after: memories.cursor, types: ['CONVERSATION'] });
    expect(errors).toEqual(refusal('BAD_USER_INPUT'));
    expect((await ann.send(READ, { after: memories.cursor })).errors).toEqual(refusal('BAD_USER_INPUT'));
  });

  it("are the viewer's own: nobody else's cursor, and no other user's, is taken", async () => {
    const bob = await app.user();
    await makeConversation(bob);
    expect((await read(ann, { after: start })).changes).toEqual([]);
    for (const after of [await cursorOf(bob), 'abc', '', `${start}x`])
      expect((await ann.send(READ, { after })).errors).toEqual(refusal('BAD_USER_INPUT'));
    for (const first of [0, 101])
      expect((await ann.send(READ, { after: start, first })).errors).toEqual(refusal('BAD_USER_INPUT'));
    const { errors } = await app.admin.send('query ($name: String!) { user(username: $name) { changeCursor } }', {
      name: ann.username,
    });
    expect(errors).toEqual(refusal('FORBIDDEN'));
  });

  it('made by somebody else are told, too', async () => {
    const made = await app.admin.ask(
      'mutation ($id: ID!) { createApiKey(input: { name: "more", userId: $id }) { apiKey { id } } }',
      { id: ann.id },
    );
    const { id } = made.createApiKey.apiKey;
    expect(names(await read(ann, { after: start }))).toEqual([`API_KEY ${id}`]);
    await app.admin.ask('mutation ($id: ID!) { revokeApiKey(input: { apiKeyId: $id }) { apiKey { id } } }', { id });
    expect(names(await read(ann, { after: start }))).toEqual([`API_KEY ${id}`]);
  });

  describe.each([
    ['WebSocket', 'follow'],
    ['server-sent events', 'stream'],
  ] as const)('over %s', (_transport, follow) => {
    it('begin with the cursor of now, and go on from any cursor', async () => {
      const live = ann[follow](FOLLOW);
      const [{ changes: begin }] = (await live.take(1)) as [{ changes: Batch }];
      expect(begin).toMatchObject({ changes: [], upToDate: true, reset: false });
      const id = await makeConversation(ann);
      const [{ changes: told }] = (await live.take(1)) as [{ changes: Batch }];
      expect(names(told)).toEqual([`CONVERSATION ${id}`]);
      await live.return(undefined);
      await rename(ann, id, 'while away');
      const other = await makeConversation(ann);
      await using again = ann[follow](FOLLOW, { after: told.cursor });
      const [{ changes: missed }] = (await again.take(1)) as [{ changes: Batch }];
      expect(names(missed)).toEqual([`CONVERSATION ${id}`, `CONVERSATION ${other}`]);
      expect(missed.changes[0]?.node).toMatchObject({ title: 'while away' });
    });

    it('end with an error for what is no cursor', async () => {
      const feed = ann[follow](FOLLOW, { after: 'abc' });
      expect((await feed.next()).value).toMatchObject({ errors: refusal('BAD_USER_INPUT') });
      await feed.return(undefined);
    });
  });
});
