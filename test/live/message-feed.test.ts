import { beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeConversation } from '../support/fixtures.ts';
import { startWriters } from '../support/message-writers.ts';
import { countOpenChannels } from '../support/open-channels.ts';
import { AddMessage, CreateConversation, DeleteConversation, MessageAdded } from '../support/operations.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

/** The channels that the server listens to while nobody follows anything. */
let quiet: number;
beforeAll(async () => {
  quiet = await countOpenChannels(app.admin);
});

const channelsAre = (count: number) =>
  until(
    () => countOpenChannels(app.admin),
    (channels) => channels === count,
  );

const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

const add = async (writer: Client, conversationId: string, content: string) =>
  (await writer.ask(AddMessage, { input: { conversationId, role: 'USER', content } })).addMessage?.message;

describe.each([
  ['WebSocket', 'follow'],
  ['server-sent events', 'stream'],
] as const)('messageAdded over %s', (_transport, follow) => {
  it('shows what is stored, then what comes, each once and in order, while others write', async () => {
    const ann = await app.user();
    const conversationId = await makeConversation(ann, 120);
    const writers = startWriters(() => ann, conversationId);
    await until(
      async () => writers.acknowledged.size,
      (size) => size > 20,
    );
    await using feed = ann[follow](MessageAdded, { conversationId, afterSequence: 0 });
    const early = await feed.take(200);
    const last = await writers.stop();
    const seen = [...early, ...(await feed.take(last - 200))].map(({ messageAdded }) => messageAdded);
    expect(seen.map(({ sequence }) => sequence)).toEqual(upTo(last));
    expect(seen.slice(120)).toMatchObject(
      upTo(last, 121).map((sequence) => ({ content: writers.acknowledged.get(sequence) })),
    );
  });

  it('begins after the number that the reader has seen', async () => {
    const ann = await app.user();
    const conversationId = await makeConversation(ann, 5);
    await using feed = ann[follow](MessageAdded, { conversationId, afterSequence: 3 });
    expect(await feed.take(2)).toMatchObject([{ messageAdded: { sequence: 4 } }, { messageAdded: { sequence: 5 } }]);
    await add(ann, conversationId, 'six');
    expect(await feed.take(1)).toMatchObject([{ messageAdded: { sequence: 6, content: 'six' } }]);
  });

  it('shows new messages to a reader who has seen more than there is, as before a backup was restored', async () => {
    const ann = await app.user();
    const conversationId = await makeConversation(ann, 2);
    await using feed = ann[follow](MessageAdded, { conversationId, afterSequence: 1_000 });
    let arrived = false;
    const first = feed.take(1).finally(() => (arrived = true));
    let added = 0;
    await until(
      () => add(ann, conversationId, `again ${added++}`),
      () => arrived || added === 40,
    );
    const [data] = await first;
    expect(data?.messageAdded).toMatchObject({ content: expect.stringContaining('again') });
    await add(ann, conversationId, 'and again');
    const next = (data?.messageAdded.sequence as number) + 1;
    expect(await feed.take(1)).toMatchObject([{ messageAdded: { sequence: next } }]);
  });

  it('shows only new messages to a reader who names no number', async () => {
    const ann = await app.user();
    const conversationId = await makeConversation(ann, 5);
    await channelsAre(quiet);
    await using feed = ann[follow](MessageAdded, { conversationId });
    const first = feed.take(1);
    await channelsAre(quiet + 1);
    await add(ann, conversationId, 'six');
    expect(await first).toMatchObject([{ messageAdded: { sequence: 6 } }]);
  });

  it("knows no conversation of somebody else, nor one that isn't there", async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const conversationId = await makeConversation(ann, 1);
    const gone = await makeConversation(bob);
    await bob.ask(DeleteConversation, { id: gone });
    for (const id of [conversationId, gone]) {
      await using feed = bob[follow](MessageAdded, { conversationId: id, afterSequence: 0 });
      expect((await feed.next()).value).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
      expect(await feed.next()).toMatchObject({ done: true });
    }
  });

  it('refuses a negative number and an id of another kind', async () => {
    const ann = await app.user();
    const conversationId = await makeConversation(ann);
    for (const [variables, field] of [
      [{ conversationId, afterSequence: -1 }, 'afterSequence'],
      [{ conversationId: 'nonsense', afterSequence: 0 }, 'conversationId'],
      [{ conversationId: ann.id, afterSequence: 0 }, 'conversationId'],
    ] as const) {
      await using feed = ann[follow](MessageAdded, variables);
      expect((await feed.next()).value).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT', field } }] });
    }
  });

  it('ends when the conversation is deleted', async () => {
    const ann = await app.user();
    const conversationId = await makeConversation(ann, 1);
    await using feed = ann[follow](MessageAdded, { conversationId, afterSequence: 0 });
    await feed.take(1);
    await ann.ask(DeleteConversation, { id: conversationId });
    expect(await feed.next()).toMatchObject({ done: true });
  });

  it('leaves nothing behind in the server when its readers leave', async () => {
    const ann = await app.user();
    const conversations = await Promise.all(Array.from({ length: 20 }, () => makeConversation(ann, 1)));
    const feeds = conversations.map((conversationId) =>
      ann[follow](MessageAdded, { conversationId, afterSequence: 0 }),
    );
    await Promise.all(feeds.map((feed) => feed.take(1)));
    await channelsAre(quiet + 20);
    await Promise.all(feeds.map((feed) => feed.return(undefined)));
    await channelsAre(quiet);
  });
});

it('serves many readers of one conversation from one channel', async () => {
  const ann = await app.user();
  const conversationId = (await ann.ask(CreateConversation, { input: {} })).createConversation?.conversation
    .id as string;
  await add(ann, conversationId, 'one');
  const feeds = Array.from({ length: 10 }, () => ann.follow(MessageAdded, { conversationId, afterSequence: 0 }));
  await Promise.all(feeds.map((feed) => feed.take(1)));
  await channelsAre(quiet + 1);
  await add(ann, conversationId, 'two');
  expect(await Promise.all(feeds.map((feed) => feed.take(1)))).toMatchObject(
    feeds.map(() => [{ messageAdded: { sequence: 2 } }]),
  );
  await Promise.all(feeds.map((feed) => feed.return(undefined)));
});
