import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { createConversation } from '#domain/conversations/conversations.ts';
import { addMessage } from '#domain/conversations/messages.ts';
import type { AddMessageInput } from '../generated/graphql.ts';
import type { Client } from '../support/client.ts';
import { makeConversation, makeEpisode } from '../support/fixtures.ts';
import { AddMessage, AskEpisode, Messages, SendMessage } from '../support/operations.ts';
import { readReply, send } from '../support/replies.ts';
import { useServices } from '../support/services.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

const add = async (writer: Client, input: Pick<AddMessageInput, 'conversationId'> & Partial<AddMessageInput>) =>
  (await writer.ask(AddMessage, { input: { role: 'USER', content: 'hello', ...input } })).addMessage?.message;
const say = async (writer: Client, input: { conversationId: string; clientId: string; content: string }) =>
  (await writer.ask(SendMessage, { input })).sendMessage;

const contentsOf = async (reader: Client, id: string) =>
  (await reader.ask(Messages, { id, first: 100 })).conversation?.messages.edges.map(({ node }) => node.content);

describe('a clientId', () => {
  it('comes back with the message and its metadata, and in messageAdded', async () => {
    const ann = await app.user();
    const conversationId = await makeConversation(ann);
    const follow =
      'subscription ($id: ID!) { messageAdded(conversationId: $id, afterSequence: 0) { clientId metadata } }';
    await using feed = ann.follow(follow, { id: conversationId });
    const [one, two] = [`בועה ${randomUUID()}`, randomUUID()];
    await add(ann, { conversationId, clientId: one, metadata: { draft: 1 } });
    const input = { conversationId, clientId: two, content: 'And you?', metadata: { device: 'phone', a: [null] } };
    const operation = `mutation ($input: SendMessageInput!) {
      sendMessage(input: $input) { userMessage { clientId metadata } reply { clientId } } }`;
    const { sendMessage } = await ann.ask(operation, { input });
    expect(sendMessage).toEqual({
      userMessage: { clientId: two, metadata: input.metadata },
      reply: { clientId: null },
    });
    expect((await feed.take(3)).map(({ messageAdded }) => messageAdded)).toEqual([
      { clientId: one, metadata: { draft: 1 } },
      { clientId: two, metadata: input.metadata },
      { clientId: null, metadata: null },
    ]);
  });

  it('gives all who send it at once, through two processes, the first message, and stores every other', async () => {
    const ann = await app.user();
    const there = (await app.start('server')).as(ann);
    const conversationId = await makeConversation(ann);
    for (let round = 0; round < 5; round += 1) {
      const clientId = randomUUID();
      const writers = Array.from({ length: 12 }, (_, n) => (n % 2 ? ann : there));
      const others = writers.map((writer, n) => add(writer, { conversationId, content: `other ${round}.${n}` }));
      const same = writers.map((writer, n) => add(writer, { conversationId, clientId, content: `same ${n}` }));
      const messages = await Promise.all(same);
      await Promise.all(others);
      expect(new Set(messages.map((message) => `${message?.id} ${message?.content}`)).size).toBe(1);
    }
    const contents = (await contentsOf(ann, conversationId)) ?? [];
    expect(contents.filter((content) => content.startsWith('same'))).toHaveLength(5);
    expect(contents.filter((content) => content.startsWith('other'))).toHaveLength(60);
  });

  it('is one of its conversation, and of messages that were there before', async () => {
    const ann = await app.user();
    const [one, two] = [await makeConversation(ann, 2), await makeConversation(ann)];
    const first = await add(ann, { conversationId: one, clientId: 'same' });
    expect(await add(ann, { conversationId: two, clientId: 'same' })).toMatchObject({ sequence: 1 });
    expect(await add(ann, { conversationId: one, clientId: 'same', content: 'something else' })).toEqual(first);
    expect(await add(ann, { conversationId: one, clientId: 'other' })).toMatchObject({ sequence: 4 });
  });

  it('gives the first message to an idempotency key, too, again and again', async () => {
    const ann = await app.user();
    const conversationId = await makeConversation(ann);
    const first = await add(ann, { conversationId, clientId: 'bubble', idempotencyKey: 'one' });
    const again = { conversationId, clientId: 'bubble', idempotencyKey: 'two' };
    expect(await add(ann, again)).toEqual(first);
    expect(await add(ann, again)).toEqual(first);
    const { errors } = await ann.send(AddMessage, { input: { ...again, role: 'USER', content: 'other' } });
    expect(errors).toMatchObject([{ extensions: { code: 'IDEMPOTENCY_CONFLICT' } }]);
    expect(await contentsOf(ann, conversationId)).toEqual(['hello']);
  });

  it('gives the first reply again, while it is written and later', async () => {
    const ann = await app.user();
    const { conversation } = await begin(ann);
    const input = { conversationId: conversation.id, clientId: 'bubble', content: 'Hello?' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => say(ann, input)));
    const { reply } = answers[0] as NonNullable<(typeof answers)[0]>;
    await readReply(ann, reply.id);
    for (const answer of [...answers, await say(ann, { ...input, content: 'Anybody?' })])
      expect(answer).toMatchObject({ userMessage: { content: 'Hello?' }, reply: { id: reply.id } });
    expect(await add(ann, input)).toMatchObject({ content: 'Hello?' });
    expect(await contentsOf(ann, conversation.id)).toHaveLength(4);
  });

  it('of a question about an episode gives the first reply again, without the name of the conversation, too', async () => {
    const ann = await app.user();
    const episodeId = await makeEpisode(ann);
    const input = { episodeId, clientId: 'bubble', question: 'What is it about?', metadata: { device: 'phone' } };
    const operation = `mutation ($input: AskEpisodeInput!) {
      askEpisode(input: $input) { conversation { id } userMessage { clientId content metadata } reply { id } } }`;
    const answers = await Promise.all(Array.from({ length: 5 }, () => ann.ask(operation, { input })));
    const { conversation, reply } = answers[0].askEpisode;
    await readReply(ann, reply.id);
    answers.push(await ann.ask(operation, { input: { ...input, conversationId: conversation.id, question: 'What?' } }));
    for (const { askEpisode } of answers)
      expect(askEpisode).toEqual({
        conversation,
        reply,
        userMessage: { clientId: 'bubble', content: input.question, metadata: input.metadata },
      });
    expect(await contentsOf(ann, conversation.id)).toHaveLength(2);
  });

  it('of a message that nobody was to answer is refused by sendMessage', async () => {
    const ann = await app.user();
    const conversationId = await makeConversation(ann);
    const message = await add(ann, { conversationId, clientId: 'bubble' });
    const input = { conversationId, clientId: 'bubble', content: 'Hello?' };
    const { errors } = await ann.send(SendMessage, { input });
    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT', messageId: message?.id } }]);
  });

  it.each(['', 'x'.repeat(256), 'a\0b', '\ud800'])('is no text such as %j', async (clientId) => {
    const ann = await app.user();
    const [conversationId, episodeId] = [await makeConversation(ann), await makeEpisode(ann, 3)];
    for (const [operation, input] of [
      [AddMessage, { conversationId, clientId, role: 'USER', content: 'hello' }],
      [SendMessage, { conversationId, clientId, content: 'hello' }],
      [AskEpisode, { episodeId, clientId, question: 'hello?' }],
    ] as const) {
      const { errors } = await ann.send(operation as typeof AddMessage, { input: input as AddMessageInput });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'input.clientId' } }]);
    }
  });
});

