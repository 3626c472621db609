import { afterEach, describe, expect, it } from 'vitest';
import { makeCall, OPEN_ALL_HOURS, waitForCall } from '../support/calls.ts';
import type { Client } from '../support/client.ts';
import { makeConversation } from '../support/fixtures.ts';
import { createGate, says, stalls, useModelServer } from '../support/model-server.ts';
import {
  AddMessage,
  MessageAdded,
  MessageUpdated,
  RegenerateReply,
  SaveMemory,
  StopReply,
} from '../support/operations.ts';
import { ReplyReader, readReply, send } from '../support/replies.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { useParley, useProcesses } from '../support/use-parley.ts';

const model = await useModelServer();
const app = useParley({
  env: { ...model.env, ...OPEN_ALL_HOURS, SIMULATED_CALL_SPEED: '1', EXTRACT_MEMORIES: 'false' },
});
afterEach(() => model.answer(says('Hello', ' from', ' the', ' model.')));

const EDIT = /* GraphQL */ `mutation ($input: EditMessageInput!) { editMessage(input: $input) {
  conversation { id messageCount } message { id sequence content editedAt discardedFrom } messageEdge { node { id } }
  discardedCount reply { id status sequence content } replyEdge { node { id } } job { id } jobEdge { node { id } } } }`;
const CONVERSATION = /* GraphQL */ `query ($id: ID!) { conversation(id: $id) { title messageCount unreadCount lastMessageAt
  messages(first: 99) { totalCount edges { node { id sequence role content status sentAt editedAt discardedFrom } } } }
  conversationStats { messages } viewer { changeCursor usage { messages } } }`;
const SEARCH = /* GraphQL */ `query ($query: String!) { searchMessages(query: $query, first: 9) { matches { message { id content } } } }`;
const CHANGES = /* GraphQL */ `query ($after: String!) { changes(after: $after) { changes { type id deleted } } }`;

const MANY_MORE = `INSERT INTO messages (id, conversation_id, owner_id, sequence, role, content, sent_at, created_at)
  SELECT gen_random_uuid(), conversation_id, owner_id, sequence + n, role, '', sent_at, created_at
  FROM messages, generate_series(1, 500000) n WHERE conversation_id = $1 AND sequence = 3`;
const NUMBERS = 'UPDATE conversations SET last_sequence = $2, discarded_numbers = $3 WHERE id = $1';

const rowIdOf = (globalId: string) => Buffer.from(globalId, 'base64url').toString().split(':')[1];
const edit = async (client: Client, input: Record<string, unknown>) => (await client.ask(EDIT, { input })).editMessage;
const refusal = async (client: Client, input: Record<string, unknown>) =>
  (await client.send(EDIT, { input })).errors?.[0]?.extensions;

async function read(client: Client, id: string): Promise<Record<string, any> & { nodes: any[] }> {
  const { conversation, ...sums } = await client.ask(CONVERSATION, { id });
  const nodes: any[] = conversation.messages.edges.map(({ node }: any) => node);
  return { ...conversation, total: conversation.messages.totalCount, nodes, ...sums };
}

/** A conversation of several turns; the ids of the user's messages. */
async function talk(client: Client, ...texts: string[]) {
  const messageIds: string[] = [];
  let conversationId: string | undefined;
  for (const text of texts) {
    const { conversation, userMessage, reply } = await send(client, text, conversationId);
    await readReply(client, reply.id);
    conversationId = conversation.id;
    messageIds.push(userMessage.id);
  }
  return { conversationId: conversationId as string, messageIds };
}

/** What a page shows that follows the messages, as docs/front-end.md tells it to. */
class Page {
  messages: any[] = [];
  #feed: any;
  constructor(client: Client, conversationId: string, after = 0) {
    const feed = /* GraphQL */ `subscription ($id: ID!, $after: Int) { messageAdded(conversationId: $id, afterSequence: $after) {
      id sequence content discardedFrom } }`;
    this.#feed = client.follow<any>(feed, { id: conversationId, after });
  }
  async take(count: number): Promise<this> {
    for (const { messageAdded: message } of await this.#feed.take(count)) {
      const from = message.discardedFrom ?? message.sequence;
      this.messages = this.messages.filter(({ sequence }) => sequence < from || sequence > message.sequence);
      this.messages = [...this.messages, message].toSorted((one, other) => one.sequence - other.sequence);
    }
    return this;
  }
  get shown() {
    return this.messages.map(({ id }) => id);
  }
  leave = () => this.#feed.return(undefined);
}

