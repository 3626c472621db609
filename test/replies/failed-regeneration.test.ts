import { afterEach, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { createGate, failsWith, says, stalls, useModelServer } from '../support/model-server.ts';
import { MessageUpdated, RateMessage, RegenerateReply, ReplyOf, SaveMemory, StopReply } from '../support/operations.ts';
import { ReplyReader, readReply, send } from '../support/replies.ts';
import { useParley, useProcesses } from '../support/use-parley.ts';

const model = await useModelServer();
const env = { ...model.env, EXTRACT_MEMORIES: 'false' };

const QUESTION = 'Which hazelnuts am I allergic to?';
const ANSWER = 'To all hazelnuts [1].';
const RETRY = /* GraphQL */ `mutation ($id: ID!) { retryJob(input: { jobId: $id }) { job { status } } }`;
const RATING = /* GraphQL */ `query ($id: ID!) { node(id: $id) { ... on Message { rating ratingComment } } }`;
const SEARCH = /* GraphQL */ `query { searchMessages(query: "hazelnuts", first: 9) { matches { message { id } } } }`;

/** A reply that cites a memory, with a rating; a reader that has it all, and the facts as they are shown. */
async function askAndRate(ann: Client) {
  await ann.ask(SaveMemory, { input: { content: 'I am allergic to hazelnuts.', kind: 'FACT' } });
  model.answerNext(says('To all ', 'hazelnuts [1].'));
  const { reply, conversation } = await send(ann, QUESTION);
  const reader = new ReplyReader(ann, reply.id);
  await reader.readToEnd();
  await ann.ask(RateMessage, { input: { messageId: reply.id, rating: 'UP', comment: 'Good to know.' } });
  return { id: reply.id, conversationId: conversation.id, offset: reader.offset, before: await factsOf(ann, reply.id) };
}

/** What a reply shows, but for how it ended. */
async function factsOf(ann: Client, id: string) {
  const { status, error, job, ...facts } = (await ann.ask(ReplyOf, { id })).node as Record<string, unknown>;
  return { ...facts, ...(await ann.ask(RATING, { id })).node };
}

const endOf = async (ann: Client, id: string) => {
  const { node } = await ann.ask(ReplyOf, { id });
  return node as { status: string; error: { code: string } | null; job: { id: string; status: string } };
};

const regenerate = (ann: Client, messageId: string) => ann.ask(RegenerateReply, { input: { messageId } });

describe('a reply that is written again', () => {
  const app = useParley({ env });
  afterEach(() => model.answer(says('Hello', ' from', ' the', ' model.')));

  it('says what it said before if the model fails, to all readers, the context and search', async () => {
    const ann = await app.user();
    const { id, conversationId, offset, before } = await askAndRate(ann);
    expect(before).toMatchObject({ content: ANSWER, citations: [{ quote: 'I am allergic to hazelnuts.' }] });
    await using updates = ann.follow(MessageUpdated, { conversationId, afterUpdate: 2 });
    model.answer(failsWith(400));
    await regenerate(ann, id);
    const readers = [
      new ReplyReader(ann, id, { afterOffset: offset }),
      new ReplyReader(ann, id),
      new ReplyReader(ann, id, { over: 'stream' }),
    ];
    for (const reader of readers) {
      expect(await reader.readToEnd()).toMatchObject({ message: { status: 'FAILED', content: ANSWER } });
      expect(reader.text).toBe(ANSWER);
      expect(reader.chunks[0]).toMatchObject({ restarted: true });
    }
    expect(await factsOf(ann, id)).toEqual(before);
    expect(await endOf(ann, id)).toMatchObject({ error: { code: 'MODEL_REFUSED' }, job: { status: 'FAILED' } });
    expect((await updates.take(1))[0]?.messageUpdated).toMatchObject({ id });
    expect((await ann.ask(SEARCH)).searchMessages.matches.map(({ message }: any) => message.id)).toContain(id);
    model.answer(says('Yes.'));
    await readReply(ann, (await send(ann, 'Also in cakes?', conversationId)).reply.id);
    expect(model.chats.at(-1)?.messages.map(({ content }) => content)).toContain(ANSWER);
  });

  it('says what it said before if it fails in the middle, and again after a second failure, until it is written', async () => {
    const ann = await app.user();
    const { id, before } = await askAndRate(ann);
    model.answer(says('לכל אגוזי הלוז 😀', 'x'.repeat(200_001)));
    await regenerate(ann, id);
    const reader = new ReplyReader(ann, id);
    expect(await reader.readToEnd()).toMatchObject({ message: { status: 'FAILED' } });
    expect(reader.text).toBe(ANSWER);
    expect(await factsOf(ann, id)).toEqual(before);
    const { job, error } = await endOf(ann, id);
    expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED' });

    model.answer(failsWith(400));
    await ann.ask(RETRY, { id: job.id });
    const again = new ReplyReader(ann, id, { afterOffset: reader.offset });
    await again.readToEnd();
    expect(again.text).toBe(ANSWER);
    expect(await factsOf(ann, id)).toEqual(before);

    model.answer(says('To none.'));
    await ann.ask(RETRY, { id: job.id });
    expect(await readReply(ann, id)).toMatchObject({ text: 'To none.', message: { status: 'COMPLETE' } });
    expect(await factsOf(ann, id)).toMatchObject({ content: 'To none.', citations: [], rating: null });
  });

  it('says what it said before if it is stopped before its first word, and what is written of it after that', async () => {
    const ann = await app.user();
    const { id, before } = await askAndRate(ann);
    model.answer(stalls);
    await regenerate(ann, id);
    const reader = new ReplyReader(ann, id);
    const { stopReply } = await ann.ask(StopReply, { messageId: id });
    expect(stopReply?.message).toMatchObject({ status: 'CANCELLED', content: ANSWER });
    await reader.readToEnd();
    expect(reader.text).toBe(ANSWER);
    expect(await factsOf(ann, id)).toEqual(before);

    const gate = createGate('To some', ' never said');
    model.answer(gate.script);
    await untilRegenerated(ann, id);
    const next = new ReplyReader(ann, id, { afterOffset: reader.offset });
    gate.open(1);
    await next.waitForText('To some');
    await ann.ask(StopReply, { messageId: id });
    expect(await next.readToEnd()).toMatchObject({ message: { status: 'CANCELLED', content: 'To some' } });
    expect(await factsOf(ann, id)).toMatchObject({ content: 'To some', citations: [], rating: null, latencyMs: null });
  });

  /** The job of a reply that was stopped needs a moment to end. */
  async function untilRegenerated(ann: Client, messageId: string) {
    for (;;) {
      const { errors } = await ann.send(RegenerateReply, { input: { messageId } });
      if (!errors) return;
      expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
    }
  }
});

describe('a reply that is written again, on the embedded database', () => {
  // Longer than any test: whoever starts next on the data directory does not wait for it.
  const { start } = useProcesses({ on: 'embedded', env: { ...env, JOB_LEASE_MS: '3600000' } });

  it('says what it said before if the process is killed in the middle, and the next attempt fails', async () => {
    const first = await start();
    const ann = await first.user();
    const { id, before } = await askAndRate(ann);
    const gate = createGate('To some', ' never said');
    model.answerNext(gate.script);
    await regenerate(ann, id);
    const reader = new ReplyReader(ann, id);
    gate.open(1);
    await reader.waitForText('To some');
    first.kill('SIGKILL');
    await first.ended;
    model.answer(failsWith(400));
    const again = (await start()).as(ann);
    const resumed = new ReplyReader(again, id, { afterOffset: reader.offset });
    expect(await resumed.readToEnd()).toMatchObject({ message: { status: 'FAILED', content: ANSWER } });
    expect(resumed.text).toBe(ANSWER);
    expect(resumed.chunks.some(({ restarted }) => restarted)).toBe(true);
    expect(await factsOf(again, id)).toEqual(before);
  });
});