describe('a clientId of two processes that have to wait for the conversation', () => {
  const here = useServices();

  it('is stored once, in one statement and in two, and every message that goes with it, too', async () => {
    const deps = await here.newUser();
    const there = { ...deps, ...(await here.open()) };
    const { id: conversationId } = await createConversation(deps, {});
    const holder = new pg.Client({ connectionString: here.database.url });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM conversations WHERE id = $1 FOR UPDATE', [conversationId]);
    const write = (writer: typeof deps, content: string, clientId?: string) =>
      addMessage(writer, { conversationId, role: 'USER', content, clientId });

    const waiting = (count: number) =>
      until(
        () => sql<{ count: number }>(here.database, WAITING),
        ([row]) => (row?.count ?? 0) >= count,
      );
    const first = write(deps, 'same 1', 'bubble');
    await waiting(1);
    const same = [first, write(there, 'same 2', 'bubble'), write(deps, 'same 3', 'bubble')];
    await waiting(2);
    const others = [deps, there].map((writer, n) => write(writer, `other ${n}`));
    await holder.end();

    const ids = (await Promise.all(same)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(1);
    const sequences = (await Promise.all([same[0], ...others])).map((message) => message?.sequence);
    expect(sequences.toSorted()).toEqual([1, 2, 3]);
  });
});

/** Statements that wait for a lock. */
const WAITING = `SELECT count(*)::int AS count FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event_type = 'Lock'`;

async function begin(writer: Client) {
  const sent = await send(writer, 'My dog is called Rex.');
  await readReply(writer, sent.reply.id);
  return sent;
}
