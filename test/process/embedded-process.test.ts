import { beforeAll, expect, it } from 'vitest';
import type { MessagesQuery } from '../generated/graphql.ts';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import type { Client } from '../support/client.ts';
import { makeConversation, makeEpisode, processToEnd } from '../support/fixtures.ts';
import { freePort } from '../support/free-port.ts';
import { startWriters } from '../support/message-writers.ts';
import { AddMessage, HealthNow, MessageAdded, Messages } from '../support/operations.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

const cleanup = useCleanup();
const { start } = useProcesses({ on: 'embedded' });
let env: Record<string, string>;

beforeAll(async () => {
  env = { PORT: String(await freePort()) };
});

const CLIPS = /* GraphQL */ `query ($id: ID!) { episode(id: $id) { status clips(first: 5) { totalCount edges { node { score title } } } } }`;

it('does everything in one process: a conversation followed live, and a transcript processed into ranked clips', async () => {
  const parley = await start(undefined, env);
  const ann = await parley.user();
  const conversationId = await makeConversation(ann, 1);
  await using feed = ann.follow(MessageAdded, { conversationId, afterSequence: 0 });
  await feed.take(1);
  await ann.ask(AddMessage, { input: { conversationId, role: 'ASSISTANT', content: 'hello' } });
  expect(await feed.take(1)).toMatchObject([{ messageAdded: { sequence: 2, content: 'hello' } }]);
  const episodeId = await makeEpisode(ann, 60);
  expect(await processToEnd(ann, episodeId)).toMatchObject({ status: 'SUCCEEDED', progress: 1 });
  const { episode } = await ann.ask(CLIPS, { id: episodeId });
  const scores = episode.clips.edges.map(({ node }: { node: { score: number } }) => node.score);
  expect(episode).toMatchObject({ status: 'READY' });
  expect(scores.length).toBeGreaterThan(0);
  expect(scores).toEqual(scores.toSorted((a: number, b: number) => b - a));
});

it('keeps every acknowledged message when it is killed at any moment', async () => {
  let parley = await start(undefined, env);
  const ann = await parley.user();
  const conversationId = await makeConversation(ann);
  const writers = startWriters(() => ann, conversationId);
  for (let time = 1; time <= 3; time += 1) {
    await until(
      async () => writers.acknowledged.size,
      (size) => size > time * 40 * (1 + Math.random()),
    );
    parley.kill('SIGKILL');
    await parley.ended;
    parley = await start(undefined, env);
  }
  const last = await writers.stop();
  const kept = await allMessages(ann, conversationId);
  expect(kept.map(({ sequence }) => sequence)).toEqual(Array.from({ length: last }, (_, index) => index + 1));
  expect(new Map(kept.map(({ sequence, content }) => [sequence, content]))).toEqual(
    new Map([...writers.acknowledged].sort(([a], [b]) => a - b)),
  );
});

it('takes no more than 400 MB at rest, also on its first start', async () => {
  const { admin } = await start(undefined, { DATA_DIR: createDirectory(cleanup) });
  const { health } = await admin.ask(HealthNow);
  const { details } = health.components.find(({ name }) => name === 'system') ?? {};
  expect(details).toMatchObject({ rssBytes: expect.toSatisfy((bytes: number) => bytes < 400 * 2 ** 20) });
});

async function allMessages(reader: Client, id: string): Promise<{ sequence: number; content: string }[]> {
  const messages = [];
  let after: string | null | undefined = null;
  do {
    const page: MessagesQuery = await reader.ask(Messages, { id, first: 100, after });
    const { edges, pageInfo } = (page.conversation as NonNullable<typeof page.conversation>).messages;
    messages.push(...edges.map(({ node }) => node));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after);
  return messages;
}