describe('editMessage', () => {
  it('replaces the text, discards what follows, and keeps every count and search', async () => {
    const ann = await app.user();
    const { conversationId, messageIds } = await talk(
      ann,
      'Tell me about lighthouses.',
      'And about buoys?',
      'And piers?',
    );
    const before = await read(ann, conversationId);
    const edited = await edit(ann, { messageId: messageIds[1], content: 'ועל מצופים? 😀' });
    expect(edited).toMatchObject({
      conversation: { id: conversationId, messageCount: 3 },
      message: {
        id: messageIds[1],
        sequence: 7,
        content: 'ועל מצופים? 😀',
        discardedFrom: 3,
        editedAt: expect.any(String),
      },
      messageEdge: { node: { id: messageIds[1] } },
      discardedCount: 3,
      reply: null,
      replyEdge: null,
      job: null,
      jobEdge: null,
    });
    const after = await read(ann, conversationId);
    expect(after.nodes.map(({ sequence }) => sequence)).toEqual([1, 2, 7]);
    expect(after.nodes.slice(0, 2)).toEqual(before.nodes.slice(0, 2));
    expect(after).toMatchObject({
      messageCount: 3,
      total: 3,
      conversationStats: { messages: 3 },
      viewer: { usage: { messages: 3 } },
      title: 'Tell me about lighthouses.',
      lastMessageAt: after.nodes[2].sentAt,
    });
    const contents = async (query: string) =>
      (await ann.ask(SEARCH, { query })).searchMessages.matches.map(({ message }: any) => message.content);
    expect(await contents('מצופים')).toEqual(['ועל מצופים? 😀']);
    expect(await contents('piers')).toEqual([]);
    expect(await contents('buoys')).toEqual([]);
    const { changes } = await ann.ask(CHANGES, { after: before.viewer.changeCursor });
    expect(changes.changes).toContainEqual({ type: 'CONVERSATION', id: conversationId, deleted: false });
  });

  it('corrects the title that was made of the text', async () => {
    const ann = await app.user();
    const { conversationId, messageIds } = await talk(ann, 'Tell me about lihgthouses.');
    await edit(ann, { messageId: messageIds[0], content: 'ספר לי על מגדלורים' });
    expect((await read(ann, conversationId)).title).toBe('ספר לי על מגדלורים');
  });

  it('titles a conversation that has no title by the new text, where that is sent, as a first message is', async () => {
    const ann = await app.user();
    const conversationId = await makeConversation(ann, 0);
    const titleAfter = async (input: object) => {
      await edit(ann, { messageId, ...input });
      return (await read(ann, conversationId)).title;
    };
    const message = { conversationId, role: 'USER' as const, content: 'Tell me about boats.' };
    const { addMessage } = await ann.ask(AddMessage, { input: message });
    const messageId = addMessage?.message.id;
    expect(await titleAfter({ content: 'Tell me about ships.' })).toBeNull();
    expect(await titleAfter({ content: 'Tell me about lighthouses.', resend: true })).toBe(
      'Tell me about lighthouses.',
    );
  });

  it('sends the new text: the model answers that, and the reply can be written again', async () => {
    const ann = await app.user();
    const { conversationId, messageIds } = await talk(ann, 'One?', 'Two?', 'Three?');
    model.answer(says('Deux.'));
    const { message, reply, job, ...edges } = await edit(ann, {
      messageId: messageIds[1],
      content: 'Deux?',
      resend: true,
    });
    expect(reply).toMatchObject({ status: 'STREAMING', content: '', sequence: message.sequence + 1 });
    expect(edges).toMatchObject({ replyEdge: { node: { id: reply.id } }, jobEdge: { node: { id: job.id } } });
    expect(await readReply(ann, reply.id)).toMatchObject({ text: 'Deux.', message: { status: 'COMPLETE' } });
    expect(
      model.chats
        .at(-1)
        ?.messages.slice(1)
        .map(({ content }) => content),
    ).toEqual(['One?', 'Hello from the model.', 'Deux?']);
    model.answer(says('Encore.'));
    await ann.ask(RegenerateReply, { input: { messageId: reply.id } });
    expect(await readReply(ann, reply.id)).toMatchObject({ text: 'Encore.' });
    model.answer(says('Trois.'));
    const next = await send(ann, 'Trois?', conversationId);
    await readReply(ann, next.reply.id);
    expect((await read(ann, conversationId)).nodes.map(({ content }) => content)).toEqual([
      ...['One?', 'Hello from the model.', 'Deux?', 'Encore.', 'Trois?', 'Trois.'],
    ]);
    expect(await refusal(ann, { messageId: reply.id, content: 'Mine.' })).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('is told to all pages: those that are open, and those that come back after several edits', async () => {
    const ann = await app.user();
    const { conversationId, messageIds } = await talk(ann, 'One?', 'Two?', 'Three?');
    const open = await new Page(ann, conversationId).take(6);
    const away = await new Page(ann, conversationId).take(6);
    await away.leave();
    await using updates = ann.follow(MessageUpdated, { conversationId, afterUpdate: 3 });
    const again = await edit(ann, { messageId: messageIds[2], content: 'Trois?', resend: true });
    await readReply(ann, again.reply.id);
    await edit(ann, { messageId: messageIds[1], content: 'Deux?' });
    await edit(ann, { messageId: messageIds[1], content: 'Zwei?' });
    const { reply } = await edit(ann, { messageId: messageIds[1], content: 'Due?', resend: true });
    await readReply(ann, reply.id);
    const shown = (await read(ann, conversationId)).nodes.map(({ id }) => id);
    await until(
      async () => (await open.take(1)).shown,
      (ids) => ids.includes(reply.id),
    );
    expect(open.shown).toEqual(shown);
    const back = new Page(ann, conversationId, 6);
    back.messages = away.messages;
    expect((await back.take(2)).shown).toEqual(shown);
    expect(back.messages[2]).toMatchObject({ id: messageIds[1], content: 'Due?', discardedFrom: 3 });
    const updated = await updates.take(1);
    expect(updated[0]?.messageUpdated.id).toBeTypeOf('string');
    await using whole = ann.follow(MessageAdded, { conversationId, afterSequence: 0 });
    expect((await whole.take(4)).map(({ messageAdded }) => messageAdded.id)).toEqual(shown);
    await open.leave();
    await back.leave();
  });

  it('happens once for a key, one at a time, and not while a reply is written', async () => {
    const ann = await app.user();
    const { conversationId, messageIds } = await talk(ann, 'One?', 'Two?');
    const [messageId] = messageIds;
    model.answer(stalls);
    const input = { messageId, content: 'Un?', resend: true };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        ann.send(EDIT, { input: { ...input, idempotencyKey: `k${index % 2}` } }),
      ),
    );
    const codes = answers.map(({ errors }) => errors?.[0]?.extensions.code ?? null);
    expect(new Set(codes)).toEqual(new Set([null, 'CONFLICT']));
    const replies = answers.flatMap(({ data }) => data?.editMessage?.reply.id ?? []);
    expect(new Set(replies).size).toBe(1);
    expect(await refusal(ann, { messageId, content: 'Other.' })).toMatchObject({ code: 'CONFLICT' });
    await ann.ask(StopReply, { messageId: replies[0] });
    await edit(ann, { messageId, content: 'Uno?' });
    expect((await read(ann, conversationId)).nodes).toMatchObject([{ id: messageId, content: 'Uno?' }]);

    const texts = Array.from({ length: 100 }, (_, index) => `Text ${index}`);
    await Promise.all(texts.map((content) => edit(ann, { messageId, content })));
    const { nodes, messageCount } = await read(ann, conversationId);
    expect(nodes).toMatchObject([{ id: messageId, content: expect.stringMatching(/^Text \d+$/) }]);
    expect(messageCount).toBe(1);
  });

  it('refuses what is no text, too long, not of the user, of somebody else, or from a call', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const conversationId = await makeConversation(ann);
    const add = async (role: 'USER' | 'SYSTEM' | 'ASSISTANT') =>
      (await ann.ask(AddMessage, { input: { conversationId, role, content: role } })).addMessage?.message.id as string;
    const [user, system, assistant] = [await add('USER'), await add('SYSTEM'), await add('ASSISTANT')];
    for (const content of ['', 'x'.repeat(200_001), 'a\0b', '\ud800'])
      expect(await refusal(ann, { messageId: user, content })).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'input.content',
      });
    for (const messageId of [system, assistant, conversationId])
      expect(await refusal(ann, { messageId, content: 'x' })).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await refusal(bob, { messageId: user, content: 'x', deleteMemories: true })).toMatchObject({
      code: 'NOT_FOUND',
    });
    const { conversation } = await waitForCall(ann, await makeCall(ann));
    const ofCall = { conversationId: conversation?.id as string, role: 'USER' as const, content: 'No.' };
    const said = (await ann.ask(AddMessage, { input: ofCall })).addMessage?.message.id as string;
    expect(await refusal(ann, { messageId: said, content: 'Yes.' })).toMatchObject({ code: 'CONFLICT' });
    expect((await read(ann, conversationId)).nodes).toHaveLength(3);
  });

  it('refuses to discard more than one transaction can, and says what to do', async () => {
    const ann = await app.user();
    const id = await makeConversation(ann, 3);
    const [first] = (await read(ann, id)).nodes;
    await sql(app.database, MANY_MORE, [rowIdOf(id)]);
    await sql(app.database, NUMBERS, [rowIdOf(id), 500_003, 0]);
    const { errors } = await ann.send(EDIT, { input: { messageId: first?.id as string, content: 'x' } });
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('edit one of the last 500,000 first'),
        extensions: { code: 'LIMIT_EXCEEDED' },
      },
    ]);
  });

  it('counts messages, not numbers that edits of later messages have used up: the first one is then edited, too', async () => {
    const ann = await app.user();
    const id = await makeConversation(ann, 3);
    const [first, second] = (await read(ann, id)).nodes.map((node) => node.id);
    await sql(app.database, NUMBERS, [rowIdOf(id), 1_000_003, 1_000_000]);
    expect(await edit(ann, { messageId: second, content: 'y' })).toMatchObject({ discardedCount: 1 });
    expect((await read(ann, id)).nodes.map(({ content }) => content)).toEqual(['message 1', 'y']);
    expect(await edit(ann, { messageId: first, content: 'x' })).toMatchObject({ discardedCount: 1 });
    expect((await read(ann, id)).nodes.map(({ content }) => content)).toEqual(['x']);
  });

  it('leaves memories without a source, or deletes them with what they were learned from', async () => {
    const ann = await app.user();
    const learn = async (content: string, sourceMessageId: string) =>
      (await ann.ask(SaveMemory, { input: { content, sourceMessageId } })).saveMemory?.memory.id as string;
    const memory = async (id: string) =>
      (
        await ann.ask(
          'query ($id: ID!) { node(id: $id) { ... on Memory { content sourceMessage { id } conversation { id } } } }',
          {
            id,
          },
        )
      ).node;
    const { conversationId, messageIds } = await talk(ann, 'One?', 'I live in Acre.', 'My dog is Rex.');
    const [one, two, three] = messageIds as [string, string, string];
    const kept = [
      await learn('Counts.', one),
      await learn('Lives in Acre.', two),
      await learn('Has a dog, Rex.', three),
    ];
    const { viewer } = await read(ann, conversationId);
    await edit(ann, { messageId: two, content: 'I live in Haifa.' });
    expect(await Promise.all(kept.map(memory))).toEqual([
      { content: 'Counts.', sourceMessage: { id: one }, conversation: { id: conversationId } },
      { content: 'Lives in Acre.', sourceMessage: null, conversation: { id: conversationId } },
      { content: 'Has a dog, Rex.', sourceMessage: null, conversation: { id: conversationId } },
    ]);
    const changed = (await ann.ask(CHANGES, { after: viewer.changeCursor })).changes.changes.map(({ id }: any) => id);
    expect(changed).toEqual(expect.arrayContaining(kept.slice(1)));
    const haifa = await learn('Lives in Haifa.', two);
    await edit(ann, { messageId: two, content: 'I live in Jaffa.', deleteMemories: true });
    expect(await memory(haifa)).toBeNull();
    await edit(ann, { messageId: one, content: 'None?', deleteMemories: true });
    expect(await Promise.all(kept.map(memory))).toMatchObject([null, { sourceMessage: null }, { sourceMessage: null }]);
  });

  it('deletes no memories where it changes nothing', async () => {
    const ann = await app.user();
    const { messageIds } = await talk(ann, 'I live in Acre.');
    const input = { messageId: messageIds[0], content: 'I live in Haifa.', deleteMemories: true };
    await edit(ann, input);
    await ann.ask(SaveMemory, { input: { content: 'Lives in Haifa.', sourceMessageId: messageIds[0] as string } });
    await edit(ann, input);
    expect((await ann.ask('{ memories { totalCount } }')).memories.totalCount).toBe(1);
  });

  it('makes a repeated `sendMessage` say what is missing', async () => {
    const ann = await app.user();
    const { conversationId, messageIds } = await talk(ann, 'One?');
    const SEND = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { reply { id } } }';
    const input = { conversationId, content: 'Two?', idempotencyKey: 'two' };
    await readReply(ann, (await ann.ask(SEND, { input })).sendMessage.reply.id);
    await edit(ann, { messageId: messageIds[0], content: 'Un?' });
    expect((await ann.send(SEND, { input })).errors).toMatchObject([
      { message: 'There is no such message, or it is not yours.', extensions: { code: 'NOT_FOUND' } },
    ]);
  });
});

