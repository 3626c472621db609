import { describe, expect, it } from 'vitest';
import type { MessageRole } from '../generated/graphql.ts';
import type { Client } from '../support/client.ts';
import { makeConversation } from '../support/fixtures.ts';
import { createGate, says, useModelServer } from '../support/model-server.ts';
import {
  AddMessages,
  Conversations,
  MarkConversationRead,
  MarkConversationUnread,
  ReadState,
  StopReply,
} from '../support/operations.ts';
import { readReply, send } from '../support/replies.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';

const model = await useModelServer();
const app = useParley({ env: { ...model.env, EXTRACT_MEMORIES: 'false' } });

/** Makes a conversation whose messages are of these roles. */
async function makeChat(owner: Client, ...roles: MessageRole[]): Promise<string> {
  const conversationId = await makeConversation(owner);
  await add(owner, conversationId, ...roles);
  return conversationId;
}
const add = (owner: Client, conversationId: string, ...roles: MessageRole[]) =>
  owner.ask(AddMessages, {
    input: { conversationId, messages: roles.map((role) => ({ role, content: `from the ${role}` })) },
  });

const stateOf = async (reader: Client, id: string) => (await reader.ask(ReadState, { id })).conversation;
const markRead = async (reader: Client, conversationId: string, sequence: number) =>
  (await reader.ask(MarkConversationRead, { input: { conversationId, sequence } })).markConversationRead?.conversation;
const markUnread = async (reader: Client, conversationId: string, sequence?: number) =>
  (await reader.ask(MarkConversationUnread, { input: { conversationId, sequence } })).markConversationUnread
    ?.conversation;

describe('unreadCount', () => {
  it('counts what was answered behind the position, not what the user wrote, nor the steps to an answer', async () => {
    const ann = await app.user();
    const id = await makeChat(ann, 'SYSTEM', 'USER', 'ASSISTANT', 'TOOL', 'USER', 'ASSISTANT', 'USER');
    const calling = { role: 'ASSISTANT' as const, content: 'Let me look.', toolCalls: [{ name: 'look' }] };
    await ann.ask(AddMessages, { input: { conversationId: id, messages: [calling] } });
    expect(await stateOf(ann, id)).toEqual({ lastReadSequence: 0, unreadCount: 2 });
    expect(await markRead(ann, id, 3)).toMatchObject({ lastReadSequence: 3, unreadCount: 1 });
    expect(await markRead(ann, id, 8)).toMatchObject({ lastReadSequence: 8, unreadCount: 0 });
    await add(ann, id, 'ASSISTANT');
    expect(await stateOf(ann, id)).toEqual({ lastReadSequence: 8, unreadCount: 1 });
  });

  it('counts up to a thousand, and what is left when messages are gone', async () => {
    const ann = await app.user();
    const id = await makeConversation(ann);
    const answers = Array.from({ length: 100 }, () => 'ASSISTANT' as const);
    for (let hundred = 0; hundred < 11; hundred += 1) await add(ann, id, ...answers);
    expect(await stateOf(ann, id)).toMatchObject({ unreadCount: 1_000 });
    await sql(app.database, 'DELETE FROM messages WHERE conversation_id = $1 AND sequence > 7', [rowId(id)]);
    expect(await stateOf(ann, id)).toMatchObject({ unreadCount: 7 });
  });

  it('counts a reply when it has ended, though it was marked while it was written, unless it was stopped', async () => {
    const ann = await app.user();
    const gate = createGate('Once upon ', 'a time.');
    model.answerNext(gate.script);
    const { conversation, reply } = await send(ann, 'Tell me a story.');
    expect(await stateOf(ann, conversation.id)).toEqual({ lastReadSequence: 0, unreadCount: 0 });
    expect(await markRead(ann, conversation.id, 2)).toMatchObject({ lastReadSequence: 1, unreadCount: 0 });
    gate.open();
    await readReply(ann, reply.id);
    expect(await stateOf(ann, conversation.id)).toEqual({ lastReadSequence: 1, unreadCount: 1 });
    expect(await markRead(ann, conversation.id, 2)).toMatchObject({ lastReadSequence: 2, unreadCount: 0 });
    model.answerNext(createGate('Never said.').script);
    const stopped = await send(ann, 'Another one.', conversation.id);
    await ann.ask(StopReply, { messageId: stopped.reply.id });
    expect(await stateOf(ann, conversation.id)).toMatchObject({ unreadCount: 0 });
    model.answer(says('Hello.'));
  });
});

