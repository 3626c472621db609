import { describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { importExport } from '../support/exports.ts';
import { AddMessage, Conversations, CreateConversation, ImportConversation } from '../support/operations.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

const Times = `{ conversations(first: 5) { edges { node { createdAt lastMessageAt
  messages(first: 20) { edges { node { content sentAt } } } } } } }`;

async function timesOf(client: Client) {
  const { conversations } = await client.ask(Times);
  const [{ createdAt, lastMessageAt, messages }] = conversations.edges.map(({ node }: any) => node);
  return { createdAt, lastMessageAt, sentAt: messages.edges.map(({ node }: any) => node.sentAt) };
}

type Turn = { content: string; sentAt?: string };

/** Imports the same turns as a history, and as a file. */
async function importTwice(turns: Turn[]) {
  const [ann, bob] = [await app.user(), await app.user()];
  const history = turns.map((turn, index) => ({
    role: index % 2 ? ('ASSISTANT' as const) : ('USER' as const),
    ...turn,
  }));
  await ann.ask(ImportConversation, { input: { title: 'נמל', history } });
  const messages = history.map(({ role, content, sentAt }) => ({
    role: role.toLowerCase(),
    content,
    ...(sentAt ? { timestamp: sentAt } : {}),
  }));
  await importExport(app.parley.url, bob, [{ title: 'נמל', messages }]);
  return [await timesOf(ann), await timesOf(bob)];
}

const [FIRST, SECOND, THIRD] = ['2024-03-01T10:00:00.000Z', '2024-03-01T10:05:00.000Z', '2024-03-02T08:00:00.000Z'];

describe('times of an imported conversation', () => {
  it.each<[string, (string | null)[], string[]]>([
    ['all are given', [FIRST, SECOND, THIRD], [FIRST, SECOND, THIRD]],
    ['some in the middle and at the end are missing', [FIRST, null, THIRD, null], [FIRST, FIRST, THIRD, THIRD]],
    ['those at the beginning are missing', [null, null, SECOND, THIRD], [SECOND, SECOND, SECOND, THIRD]],
    ['they are not in order', [SECOND, FIRST, null], [SECOND, FIRST, FIRST]],
  ])('are the same from a history and from a file if %s', async (_what, given, sentAt) => {
    const turns = given.map((time, index) => ({ content: `שורה ${index}`, ...(time ? { sentAt: time } : {}) }));
    const sorted = sentAt.toSorted();
    const expected = { createdAt: sorted[0], lastMessageAt: sorted.at(-1), sentAt };
    expect(await importTwice(turns)).toEqual([expected, expected]);
  });

  it('are now where none is given, and a creation is never in the future', async () => {
    const before = Date.now();
    for (const imported of await importTwice([{ content: 'a' }, { content: 'b' }]))
      for (const time of [imported.createdAt, imported.lastMessageAt, ...imported.sentAt])
        expect(Date.parse(time)).toSatisfy((ms: number) => before - 1_000 <= ms && ms <= Date.now() + 1_000);
    for (const imported of await importTwice([{ content: 'a', sentAt: '2199-01-01T00:00:00.000Z' }]))
      expect(Date.parse(imported.createdAt)).toBeLessThanOrEqual(Date.now() + 1_000);
  });

  it('put the conversation at its place in the order of creation, and a new message makes it the newest', async () => {
    const ann = await app.user();
    const orders = async () => {
      const titles = async (orderBy: 'CREATED_DESC' | 'LAST_MESSAGE_DESC') =>
        (await ann.ask(Conversations, { orderBy })).conversations.edges.map(({ node }) => node.title);
      return [await titles('CREATED_DESC'), await titles('LAST_MESSAGE_DESC')];
    };
    await ann.ask(CreateConversation, { input: { title: 'new' } });
    const { importConversation } = await ann.ask(ImportConversation, {
      input: { title: 'of 2024', history: [{ user: 'hi', sentAt: FIRST }, { agent: 'hello' }] },
    });
    expect(await orders()).toEqual([
      ['new', 'of 2024'],
      ['new', 'of 2024'],
    ]);
    const conversationId = importConversation?.conversation.id as string;
    await ann.ask(AddMessage, { input: { conversationId, role: 'USER', content: 'more' } });
    expect(await orders()).toEqual([
      ['new', 'of 2024'],
      ['of 2024', 'new'],
    ]);
  });
});

describe('conversations without any times', () => {
  const LIST = `query ($orderBy: ConversationOrder!) { conversations(first: 100, orderBy: $orderBy) {
    edges { node { id title createdAt lastMessageAt messages(first: 1) { edges { node { sentAt } } } } } } }`;
  const list = async (client: Client, orderBy: string) =>
    (await client.ask<any>(LIST, { orderBy })).conversations.edges.map(({ node }: any) => node);
  const titles = (nodes: any[]) => nodes.map(({ title }) => title);
  /** Some of them long, so that they are written by themselves, and none with an id. */
  const file = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => ({
      title: `שיחה ${from + index}`,
      messages: [
        { role: 'user', content: `${from + index}${index % 9 === 4 ? ' word'.repeat(15_000) : ''}` },
        { role: 'assistant', content: 'Yes.' },
      ],
    }));

  it('are listed in the order of the file, and stay so when it is sent again', async () => {
    const ann = await app.user();
    const before = Date.now();
    expect((await importExport(app.parley.url, ann, file(0, 40))).result).toMatchObject({ conversations: 40 });
    const inOrder = file(0, 40).map(({ title }) => title);
    const listed = await list(ann, 'CREATED_ASC');
    expect(titles(listed)).toEqual(inOrder);
    expect(titles(await list(ann, 'CREATED_DESC'))).toEqual(inOrder.toReversed());
    expect(titles(await list(ann, 'LAST_MESSAGE_DESC'))).toEqual(inOrder.toReversed());
    for (const { createdAt, lastMessageAt, messages } of listed) {
      expect([lastMessageAt, messages.edges[0].node.sentAt]).toEqual([createdAt, createdAt]);
      expect(Date.parse(createdAt)).toSatisfy((ms: number) => before - 1_000 <= ms && ms <= Date.now());
    }
    expect((await importExport(app.parley.url, ann, file(0, 45))).result).toMatchObject({
      conversations: 5,
      alreadyThere: 40,
    });
    const again = await list(ann, 'CREATED_ASC');
    expect(again.slice(0, 40)).toEqual(listed);
    expect(titles(again)).toEqual(file(0, 45).map(({ title }) => title));
  });
});
