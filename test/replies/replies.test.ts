import { afterEach, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeConversation, makeEpisode } from '../support/fixtures.ts';
import { createGate, failsWith, says, stalls, useModelServer } from '../support/model-server.ts';
import {
  AddMessage,
  AskEpisode,
  DeleteConversation,
  MessageAdded,
  ReplyOf,
  SendMessage,
  StopReply,
} from '../support/operations.ts';
import { ReplyReader, readReply, send } from '../support/replies.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const model = await useModelServer();
const app = useParley({ env: { ...model.env, EXTRACT_MEMORIES: 'false' } });
afterEach(() => model.answer(says('Hello', ' from', ' the', ' model.')));

const JOB = /* GraphQL */ `query ($id: ID!) { job(id: $id) { kind status attempt subject { id } error { code } } }`;
const RETRY = /* GraphQL */ `mutation ($id: ID!) { retryJob(input: { jobId: $id }) { job { status } } }`;
const CANCEL = /* GraphQL */ `mutation ($id: ID!) { cancelJob(input: { jobId: $id }) { job { status } } }`;
const CONTEXT = /* GraphQL */ `query ($id: ID!) { conversation(id: $id) { context { content } tokensInput tokensOutput } }`;

const DELETE_EPISODE = /* GraphQL */ `mutation ($id: ID!) { deleteEpisode(input: { episodeId: $id }) { deletedId } }`;
const CITATIONS = /* GraphQL */ `query ($id: ID!) { node(id: $id) { ... on Message { citations { quote segment { id } } conversation { episode { id } } } } }`;

const replyOf = async (reader: Client, id: string) => (await reader.ask(ReplyOf, { id })).node;
const jobWhen = (reader: Client, id: string, status: string) =>
  until(
    async () => (await reader.ask(JOB, { id })).job,
    (job) => job.status === status,
  );

