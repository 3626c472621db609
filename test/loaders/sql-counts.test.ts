import { expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeConversation, makeEpisode, processToEnd } from '../support/fixtures.ts';
import { AddMessage, SaveMemory, SubmitFeedback } from '../support/operations.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley({ env: { SQL_ECHO: 'true' } });

// Each loader at one place only: where one is reached by two ways, its keys may or may not meet in one batch.
const NESTED = `query ($count: Int!) {
  conversations(first: $count) {
    totalCount
    edges { node {
      id messageCount unreadCount owner { username }
      lastMessage { content }
      context { content }
      messages(last: 5, roles: [USER]) { totalCount edges { node { sequence conversation { id } } } }
    } }
  }
}`;

const CLIPS = `query ($id: ID!, $count: Int!) {
  episode(id: $id) {
    clips(first: $count) { totalCount edges { node {
      title averageRating viewerFeedback { rating } captions platformFit { fits } episode { title } job { status }
      feedback(first: 2) { totalCount edges { node { author { username } clip { id } } } }
    } } }
  }
}`;

const MEMORIES = `query ($count: Int!) {
  memories(first: $count, filter: { includeSuperseded: true }) { totalCount edges { node {
    content owner { username } supersededBy { content } sourceMessage { content } conversation { title }
  } } }
}`;

/** How many statements of loaders an operation takes. */
async function statementsOf(client: Client, operation: string, variables: object): Promise<number> {
  await client.ask(operation, variables); // keys and documents are known from now on
  const start = await waitForLogEnd(client);
  await client.ask(operation, variables);
  const end = await waitForLogEnd(client);
  const statements = app.parley.log.slice(start, end).map(({ sql }) => sql ?? '');
  return statements.filter((sql) => /"\$ordinal"|r\.total|avg\(rating\)/.test(sql)).length;
}

/** Where the log stands once everything before is in it: a write of its own shows that. */
async function waitForLogEnd(client: Client): Promise<number> {
  const writes = () =>
    app.parley.log.filter(({ sql }) => sql?.startsWith('INSERT INTO "public"."conversations"')).length;
  const before = writes();
  await makeConversation(client);
  await until(
    async () => writes(),
    (now) => now > before,
  );
  return app.parley.log.length;
}

it('conversations with their messages cost as many statements for two as for fifty', async () => {
  const ann = await app.user();
  await Promise.all(
    Array.from({ length: 50 }, async () => {
      const conversationId = await makeConversation(ann, 7);
      await ann.ask(AddMessage, { input: { conversationId, role: 'ASSISTANT', content: 'unread' } });
    }),
  );
  const few = await statementsOf(ann, NESTED, { count: 2 });
  expect(few).toBeGreaterThan(3);
  expect(await statementsOf(ann, NESTED, { count: 50 })).toBe(few);
});

it('clips with their captions, ratings and feedback cost as many statements for two as for fifty', async () => {
  const ann = await app.user();
  const id = await makeEpisode(ann, 600);
  await processToEnd(ann, id);
  const { episode } = await ann.ask(
    'query ($id: ID!) { episode(id: $id) { clips(first: 30) { edges { node { id } } } } }',
    { id },
  );
  const clips = episode.clips.edges.map(({ node }: { node: { id: string } }) => node.id);
  for (const clipId of clips)
    await ann.ask(SubmitFeedback, { input: { episodeId: id, clipId, type: 'LIKE', rating: 4 } });
  const few = await statementsOf(ann, CLIPS, { id, count: 2 });
  expect(few).toBeGreaterThan(5);
  expect(await statementsOf(ann, CLIPS, { id, count: 30 })).toBe(few);
});

it('memories with what they were learned from cost as many statements for two as for fifty', async () => {
  const ann = await app.user();
  const { lastMessage } = (
    await ann.ask('query ($id: ID!) { conversation(id: $id) { lastMessage { id } } }', {
      id: await makeConversation(ann, 1),
    })
  ).conversation;
  let older: string | undefined;
  for (let n = 1; n <= 50; n += 1) {
    const input = { content: `Fact ${n}`, sourceMessageId: lastMessage.id, supersedes: older ? [older] : [] };
    older = (await ann.ask(SaveMemory, { input })).saveMemory?.memory.id;
  }
  const few = await statementsOf(ann, MEMORIES, { count: 2 });
  expect(few).toBeGreaterThan(4);
  expect(await statementsOf(ann, MEMORIES, { count: 50 })).toBe(few);
});

it('an unasked totalCount is not counted', async () => {
  const ann = await app.user();
  await makeConversation(ann);
  const without = await statementsOf(ann, '{ conversations { edges { node { id } } } }', {});
  expect(without).toBe(1);
  expect(await statementsOf(ann, '{ conversations { totalCount edges { node { id } } } }', {})).toBe(2);
});

it('episodes with their speakers cost as many statements for two as for ten', async () => {
  const ann = await app.user();
  for (let count = 0; count < 10; count += 1) await makeEpisode(ann, 12);
  const episodes = 'query ($count: Int!) { episodes(first: $count) { edges { node { title speakers { name } } } } }';
  expect(await statementsOf(ann, episodes, { count: 2 })).toBe(2);
  expect(await statementsOf(ann, episodes, { count: 10 })).toBe(2);
});