describe('editMessage while memories are extracted', () => {
  const learning = useParley({ env: model.env });
  const JOBS = /* GraphQL */ `query ($id: ID!) { jobs(filter: { kinds: [EXTRACT_MEMORIES], subjectId: $id }) {
    edges { node { status result } } } }`;

  it('lets nothing be learned of the former text', async () => {
    const ann = await learning.user();
    const gate = createGate('{"memories":[{"content":"Lives in Acre.","kind":"FACT"}]}');
    model.answerNext(says('Nice.'), gate.script);
    const { userMessage, reply } = await send(ann, 'I live in Acre.');
    await readReply(ann, reply.id);
    const chats = model.chats.length;
    await until(
      async () => model.chats,
      (all) =>
        all.length >= Math.max(chats, 2) && all.some(({ messages }) => JSON.stringify(messages).includes('Acre')),
    );
    await edit(ann, { messageId: userMessage.id, content: 'I live in Haifa.' });
    gate.open();
    const jobs = await until(
      async () => (await ann.ask(JOBS, { id: userMessage.id })).jobs.edges.map(({ node }: any) => node),
      ([job]) => job?.status === 'SUCCEEDED',
    );
    expect(jobs).toMatchObject([{ result: { saved: 0, merged: 0, forgotten: 0 } }]);
    expect((await ann.ask('{ memories { totalCount } }')).memories.totalCount).toBe(0);
  });
});

