import { describe, expect, it } from 'vitest';
import { makeConversation } from '../support/fixtures.ts';
import {
  AddMessage,
  AddMessages,
  Conversations,
  CreateConversation,
  DeleteConversation,
  ImportConversation,
  Messages,
  UpdateConversation,
} from '../support/operations.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

describe('a conversation', () => {
  it('is titled, pinned, archived and given metadata, and what is left out stays', async () => {
    const ann = await app.user();
    const id = await makeConversation(ann);
    await ann.ask(UpdateConversation, {
      input: { conversationId: id, title: 'Plans', pinned: true, metadata: { z: 1, a: [null] } },
    });
    const { updateConversation } = await ann.ask(UpdateConversation, { input: { conversationId: id, archived: true } });
    expect(updateConversation?.conversation).toEqual({
      id,
      title: 'Plans',
      pinned: true,
      archived: true,
      metadata: { z: 1, a: [null] },
    });
    const cleared = await ann.ask(UpdateConversation, { input: { conversationId: id, title: null, metadata: null } });
    expect(cleared.updateConversation?.conversation).toMatchObject({ title: null, metadata: null, pinned: true });
  });

  it('goes with all its messages, and leaves nothing behind', async () => {
    const ann = await app.user();
    const id = await makeConversation(ann, 3);
    const message = (await ann.ask(Messages, { id })).conversation?.messages.edges[0]?.node.id;
    await ann.ask(DeleteConversation, { id });
    const left = await ann.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: [id, message] });
    expect(left.nodes).toEqual([null, null]);
    const again = await ann.send(DeleteConversation, { id });
    expect(again.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });

  it('made twice with one idempotency key is one', async () => {
    const ann = await app.user();
    const input = { title: 'Once', idempotencyKey: 'k' };
    const made = await Promise.all([1, 2, 3, 4].map(() => ann.ask(CreateConversation, { input })));
    expect(new Set(made.map(({ createConversation }) => createConversation?.conversation.id)).size).toBe(1);
    const other = await ann.send(CreateConversation, { input: { ...input, title: 'Twice' } });
    expect(other.errors).toMatchObject([{ extensions: { code: 'IDEMPOTENCY_CONFLICT' } }]);
  });

  it('sums the tokens and counts the messages of concurrent writers', async () => {
    const ann = await app.user();
    const id = await makeConversation(ann);
    const input = { conversationId: id, role: 'ASSISTANT' as const, content: 'x', tokensInput: 10, tokensOutput: 3 };
    await Promise.all(Array.from({ length: 20 }, () => ann.ask(AddMessage, { input })));
    const read =
      'query ($id: ID!) { conversation(id: $id) { tokensInput tokensOutput messageCount } conversationStats { conversations messages archived tokensInput tokensOutput } viewer { usage { conversations messages tokensInput } } }';
    const sums = await ann.ask(read, { id });
    expect(sums.conversation).toEqual({ tokensInput: 200, tokensOutput: 60, messageCount: 20 });
    expect(sums.conversationStats).toEqual({
      conversations: 1,
      messages: 20,
      archived: 0,
      tokensInput: 200,
      tokensOutput: 60,
    });
    expect(sums.viewer.usage).toEqual({ conversations: 1, messages: 20, tokensInput: 200 });
  });
});