describe('sendMessage', () => {
  it('stores what is said and an empty reply, which is written and counted', async () => {
    const ann = await app.user();
    const { conversation, userMessage, reply, job } = await send(ann, 'Who are you?');
    expect(conversation).toMatchObject({ title: 'Who are you?', messageCount: 2 });
    expect(userMessage).toMatchObject({ sequence: 1, role: 'USER', content: 'Who are you?', status: 'COMPLETE' });
    expect(reply).toMatchObject({ sequence: 2, role: 'ASSISTANT' });
    expect(job).toMatchObject({ kind: 'GENERATE_REPLY' });
    const last = await readReply(ann, reply.id);
    expect(last).toMatchObject({ text: 'Hello from the model.', message: { status: 'COMPLETE' } });
    const whole = await replyOf(ann, reply.id);
    expect(whole).toMatchObject({
      content: 'Hello from the model.',
      model: 'test-model',
      tokensInput: 11,
      tokensOutput: 7,
      latencyMs: expect.any(Number),
      citations: [],
      job: { id: job.id, status: 'SUCCEEDED' },
      error: null,
    });
    expect((await ann.ask(CONTEXT, { id: conversation.id })).conversation).toMatchObject({
      tokensInput: 11,
      tokensOutput: 7,
    });
    expect((await ann.ask(JOB, { id: job.id })).job.subject.id).toBe(reply.id);
  });

  it('goes on in a conversation, whose followers see each message once, in order', async () => {
    const ann = await app.user();
    const conversationId = await makeConversation(ann, 3);
    await using feed = ann.follow(MessageAdded, { conversationId, afterSequence: 3 });
    const { userMessage, reply } = await send(ann, 'and now?', conversationId);
    await readReply(ann, reply.id);
    await ann.ask(AddMessage, { input: { conversationId, role: 'USER', content: 'thanks' } });
    const seen = (await feed.take(3)).map(({ messageAdded }) => messageAdded);
    expect(seen).toMatchObject([
      { sequence: 4, id: userMessage.id },
      { sequence: 5, id: reply.id },
      { sequence: 6, content: 'thanks' },
    ]);
  });

  it.each([
    ['  two \n lines\t', 'two lines'],
    [`${'word '.repeat(30)}`, `${'word '.repeat(12).trimEnd()}…`],
    ['字'.repeat(100), `${'字'.repeat(60)}…`],
    [`${'a'.repeat(59)}😀😀`, `${'a'.repeat(59)}…`],
  ])('makes a title of %j', async (content, title) => {
    const ann = await app.user();
    const { conversation, reply } = await send(ann, content);
    expect(conversation.title).toBe(title);
    await readReply(ann, reply.id);
  });

  it('leaves a title as it is', async () => {
    const ann = await app.user();
    const { conversation, reply } = await send(ann, 'first');
    await readReply(ann, reply.id);
    const second = await send(ann, 'second', conversation.id);
    expect(second.conversation.title).toBe('first');
    await readReply(ann, second.reply.id);
  });

  it('lets one of ten win that come at once, and tells the others what is being written', async () => {
    const ann = await app.user();
    model.answer(stalls);
    const conversationId = await makeConversation(ann);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        ann.send(SendMessage, { input: { conversationId, content: `at once ${n}` } }),
      ),
    );
    const won = answers.flatMap(({ data }) => data?.sendMessage ?? []);
    expect(won).toHaveLength(1);
    const { reply, job } = won[0] as (typeof won)[0];
    const refusals = answers.flatMap(({ errors }) => errors ?? []);
    expect(refusals).toHaveLength(9);
    for (const { extensions } of refusals)
      expect(extensions).toMatchObject({ code: 'CONFLICT', messageId: reply.id, jobId: job.id });
    expect(reply.sequence).toBe(2);
    await ann.ask(StopReply, { messageId: reply.id });
  });

  it('answers a repeated key with the same messages and job, and another input with a conflict', async () => {
    const ann = await app.user();
    const input = { content: 'only once', idempotencyKey: 'once' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => ann.ask(SendMessage, { input })));
    const ids = answers.map(({ sendMessage }) =>
      [sendMessage?.conversation, sendMessage?.userMessage, sendMessage?.reply, sendMessage?.job].map((row) => row?.id),
    );
    for (const other of ids) expect(other).toEqual(ids[0]);
    await readReply(ann, ids[0]?.[2] as string);
    const other = await ann.send(SendMessage, { input: { ...input, content: 'something else' } });
    expect(other.errors).toMatchObject([{ extensions: { code: 'IDEMPOTENCY_CONFLICT' } }]);
  });

  it("refuses someone else's conversation, and what cannot be stored", async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const conversationId = await makeConversation(ann);
    for (const [input, error] of [
      [{ conversationId, content: 'hi' }, { code: 'NOT_FOUND' }],
      [{ content: '' }, { code: 'BAD_USER_INPUT', field: 'input.content' }],
      [{ content: ' \u200f\n' }, { code: 'BAD_USER_INPUT', field: 'input.content' }],
      [{ content: 'a\0b' }, { code: 'BAD_USER_INPUT', field: 'input.content' }],
      [{ content: 'a'.repeat(200_001) }, { code: 'BAD_USER_INPUT', field: 'input.content' }],
    ] as const) {
      expect((await bob.send(SendMessage, { input })).errors).toMatchObject([{ extensions: error }]);
    }
  });

  it('sends the model what was said before, without what is being written or failed', async () => {
    const ann = await app.user();
    model.answer(failsWith(400));
    const failed = await send(ann, 'one');
    const { conversation } = failed;
    expect(await readReply(ann, failed.reply.id)).toMatchObject({ message: { status: 'FAILED' } });
    model.answer(stalls);
    const { reply } = await send(ann, 'two', conversation.id);
    const context = (await ann.ask(CONTEXT, { id: conversation.id })).conversation.context;
    expect(context.map(({ content }: { content: string }) => content)).toEqual(['one', 'two']);
    const asked = await until(
      async () => model.chats.at(-1),
      (chat) => chat?.messages.at(-1)?.content === 'two',
    );
    expect(asked?.messages.slice(1)).toMatchObject([
      { role: 'user', content: 'one' },
      { role: 'user', content: 'two' },
    ]);
    await ann.ask(StopReply, { messageId: reply.id });
  });
});