describe('editMessage by rules', () => {
  const ruled = useParley();
  const FACTS = '{ memories(first: 9) { edges { node { id content sourceMessage { id } } } } }';
  const JOBS = /* GraphQL */ `query ($id: ID!) { jobs(filter: { kinds: [EXTRACT_MEMORIES], subjectId: $id }) {
    edges { node { status } } } }`;
  const FORGET = 'mutation ($id: ID!) { deleteMemory(input: { memoryId: $id }) { deletedId } }';

  async function learned(ann: Client, messageId: string, jobs: number) {
    await until(
      async () => (await ann.ask(JOBS, { id: messageId })).jobs.edges as any[],
      (edges) => edges.length === jobs && edges.every(({ node }) => node.status === 'SUCCEEDED'),
    );
    return (await ann.ask(FACTS)).memories.edges.map(({ node }: any) => node);
  }

  it('learns nothing again from a text that is only sent again, and keeps what it was the source of', async () => {
    const ann = await ruled.user();
    const { conversation, userMessage, reply } = await send(ann, 'I am a vegetarian. I live in Acre.');
    const { id: messageId, content } = userMessage as { id: string; content: string };
    await readReply(ann, reply.id);
    await send(ann, 'Who are you?', conversation.id).then(({ reply: last }) => readReply(ann, last.id));
    const [first, second] = await learned(ann, messageId, 1);
    await ann.ask(FORGET, { id: first.id });
    const again = await edit(ann, { messageId, content, resend: true });
    await readReply(ann, again.reply.id);
    expect(await learned(ann, messageId, 2)).toEqual([second]);

    const changed = await edit(ann, { messageId, content: `${content} I have a dog.`, resend: true });
    await readReply(ann, changed.reply.id);
    expect((await learned(ann, messageId, 3)).map(({ content: fact }: any) => fact)).toContain('I have a dog.');
  });
});

