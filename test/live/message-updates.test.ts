import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeConversation } from '../support/fixtures.ts';
import { AddMessage, DeleteConversation, MessageUpdated, RateMessage, StopReply } from '../support/operations.ts';
import { readReply, send } from '../support/replies.ts';
import { describeWith, REDIS_ENV } from '../support/requirements.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { useParley, useProcesses } from '../support/use-parley.ts';

const LAST_UPDATE = 'query ($id: ID!) { conversation(id: $id) { lastUpdate } }';
const lastUpdateOf = async (reader: Client, id: string) =>
  (await reader.ask(LAST_UPDATE, { id })).conversation.lastUpdate;

const rate = (user: Client, messageId: string, rating: 'UP' | 'DOWN') =>
  user.ask(RateMessage, { input: { messageId, rating } });
const addReply = async (owner: Client, conversationId: string) => {
  const input = { conversationId, role: 'ASSISTANT' as const, content: 'Certainly.' };
  return (await owner.ask(AddMessage, { input })).addMessage?.message.id as string;
};

describe.each([
  ['WebSocket', 'follow'],
  ['server-sent events', 'stream'],
] as const)('messageUpdated over %s', (_transport, follow) => {
  const app = useParley();

  it('brings replies that end and ratings, from the update on that was read with the conversation', async () => {
    const ann = await app.user();
    const { conversation, reply } = await send(ann, 'Hello.');
    await readReply(ann, reply.id);
    const after = await lastUpdateOf(ann, conversation.id);
    await rate(ann, reply.id, 'UP');
    await using feed = ann[follow](MessageUpdated, { conversationId: conversation.id, afterUpdate: after });
    expect(await feed.take(1)).toMatchObject([{ messageUpdated: { id: reply.id, status: 'COMPLETE', rating: 'UP' } }]);
    await rate(ann, reply.id, 'DOWN');
    expect(await feed.take(1)).toMatchObject([{ messageUpdated: { id: reply.id, rating: 'DOWN' } }]);
    const second = await send(ann, 'And now?', conversation.id);
    await readReply(ann, second.reply.id);
    const [ended] = await feed.take(1);
    expect(ended).toMatchObject({ messageUpdated: { id: second.reply.id, status: 'COMPLETE' } });
    expect(ended?.messageUpdated.updateNumber).toBe(await lastUpdateOf(ann, conversation.id));
    await ann.ask(DeleteConversation, { id: conversation.id });
    expect(await feed.next()).toMatchObject({ done: true });
  });

  it('brings new updates to a reader who has seen more than there are, as before a backup was restored', async () => {
    const ann = await app.user();
    const conversationId = await makeConversation(ann);
    const replyId = await addReply(ann, conversationId);
    await using feed = ann[follow](MessageUpdated, { conversationId, afterUpdate: 50 });
    let arrived = false;
    const first = feed.take(1).finally(() => (arrived = true));
    let rated = 0;
    await until(
      () => rate(ann, replyId, rated++ % 2 === 0 ? 'UP' : 'DOWN'),
      () => arrived || rated === 40,
    );
    expect(await first).toMatchObject([{ messageUpdated: { id: replyId } }]);
  });

  it('brings every message that was updated, in more than one read, each in its newest state', async () => {
    const ann = await app.user();
    const conversationId = await makeConversation(ann);
    const replies: string[] = [];
    for (let n = 0; n < 70; n += 1) replies.push(await addReply(ann, conversationId));
    for (const rating of ['UP', 'DOWN'] as const) await Promise.all(replies.map((id) => rate(ann, id, rating)));
    await using feed = ann[follow](MessageUpdated, { conversationId, afterUpdate: 0 });
    const updates = (await feed.take(70)).map(({ messageUpdated }) => messageUpdated);
    expect(updates.map(({ id }) => id).toSorted()).toEqual(replies.toSorted());
    expect(new Set(updates.map(({ rating }) => rating))).toEqual(new Set(['DOWN']));
    const numbers = updates.map(({ updateNumber }) => updateNumber);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  });

  it("knows no conversation of somebody else's, and no number below 0", async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const conversationId = await makeConversation(ann);
    for (const [who, afterUpdate, error] of [
      [bob, 0, { code: 'NOT_FOUND' }],
      [ann, -1, { code: 'BAD_USER_INPUT', field: 'afterUpdate' }],
    ] as const) {
      const { value } = await who[follow](MessageUpdated, { conversationId, afterUpdate }).next();
      expect(value.errors).toMatchObject([{ extensions: error }]);
    }
  });

  it('shows what was updated without a word', async () => {
    const ann = await app.user();
    const conversationId = await makeConversation(ann);
    const id = await addReply(ann, conversationId);
    await rate(ann, id, 'UP');
    await using feed = ann[follow](MessageUpdated, { conversationId, afterUpdate: 0 });
    await feed.take(1);
    const [row] = [conversationId].map((global) => Buffer.from(global, 'base64url').toString().split(':')[1]);
    await sql(app.database, "UPDATE messages SET rating = 'DOWN', update_number = 2 WHERE conversation_id = $1", [row]);
    await sql(app.database, 'UPDATE conversations SET last_update = 2 WHERE id = $1', [row]);
    expect(await feed.take(1)).toMatchObject([{ messageUpdated: { rating: 'DOWN' } }]);
  });
});

describeWith('redis', 'messageUpdated in several processes', () => {
  const { start } = useProcesses({ env: REDIS_ENV });

  it('ends with the newest state of every message, whoever updates it where', async () => {
    const [here, there] = await Promise.all([start('server'), start('server')]);
    await start('worker');
    const ann = await here.user();
    const devices = [ann, there.as(ann)];
    const { conversation, reply } = await send(ann, 'Hello.');
    const states = new Map<string, string>();
    await using feed = there.as(ann).follow(MessageUpdated, { conversationId: conversation.id, afterUpdate: 0 });
    const following = (async () => {
      for await (const { data } of feed) {
        const { id, status, rating } = data?.messageUpdated ?? {};
        states.set(id as string, `${status} ${rating}`);
      }
    })();
    await readReply(ann, reply.id);
    const replies = [reply.id];
    for (let n = 0; n < 5; n += 1) replies.push(await addReply(ann, conversation.id));
    await Promise.all(
      replies.flatMap((id, n) => devices.map((device, d) => rate(device, id, (n + d) % 2 ? 'UP' : 'DOWN'))),
    );
    const stopped = await send(ann, 'Wait.', conversation.id);
    await ann.ask(StopReply, { messageId: stopped.reply.id });
    await readReply(ann, stopped.reply.id);
    const read =
      'query ($id: ID!) { conversation(id: $id) { messages(roles: [ASSISTANT]) { edges { node { id status rating } } } } }';
    const { edges } = (await ann.ask(read, { id: conversation.id })).conversation.messages;
    type Node = { id: string; status: string; rating: string | null };
    const expected = edges.map(({ node }: { node: Node }) => [node.id, `${node.status} ${node.rating}`]);
    await until(
      async () => Object.fromEntries(states),
      (seen) => isDeepStrictEqual(seen, Object.fromEntries(expected)),
    );
    await feed.return(undefined);
    await following;
  });
});
