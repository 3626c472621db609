import { expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeConversation } from '../support/fixtures.ts';
import { SaveMemory } from '../support/operations.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley({ env: { SQL_ECHO: 'true' } });
const FOLLOW = `subscription ($after: String) { changes(after: $after) {
  changes { id node { ... on Conversation { title } ... on Memory { content } } } } }`;
const READ = `query ($after: String!) { changes(after: $after) {
  changes { id node { ... on Conversation { title } ... on Memory { content } } } } }`;

const cursorOf = async (client: Client) => (await client.ask('{ viewer { changeCursor } }')).viewer.changeCursor;
const statements = (pattern: RegExp, since: number) =>
  app.parley.log.slice(since).filter(({ sql }) => sql && pattern.test(sql)).length;
const CHANGES = /FROM changes c/;
const CONVERSATIONS = /c\.owner_id AS "ownerId"/;
const MEMORIES = /m\.importance AS "importance"/;
const SAFETY_NET = /version IS DISTINCT FROM known/;
const STATS = /FILTER \(WHERE archived\)/;

it('are read by one statement for all subscribers that a write wakes, and so is what has changed', async () => {
  const [ann, bob] = [await app.user(), await app.user()];
  const feeds = Array.from({ length: 20 }, () => ann.follow(FOLLOW));
  const others = Array.from({ length: 5 }, () => bob.follow(FOLLOW));
  await Promise.all([...feeds, ...others].map((feed) => feed.take(1)));
  // Every five seconds the safety net wakes whoever follows what it has seen changed: the write alone is to be counted.
  const { counts } = await until(
    async () => {
      const begun = app.parley.log.length;
      await waitForLogEnd(bob);
      const since = app.parley.log.length;
      const id = await makeConversation(ann);
      const told = await Promise.all(feeds.map((feed) => feed.take(1)));
      for (const [{ changes }] of told as any[]) expect(changes.changes).toMatchObject([{ id }]);
      await waitForLogEnd(bob);
      const counts = [statements(CHANGES, since), statements(CONVERSATIONS, since)];
      return { counts, isDisturbed: statements(SAFETY_NET, begun) > 0 };
    },
    ({ isDisturbed }) => !isDisturbed,
  );
  expect(counts).toEqual([1, 1]);
  await Promise.all([...feeds, ...others].map((feed) => feed.return(undefined)));
});

it('of one batch are read by one statement, and their nodes by one for each type', async () => {
  const ann = await app.user();
  const after = await cursorOf(ann);
  for (let count = 0; count < 10; count += 1) {
    await makeConversation(ann);
    await ann.ask(SaveMemory, { input: { content: `Fact number ${count}` } });
  }
  await waitForLogEnd(ann);
  const since = app.parley.log.length;
  const { changes } = await ann.ask(READ, { after });
  expect(changes.changes).toHaveLength(20);
  await waitForLogEnd(ann);
  const counts = [CHANGES, CONVERSATIONS, MEMORIES].map((pattern) => statements(pattern, since));
  expect(counts).toEqual([1, 1, 1]);
});

/** Resolves when all that was asked before is in the log. */
async function waitForLogEnd(client: Client): Promise<void> {
  const before = statements(STATS, 0);
  await client.ask('{ conversationStats { messages } }');
  await until(
    async () => statements(STATS, 0),
    (now) => now > before,
  );
}