describe('editMessage on the embedded database', () => {
  const { start } = useProcesses({
    on: 'embedded',
    env: { ...model.env, EXTRACT_MEMORIES: 'false', JOB_LEASE_MS: '3600000' },
  });

  it('is whole after its process was killed, and its reply is written by the next', async () => {
    const first = await start();
    const ann = await first.user();
    const { conversationId, messageIds } = await talk(ann, 'One?', 'Two?', 'Three?');
    const gate = createGate('Deux', ' never said');
    model.answerNext(gate.script);
    const input = { messageId: messageIds[1], content: 'Deux?', resend: true, idempotencyKey: 'edit' };
    const { reply } = await edit(ann, input);
    const reader = new ReplyReader(ann, reply.id);
    gate.open(1);
    await reader.waitForText('Deux');
    first.kill('SIGKILL');
    await first.ended;
    model.answer(says('Deux, oui.'));
    const again = (await start()).as(ann);
    expect((await edit(again, input)).reply.id).toBe(reply.id);
    expect(await readReply(again, reply.id)).toMatchObject({ text: 'Deux, oui.', message: { status: 'COMPLETE' } });
    expect((await read(again, conversationId)).nodes.map(({ content }) => content)).toEqual([
      ...['One?', 'Hello from the model.', 'Deux?', 'Deux, oui.'],
    ]);
  });
});
