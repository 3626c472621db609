import { afterEach, describe, expect, it } from 'vitest';
import { makeConversation } from '../support/fixtures.ts';
import { createGate, failsWith, says, stalls, useModelServer } from '../support/model-server.ts';
import { AddMessage, MessageUpdated, RateMessage, RegenerateReply, ReplyOf, StopReply } from '../support/operations.ts';
import { ReplyReader, readReply, send } from '../support/replies.ts';
import { useParley } from '../support/use-parley.ts';

const model = await useModelServer();
const app = useParley({ env: { ...model.env, EXTRACT_MEMORIES: 'false' } });
afterEach(() => model.answer(says('Hello', ' from', ' the', ' model.')));

const RETRY = /* GraphQL */ `mutation ($id: ID!) { retryJob(input: { jobId: $id }) { job { status } } }`;
const UPDATE = /* GraphQL */ `mutation ($id: ID!) {
  updateConversation(input: { conversationId: $id, instructions: "Answer in Hebrew." }) { conversation { id } } }`;
const CONVERSATION = /* GraphQL */ `query ($id: ID!) { conversation(id: $id) {
  messageCount tokensInput tokensOutput messages(first: 9) { edges { node { content rating } } } } }`;

async function askAndRead(content: string) {
  const ann = await app.user();
  const sent = await send(ann, content);
  await readReply(ann, sent.reply.id);
  return { ann, ...sent };
}

describe('regenerateReply', () => {
  it('writes a reply again in the same message, with the present instructions, and tells its followers', async () => {
    const { ann, conversation, userMessage, reply } = await askAndRead('Who are you?');
    const messageId = reply.id;
    await ann.ask(RateMessage, { input: { messageId, rating: 'DOWN', comment: 'Too short.' } });
    await ann.ask(UPDATE, { id: conversation.id });
    const reader = new ReplyReader(ann, messageId);
    await reader.readToEnd();
    await using updates = ann.follow(MessageUpdated, { conversationId: conversation.id, afterUpdate: 3 });
    const gate = createGate('שלום', ' לך.');
    model.answer(gate.script);
    const { regenerateReply } = await ann.ask(RegenerateReply, { input: { messageId } });
    expect(regenerateReply).toMatchObject({
      conversation: { id: conversation.id },
      userMessage: { id: userMessage.id },
      reply: { id: messageId, content: '', status: 'STREAMING' },
    });
    const again = new ReplyReader(ann, messageId, { afterOffset: reader.offset });
    gate.open();
    expect(await again.readToEnd()).toMatchObject({ message: { status: 'COMPLETE', content: 'שלום לך.' } });
    expect(again.chunks[0]).toMatchObject({ restarted: true });
    expect(model.chats.at(-1)?.messages).toMatchObject([
      { role: 'system', content: expect.stringContaining('Answer in Hebrew.') },
      { role: 'user', content: 'Who are you?' },
    ]);
    expect((await updates.take(1)).map(({ messageUpdated }) => messageUpdated.id)).toEqual([messageId]);
    expect((await ann.ask(CONVERSATION, { id: conversation.id })).conversation).toEqual({
      messageCount: 2,
      tokensInput: 22,
      tokensOutput: 14,
      messages: {
        edges: [{ node: { content: 'Who are you?', rating: null } }, { node: { content: 'שלום לך.', rating: null } }],
      },
    });
  });

  it('answers a repeated key once, and lets one of ten requests at once win', async () => {
    const { ann, reply } = await askAndRead('Hello.');
    const input = { messageId: reply.id, idempotencyKey: 'again' };
    const first = await ann.ask(RegenerateReply, { input });
    await readReply(ann, reply.id);
    const repeated = await ann.ask(RegenerateReply, { input });
    expect(repeated.regenerateReply?.job.id).toBe(first.regenerateReply?.job.id);
    expect(repeated.regenerateReply?.reply.status).toBe('COMPLETE');
    model.answer(stalls);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => ann.send(RegenerateReply, { input: { messageId: reply.id } })),
    );
    const codes = answers.map(({ errors }) => errors?.[0]?.extensions.code ?? null).toSorted();
    expect(codes).toEqual([...Array(9).fill('CONFLICT'), null]);
    await ann.ask(StopReply, { messageId: reply.id });
  });

  it('writes a reply again that has failed, whose former job then has nothing left to do', async () => {
    const ann = await app.user();
    model.answer(failsWith(400));
    const { reply, job } = await send(ann, 'Hello.');
    await readReply(ann, reply.id);
    model.answer(says('Well.'));
    await ann.ask(RegenerateReply, { input: { messageId: reply.id } });
    expect(await readReply(ann, reply.id)).toMatchObject({ text: 'Well.', message: { status: 'COMPLETE' } });
    expect((await ann.send(RETRY, { id: job.id })).errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
    expect((await ann.ask(ReplyOf, { id: reply.id })).node).toMatchObject({ content: 'Well.', error: null });
  });

  it('refuses what is none, not the newest, not written here, or not yours', async () => {
    const { ann, conversation, userMessage, reply } = await askAndRead('Hello.');
    const bob = await app.user();
    const conversationId = await makeConversation(ann, 1);
    const stored = await ann.ask(AddMessage, { input: { conversationId, role: 'ASSISTANT', content: 'By another.' } });
    const refuse = async (who: typeof ann, messageId: string, code: string) =>
      expect((await who.send(RegenerateReply, { input: { messageId } })).errors).toMatchObject([
        { extensions: { code } },
      ]);
    await refuse(bob, reply.id, 'NOT_FOUND');
    await refuse(ann, userMessage.id, 'BAD_USER_INPUT');
    await refuse(ann, stored.addMessage?.message.id as string, 'CONFLICT');
    await ann.ask(AddMessage, { input: { conversationId: conversation.id, role: 'USER', content: 'Thanks.' } });
    await refuse(ann, reply.id, 'CONFLICT');
  });
});