describe('a reply', () => {
  it('that is stopped keeps what was written, and makes room for the next', async () => {
    const ann = await app.user();
    const gate = createGate('Half of it', ' and the rest.');
    model.answer(gate.script);
    const { conversation, reply, job } = await send(ann, 'tell me');
    const reader = new ReplyReader(ann, reply.id);
    gate.open(1);
    await reader.waitForText('Half of it');
    const { stopReply } = await ann.ask(StopReply, { messageId: reply.id });
    expect(stopReply?.message).toMatchObject({ status: 'CANCELLED', content: 'Half of it' });
    expect(await reader.readToEnd()).toMatchObject({ message: { status: 'CANCELLED', content: 'Half of it' } });
    await jobWhen(ann, job.id, 'CANCELLED');
    await until(
      async () => model.open(),
      (open) => open === 0,
    );
    expect(await ann.ask(StopReply, { messageId: reply.id })).toEqual({ stopReply });
    model.answer(says('Well.'));
    const next = await send(ann, 'again', conversation.id);
    expect(await readReply(ann, next.reply.id)).toMatchObject({ text: 'Well.' });
  });

  it('that has ended is not stopped; what is none, or not yours, cannot be', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const { userMessage, reply } = await send(ann, 'hello');
    await readReply(ann, reply.id);
    expect((await ann.ask(StopReply, { messageId: reply.id })).stopReply?.message.status).toBe('COMPLETE');
    for (const [who, messageId, code] of [
      [ann, userMessage.id, 'BAD_USER_INPUT'],
      [bob, reply.id, 'NOT_FOUND'],
    ] as const) {
      expect((await who.send(StopReply, { messageId })).errors).toMatchObject([{ extensions: { code } }]);
    }
  });

  it('whose job is cancelled ends in the same way', async () => {
    const ann = await app.user();
    const gate = createGate('Half of it', ' and the rest.');
    model.answer(gate.script);
    const { reply, job } = await send(ann, 'tell me');
    const reader = new ReplyReader(ann, reply.id);
    gate.open(1);
    await reader.waitForText('Half of it');
    await ann.ask(CANCEL, { id: job.id });
    expect(await reader.readToEnd()).toMatchObject({ message: { status: 'CANCELLED', content: 'Half of it' } });
  });

  it('that fails says why, keeps what was written, and is written anew in the same message', async () => {
    const ann = await app.user();
    model.answer((turn) => {
      turn.say('Half of it');
      turn.cut();
    });
    const { conversation, reply, job } = await send(ann, 'tell me');
    const reader = new ReplyReader(ann, reply.id);
    expect(await reader.readToEnd()).toMatchObject({ message: { status: 'FAILED', content: 'Half of it' } });
    expect(await replyOf(ann, reply.id)).toMatchObject({
      error: { code: 'UNAVAILABLE', retryable: true },
      job: { status: 'FAILED', attempt: 3 },
    });
    model.answer(stalls);
    const other = await send(ann, 'something else', conversation.id);
    expect((await ann.send(RETRY, { id: job.id })).errors).toMatchObject([
      { extensions: { code: 'CONFLICT', messageId: other.reply.id } },
    ]);
    await ann.ask(StopReply, { messageId: other.reply.id });
    model.answer(says('The whole of it.'));
    await ann.ask(RETRY, { id: job.id });
    const again = new ReplyReader(ann, reply.id, { afterOffset: reader.offset });
    expect(await again.readToEnd()).toMatchObject({ message: { status: 'COMPLETE', content: 'The whole of it.' } });
    expect(again.chunks[0]).toMatchObject({ restarted: true });
    expect(again.text).toBe('The whole of it.');
    expect(await replyOf(ann, reply.id)).toMatchObject({ id: reply.id, error: null, job: { id: job.id } });
  });

  it('begins anew for its readers when the model broke off, without showing other text at an old offset', async () => {
    const ann = await app.user();
    model.answerNext((turn) => {
      turn.say('Half of it');
      turn.cut();
    });
    model.answer(says('Half of it, and the other half.'));
    const { reply } = await send(ann, 'tell me');
    const reader = new ReplyReader(ann, reply.id);
    await reader.readToEnd();
    expect(reader.text).toBe('Half of it, and the other half.');
    expect(reader.chunks.filter(({ restarted }) => restarted)).toHaveLength(1);
  });

  it('is followed from the text that was loaded, also where it was begun anew before', async () => {
    const ann = await app.user();
    const half = `${'Half of it. 😀'.repeat(300)}`;
    const gate = createGate(`Anew: ${half}`, ' The rest.');
    model.answerNext((turn) => {
      turn.say(half);
      turn.cut();
    }, gate.script);
    const { userMessage, reply } = await send(ann, 'tell me');
    const reader = new ReplyReader(ann, reply.id);
    gate.open(1);
    await reader.waitForText(`Anew: ${half}`);
    const read = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Message { content streamOffset status } } }';
    const { nodes } = await ann.ask(read, { ids: [reply.id, userMessage.id] });
    expect(nodes).toEqual([
      { content: `Anew: ${half}`, streamOffset: reader.offset, status: 'STREAMING' },
      { content: 'tell me', streamOffset: 'tell me'.length, status: 'COMPLETE' },
    ]);
    expect(nodes[0].streamOffset).toBeGreaterThan(nodes[0].content.length);
    const resumed = new ReplyReader(ann, reply.id, { afterOffset: nodes[0].streamOffset });
    gate.open();
    await Promise.all([reader.readToEnd(), resumed.readToEnd()]);
    expect(nodes[0].content + resumed.text).toBe(reader.text);
    expect(resumed.chunks.filter(({ restarted }) => restarted)).toEqual([]);
  });

  it('is stored as text that PostgreSQL can hold, whatever the model sends', async () => {
    const ann = await app.user();
    model.answer(says('a\0b ', '\ud83d', '\ude00', ' \udc00 ', 'end\ud83d'));
    const { reply } = await send(ann, 'tell me');
    expect((await readReply(ann, reply.id)).text).toBe('ab 😀 \ufffd end\ufffd');
  });

  it('ends where the model does not', async () => {
    const ann = await app.user();
    const piece = 'x'.repeat(20_000);
    model.answer(async (turn) => {
      for (let n = 0; n < 20; n += 1) turn.say(piece);
    });
    const { reply } = await send(ann, 'tell me');
    const last = await readReply(ann, reply.id);
    expect(last.message?.status).toBe('FAILED');
    expect(last.text.length).toBeLessThanOrEqual(200_000);
    expect(await replyOf(ann, reply.id)).toMatchObject({ error: { code: 'LIMIT_EXCEEDED', retryable: false } });
  });

  it('of a conversation that is deleted leaves no trace, and its job ends quietly', async () => {
    const ann = await app.user();
    model.answer(stalls);
    const { conversation, reply, job } = await send(ann, 'tell me');
    const reader = new ReplyReader(ann, reply.id);
    const left = reader.waitForEnd();
    await jobWhen(ann, job.id, 'RUNNING');
    await ann.ask(DeleteConversation, { id: conversation.id });
    await left;
    await jobWhen(ann, job.id, 'CANCELLED');
    expect(app.parley.log.filter(({ level }) => level >= 50)).toEqual([]);
    expect((await ann.send(RETRY, { id: job.id })).errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
  });

  it('about an episode that is deleted meanwhile is written to its end, and quotes what it rested on', async () => {
    const ann = await app.user();
    const episodeId = await makeEpisode(ann);
    const gate = createGate('A bridge closed', ' on a Monday [1].');
    model.answer(gate.script);
    const input = { episodeId, question: 'Which bridge closed on a Monday?' };
    const replyId = (await ann.ask(AskEpisode, { input })).askEpisode?.reply.id as string;
    const reader = new ReplyReader(ann, replyId);
    gate.open(1);
    await reader.waitForText('A bridge closed');
    await ann.ask(DELETE_EPISODE, { id: episodeId });
    gate.open(2);
    expect(await reader.readToEnd()).toMatchObject({ message: { status: 'COMPLETE' } });
    expect(reader.text).toBe('A bridge closed on a Monday [1].');
    expect((await ann.ask(CITATIONS, { id: replyId })).node).toMatchObject({
      citations: [{ quote: expect.stringContaining('bridge would close on a Monday'), segment: null }],
      conversation: { episode: null },
    });
  });

  it('is a failure where the model says nothing', async () => {
    const ann = await app.user();
    model.answer(says());
    const { reply } = await send(ann, 'tell me');
    expect(await readReply(ann, reply.id)).toMatchObject({ text: '', message: { status: 'FAILED' } });
    expect(await replyOf(ann, reply.id)).toMatchObject({ error: { code: 'UNAVAILABLE' } });
  });
});