describe('importConversation', () => {
  it('takes both forms, mixed, in Hebrew, in order, with the times they were said', async () => {
    const ann = await app.user();
    const history = [
      { role: 'SYSTEM' as const, content: 'Be kind.' },
      { user: 'מה שלומך?', agent: 'שלום, הכול טוב!', sentAt: '2020-05-05T10:00:00.000Z' },
      { agent: 'Anything else?', sentAt: '2020-05-05T10:01:00.000Z' },
      { role: 'USER' as const, content: 'No.', sentAt: '2020-05-05T10:02:00.000Z' },
    ];
    const { importConversation } = await ann.ask(ImportConversation, {
      input: { title: 'Old', channel: 'PHONE', history },
    });
    const said = importConversation?.conversation.messages.edges.map(({ node }) => [
      node.sequence,
      node.role,
      node.content,
    ]);
    expect(said).toEqual([
      [1, 'SYSTEM', 'Be kind.'],
      [2, 'USER', 'מה שלומך?'],
      [3, 'ASSISTANT', 'שלום, הכול טוב!'],
      [4, 'ASSISTANT', 'Anything else?'],
      [5, 'USER', 'No.'],
    ]);
    expect(importConversation?.conversation.messages.edges[2]?.node.sentAt).toBe('2020-05-05T10:00:00.000Z');
    const added = await ann.ask(AddMessage, {
      input: { conversationId: importConversation?.conversation.id as string, role: 'USER', content: 'on' },
    });
    expect(added.addMessage?.message.sequence).toBe(6);
  });

  it.each([
    [{}],
    [{ role: 'USER' as const }],
    [{ content: 'who?' }],
    [{ toolCallId: 'whose?' }],
    [{ role: 'USER' as const, content: 'a', contentParts: [] }],
    [{ role: 'USER' as const, content: 'a', user: 'b' }],
  ])('refuses the turn %j, says where, and stores nothing', async (turn) => {
    const ann = await app.user();
    const { errors } = await ann.send(ImportConversation, { input: { history: [{ user: 'hi' }, turn] } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'input.history.1' } }]);
    expect((await ann.ask(Conversations)).conversations.totalCount).toBe(0);
  });

  it('takes tools as OpenAI has them, content in parts, and empty turns of an assistant', async () => {
    const ann = await app.user();
    const calls = [{ id: 'call_7', type: 'function', function: { name: 'tide', arguments: '{}' } }];
    const history = [
      {
        role: 'USER',
        contentParts: [
          { type: 'text', text: 'מתי הגאות?' },
          { type: 'image_url', image_url: { url: 'x' } },
        ],
      },
      { role: 'ASSISTANT', content: null, tool_calls: calls, model: 'gpt-5' },
      { role: 'TOOL', tool_call_id: 'call_7', content: '04:12' },
      { role: 'TOOL', toolCallId: 'call_7', toolResult: { high: true } },
      { role: 'ASSISTANT', content: null },
      { user: 'Thanks', agent: '' },
      {
        role: 'ASSISTANT',
        contentParts: [
          { type: 'tool_use', id: 't1', name: 'note', input: { text: 'a' } },
          { type: 'tool_result', tool_use_id: 't1', content: 'noted' },
          { type: 'text', text: 'Noted.' },
        ],
      },
    ];
    const query = `mutation ($input: ImportConversationInput!) { importConversation(input: $input) {
      conversation { messages(first: 20) { edges { node { role content toolCalls toolCallId toolResult model } } } }
      passedOver { what count }
    } }`;
    const { importConversation } = await ann.ask(query, { input: { history } });
    const none = { toolCalls: null, toolCallId: null, toolResult: null, model: null };
    const noted = [{ id: 't1', type: 'function', function: { name: 'note', arguments: '{"text":"a"}' } }];
    expect(importConversation.conversation.messages.edges.map(({ node }: any) => node)).toEqual([
      { ...none, role: 'USER', content: 'מתי הגאות?' },
      { ...none, role: 'ASSISTANT', content: '', toolCalls: calls, model: 'gpt-5' },
      { ...none, role: 'TOOL', content: '04:12', toolCallId: 'call_7' },
      { ...none, role: 'TOOL', content: '', toolCallId: 'call_7', toolResult: { high: true } },
      { ...none, role: 'USER', content: 'Thanks' },
      { ...none, role: 'ASSISTANT', content: '', toolCalls: noted },
      { ...none, role: 'TOOL', content: 'noted', toolCallId: 't1' },
      { ...none, role: 'ASSISTANT', content: 'Noted.' },
    ]);
    expect(importConversation.passedOver).toEqual([
      { what: 'IMAGE', count: 1 },
      { what: 'EMPTY_MESSAGE', count: 2 },
    ]);
  });

  it('counts turns without anything to read as empty', async () => {
    const ann = await app.user();
    const query = `mutation ($input: ImportConversationInput!) { importConversation(input: $input) {
      conversation { messages { edges { node { role content } } } } passedOver { what count } } }`;
    const history = [
      { user: 'a', agent: '\u200b' },
      { role: 'USER', content: ' \n' },
      { role: 'ASSISTANT', content: '\u200f' },
      { role: 'ASSISTANT', content: 'b' },
    ];
    const { importConversation } = await ann.ask<any>(query, { input: { history } });
    expect(importConversation.conversation.messages.edges.map(({ node }: any) => node)).toEqual([
      { role: 'USER', content: 'a' },
      { role: 'ASSISTANT', content: 'b' },
    ]);
    expect(importConversation.passedOver).toEqual([{ what: 'EMPTY_MESSAGE', count: 3 }]);
  });

  it('takes ten thousand turns at once, and not one more', async () => {
    const ann = await app.user();
    const history = Array.from({ length: 10_000 }, () => ({ user: 'a' }));
    const { importConversation } = await ann.ask(ImportConversation, { input: { history } });
    expect(importConversation?.conversation.messageCount).toBe(10_000);
    const { errors } = await ann.send(ImportConversation, { input: { history: [...history, { user: 'a' }] } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'input.history' } }]);
  });
});