describe('markConversationRead', () => {
  it('moves forward only, by whichever device, and no further than the end', async () => {
    const ann = await app.user();
    const phone = (await app.start('server')).as(ann);
    const id = await makeChat(ann, ...Array.from({ length: 20 }, () => 'ASSISTANT' as const));
    await Promise.all([7, 12, 3, 9, 1].flatMap((at) => [markRead(ann, id, at), markRead(phone, id, at + 5)]));
    expect(await stateOf(phone, id)).toEqual({ lastReadSequence: 17, unreadCount: 3 });
    expect(await markRead(ann, id, 4)).toMatchObject({ lastReadSequence: 17 });
    expect(await markRead(ann, id, 2 ** 31 - 1)).toMatchObject({ lastReadSequence: 20, unreadCount: 0 });
    await add(ann, id, 'ASSISTANT');
    expect(await stateOf(ann, id)).toEqual({ lastReadSequence: 20, unreadCount: 1 });
  });

  it('is told to those who follow what changes', async () => {
    const ann = await app.user();
    const id = await makeChat(ann, 'ASSISTANT', 'ASSISTANT');
    const follow =
      'subscription { changes(types: [CONVERSATION]) { changes { node { ... on Conversation { unreadCount } } } } }';
    await using feed = ann.follow(follow);
    await feed.take(1);
    await markRead(ann, id, 1);
    expect(await feed.take(1)).toMatchObject([{ changes: { changes: [{ node: { unreadCount: 1 } }] } }]);
    await markUnread(ann, id);
    await markUnread(ann, id, 1);
    expect(await feed.take(1)).toMatchObject([{ changes: { changes: [{ node: { unreadCount: 2 } }] } }]);
  });

  it('refuses what is no sequence', async () => {
    const ann = await app.user();
    const conversationId = await makeChat(ann, 'ASSISTANT');
    const input = { conversationId, sequence: -1 };
    for (const { errors } of [
      await ann.send(MarkConversationRead, { input }),
      await ann.send(MarkConversationUnread, { input }),
    ])
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'input.sequence' } }]);
  });
});

describe('markConversationUnread', () => {
  it('moves back only: to before a message, or before the newest that can be unread', async () => {
    const ann = await app.user();
    const id = await makeChat(ann, 'ASSISTANT', 'USER', 'ASSISTANT', 'USER');
    await markRead(ann, id, 4);
    expect(await markUnread(ann, id)).toMatchObject({ lastReadSequence: 2, unreadCount: 1 });
    expect(await markUnread(ann, id, 4)).toMatchObject({ lastReadSequence: 2, unreadCount: 1 });
    expect(await markUnread(ann, id, 1)).toMatchObject({ lastReadSequence: 0, unreadCount: 2 });
    const silent = await makeChat(ann, 'USER');
    await markRead(ann, silent, 1);
    expect(await markUnread(ann, silent)).toMatchObject({ lastReadSequence: 1, unreadCount: 0 });
  });
});

it('the list of conversations is filtered by what is unread', async () => {
  const ann = await app.user();
  const unread = await makeChat(ann, 'USER', 'ASSISTANT');
  const read = await makeChat(ann, 'ASSISTANT');
  await markRead(ann, read, 1);
  const said = await makeChat(ann, 'USER');
  const empty = await makeConversation(ann);
  const list = async (filter: { unread: boolean }) =>
    (await ann.ask(Conversations, { filter, orderBy: 'CREATED_ASC' })).conversations.edges.map(({ node }) => node.id);
  expect(await list({ unread: true })).toEqual([unread]);
  expect(await list({ unread: false })).toEqual([read, said, empty]);
});

const rowId = (globalId: string) => Buffer.from(globalId, 'base64url').toString().split(':')[1];
