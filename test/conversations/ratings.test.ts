import { describe, expect, it } from 'vitest';
import type { AddMessageInput, RateMessageInput } from '../generated/graphql.ts';
import type { Client } from '../support/client.ts';
import { makeConversation } from '../support/fixtures.ts';
import { createGate, failsWith, says, useModelServer } from '../support/model-server.ts';
import { AddMessage, RateMessage, ReplyRatings } from '../support/operations.ts';
import { readReply, send } from '../support/replies.ts';
import { useParley } from '../support/use-parley.ts';

const model = await useModelServer();
const app = useParley({ env: { ...model.env, EXTRACT_MEMORIES: 'false' } });

async function addReply(owner: Client, more: Partial<AddMessageInput> = {}): Promise<string> {
  const conversationId = await makeConversation(owner);
  const input = { conversationId, role: 'ASSISTANT' as const, content: 'Certainly.', ...more };
  return (await owner.ask(AddMessage, { input })).addMessage?.message.id as string;
}
const rate = async (user: Client, input: RateMessageInput) =>
  (await user.ask(RateMessage, { input })).rateMessage?.message;
const RETRY = 'mutation ($id: ID!) { retryJob(input: { jobId: $id }) { job { id } } }';

describe('rateMessage', () => {
  it('rates a reply, in place of what was said before, and clears it', async () => {
    const ann = await app.user();
    const messageId = await addReply(ann);
    expect(await rate(ann, { messageId, rating: 'DOWN', comment: 'לא נכון' })).toEqual({
      id: messageId,
      rating: 'DOWN',
      ratingComment: 'לא נכון',
    });
    expect(await rate(ann, { messageId, rating: 'UP' })).toMatchObject({ rating: 'UP', ratingComment: null });
    expect(await rate(ann, { messageId, rating: null })).toMatchObject({ rating: null, ratingComment: null });
  });

  it('keeps a comment at its longest in lists', async () => {
    const ann = await app.user();
    const comment = 'ש'.repeat(2_000);
    await rate(ann, { messageId: await addReply(ann), rating: 'UP', comment });
    const read = '{ conversations { edges { node { messages { edges { node { ratingComment } } } } } } }';
    const { conversations } = await ann.ask(read);
    expect(conversations.edges[0].node.messages.edges[0].node.ratingComment).toBe(comment);
  });

  it("refuses what is no reply, what is somebody else's, and a comment alone", async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const reply = await addReply(ann);
    const conversationId = await makeConversation(ann);
    for (const [who, input, error] of [
      [
        ann,
        { messageId: await addReply(ann, { role: 'USER' }), rating: 'UP' },
        { code: 'BAD_USER_INPUT', field: 'input.messageId' },
      ],
      [ann, { messageId: conversationId, rating: 'UP' }, { code: 'BAD_USER_INPUT', field: 'input.messageId' }],
      [ann, { messageId: reply, comment: 'So what?' }, { code: 'BAD_USER_INPUT', field: 'input.comment' }],
      [
        ann,
        { messageId: reply, rating: 'UP', comment: 'x'.repeat(2_001) },
        { code: 'BAD_USER_INPUT', field: 'input.comment' },
      ],
      [bob, { messageId: reply, rating: 'UP' }, { code: 'NOT_FOUND' }],
    ] as const)
      expect((await who.send(RateMessage, { input })).errors).toMatchObject([{ extensions: error }]);
  });

  it('refuses a reply that is being written, and forgets what was said of one that is written anew', async () => {
    const ann = await app.user();
    const gate = createGate('Half of it');
    model.answerNext(gate.script);
    const { reply } = await send(ann, 'Tell me.');
    const { errors } = await ann.send(RateMessage, { input: { messageId: reply.id, rating: 'UP' } });
    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT', messageId: reply.id } }]);
    gate.open();
    await readReply(ann, reply.id);

    model.answer(failsWith(401));
    const failed = await send(ann, 'And now?');
    await readReply(ann, failed.reply.id);
    await rate(ann, { messageId: failed.reply.id, rating: 'DOWN' });
    model.answer(says('Now.'));
    await ann.ask(RETRY, { id: failed.job.id });
    expect(await readReply(ann, failed.reply.id)).toMatchObject({ message: { status: 'COMPLETE' } });
    const read = 'query ($id: ID!) { node(id: $id) { ... on Message { rating } } }';
    expect((await ann.ask(read, { id: failed.reply.id })).node).toEqual({ rating: null });
  });
});

it('replyRatings counts by model: those of the viewer, and of all users for an ADMIN', async () => {
  const [ann, bob] = [await app.user(), await app.user()];
  const other = 'a-model-of-this-test';
  for (const [user, name, rating] of [
    [ann, other, 'UP'],
    [ann, other, 'UP'],
    [ann, other, 'DOWN'],
    [ann, null, 'DOWN'],
    [bob, other, 'UP'],
  ] as const)
    await rate(user, { messageId: await addReply(user, { model: name }), rating });
  expect((await ann.ask(ReplyRatings)).replyRatings).toEqual([
    { model: other, up: 2, down: 1 },
    { model: null, up: 0, down: 1 },
  ]);
  const all = (await app.admin.ask(ReplyRatings, { allUsers: true })).replyRatings;
  expect(all).toContainEqual({ model: other, up: 3, down: 1 });
  const { errors } = await ann.send(ReplyRatings, { allUsers: true });
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});