describe('context', () => {
  const Context =
    'query ($id: ID!, $messages: Int, $tokens: Int) { conversation(id: $id) { context(maxMessages: $messages, maxTokens: $tokens) { sequence } } }';

  it('is the newest six messages, oldest first', async () => {
    const ann = await app.user();
    const id = await makeConversation(ann, 9);
    const read = await ann.ask('query ($id: ID!) { conversation(id: $id) { context { sequence } } }', { id });
    expect(read.conversation.context.map((message: { sequence: number }) => message.sequence)).toEqual([
      4, 5, 6, 7, 8, 9,
    ]);
  });

  it('stops before the message that does not fit, so that there is no gap', async () => {
    const ann = await app.user();
    const id = await makeConversation(ann);
    const contents = ['small', 'long '.repeat(200), 'small', 'small'];
    await ann.ask(AddMessages, {
      input: { conversationId: id, messages: contents.map((content) => ({ role: 'USER' as const, content })) },
    });
    const read = await ann.ask(Context, { id, messages: 10, tokens: 60 });
    expect(read.conversation.context).toEqual([{ sequence: 3 }, { sequence: 4 }]);
    expect((await ann.ask(Context, { id, messages: 10, tokens: 0 })).conversation.context).toEqual([]);
    expect((await ann.ask(Context, { id, messages: 0 })).conversation.context).toEqual([]);
  });

  it.each([{ messages: -1 }, { messages: 101 }, { tokens: -1 }])('refuses %j', async (limits) => {
    const ann = await app.user();
    const { errors } = await ann.send(Context, { id: await makeConversation(ann), ...limits });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

describe('the list of conversations', () => {
  it('is ordered by the newest message, filtered by all that is asked for', async () => {
    const ann = await app.user();
    const make = async (title: string, more = {}) => {
      const { createConversation } = await ann.ask(CreateConversation, { input: { title, ...more } });
      return createConversation?.conversation.id as string;
    };
    const [first, second, third] = [
      await make('100% Alpha'),
      await make('Beta', { channel: 'VOICE' }),
      await make('alphabet_'),
    ];
    await ann.ask(AddMessage, { input: { conversationId: first, role: 'USER', content: 'now' } });
    await ann.ask(UpdateConversation, { input: { conversationId: second, pinned: true } });
    await ann.ask(UpdateConversation, { input: { conversationId: third, archived: true } });
    const titles = async (variables = {}) =>
      (await ann.ask(Conversations, variables)).conversations.edges.map(({ node }) => node.title);
    expect(await titles()).toEqual(['100% Alpha', 'alphabet_', 'Beta']);
    expect(await titles({ orderBy: 'CREATED_ASC' })).toEqual(['100% Alpha', 'Beta', 'alphabet_']);
    expect(await titles({ orderBy: 'TITLE_ASC' })).toHaveLength(3);
    expect(await titles({ filter: { titleContains: 'ALPHA' } })).toEqual(['100% Alpha', 'alphabet_']);
    expect(await titles({ filter: { titleContains: '%' } })).toEqual(['100% Alpha']);
    expect(await titles({ filter: { titleContains: '_' } })).toEqual(['alphabet_']);
    expect(await titles({ filter: { pinned: true } })).toEqual(['Beta']);
    expect(await titles({ filter: { archived: false, channel: 'TEXT' } })).toEqual(['100% Alpha']);
  });
});
