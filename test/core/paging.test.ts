import { describe, expect, it } from 'vitest';
import type { MessagesQueryVariables } from '../generated/graphql.ts';
import type { Client } from '../support/client.ts';
import { makeConversation } from '../support/fixtures.ts';
import { AddMessage, Conversations, Messages } from '../support/operations.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

async function pageOf(client: Client, variables: MessagesQueryVariables) {
  const { conversation } = await client.ask(Messages, variables);
  if (!conversation) throw new Error('There is no such conversation.');
  const { edges, pageInfo } = conversation.messages;
  return { numbers: edges.map(({ node }) => node.sequence), ...pageInfo };
}

describe('pages', () => {
  it('go forward through everything once, and back', async () => {
    const ann = await app.user();
    const id = await makeConversation(ann, 25);
    const forward = await pageOf(ann, { id, first: 10 });
    expect(forward).toMatchObject({ numbers: range(1, 10), hasNextPage: true, hasPreviousPage: false });
    const next = await pageOf(ann, { id, first: 10, after: forward.endCursor ?? null });
    expect(next).toMatchObject({ numbers: range(11, 20), hasNextPage: true, hasPreviousPage: true });
    const last = await pageOf(ann, { id, first: 10, after: next.endCursor ?? null });
    expect(last).toMatchObject({ numbers: range(21, 25), hasNextPage: false });
    const end = await pageOf(ann, { id, last: 10 });
    expect(end).toMatchObject({ numbers: range(16, 25), hasPreviousPage: true, hasNextPage: false });
    const back = await pageOf(ann, { id, last: 10, before: end.startCursor ?? null });
    expect(back).toMatchObject({ numbers: range(6, 15), hasPreviousPage: true, hasNextPage: true });
    const between = await pageOf(ann, {
      id,
      first: 10,
      after: forward.startCursor ?? null,
      before: forward.endCursor ?? null,
    });
    expect(between.numbers).toEqual(range(2, 9));
  });

  it('hold twenty where nothing is said, none where none is asked for, a hundred at most', async () => {
    const ann = await app.user();
    const id = await makeConversation(ann, 101);
    expect((await pageOf(ann, { id })).numbers).toEqual(range(1, 20));
    expect(await pageOf(ann, { id, first: 0 })).toMatchObject({ numbers: [], hasNextPage: true });
    expect((await pageOf(ann, { id, last: 100 })).numbers).toEqual(range(2, 101));
  });

  it('stay where they are while rows are added', async () => {
    const ann = await app.user();
    const id = await makeConversation(ann, 5);
    const { endCursor } = await pageOf(ann, { id, first: 3 });
    await ann.ask(AddMessage, { input: { conversationId: id, role: 'USER', content: 'new' } });
    expect((await pageOf(ann, { id, first: 10, after: endCursor ?? null })).numbers).toEqual([4, 5, 6]);
  });

  it('around a message that a search found begin at its number', async () => {
    const ann = await app.user();
    const id = await makeConversation(ann, 9);
    const around = `query ($id: ID!, $found: Int!) { conversation(id: $id) {
      earlier: messages(last: 2, beforeSequence: $found) { edges { node { sequence } } pageInfo { startCursor } }
      later: messages(first: 2, afterSequence: $found) { edges { node { sequence } } pageInfo { endCursor } } } }`;
    const { earlier, later } = (await ann.ask(around, { id, found: 5 })).conversation;
    expect([earlier, later].map(numbersOf)).toEqual([
      [3, 4],
      [6, 7],
    ]);
    expect((await pageOf(ann, { id, last: 9, before: earlier.pageInfo.startCursor })).numbers).toEqual([1, 2]);
    expect((await pageOf(ann, { id, first: 9, after: later.pageInfo.endCursor })).numbers).toEqual([8, 9]);
    const beyond = (await ann.ask(around, { id, found: 2_147_483_647 })).conversation;
    expect([beyond.earlier, beyond.later].map(numbersOf)).toEqual([[8, 9], []]);
  });

  it('after number 0 have none before them', async () => {
    const ann = await app.user();
    const id = await makeConversation(ann, 3);
    const after = `query ($id: ID!, $sequence: Int!) { conversation(id: $id) {
      messages(first: 2, afterSequence: $sequence) { edges { node { sequence } } pageInfo { hasPreviousPage hasNextPage } } } }`;
    const read = async (sequence: number) => (await ann.ask(after, { id, sequence })).conversation.messages;
    const [fromStart, fromFirst] = [await read(0), await read(1)];
    expect([fromStart, fromFirst].map(numbersOf)).toEqual([
      [1, 2],
      [2, 3],
    ]);
    expect(fromStart.pageInfo).toEqual({ hasPreviousPage: false, hasNextPage: true });
    expect(fromFirst.pageInfo).toEqual({ hasPreviousPage: true, hasNextPage: false });
  });

  it('of some roles count and page only those', async () => {
    const ann = await app.user();
    const id = await makeConversation(ann, 3);
    await ann.ask(AddMessage, { input: { conversationId: id, role: 'ASSISTANT', content: 'yes' } });
    const count =
      'query ($id: ID!) { conversation(id: $id) { messages(roles: [ASSISTANT]) { totalCount edges { node { sequence } } } } }';
    const { messages } = (await ann.ask(count, { id })).conversation;
    expect(messages).toEqual({ totalCount: 1, edges: [{ node: { sequence: 4 } }] });
  });

  it('of conversations that were made in the same millisecond miss none', async () => {
    const ann = await app.user();
    await Promise.all(Array.from({ length: 23 }, () => makeConversation(ann)));
    const seen: string[] = [];
    const readFrom = async (after: string | null): Promise<void> => {
      const { conversations } = await ann.ask(Conversations, { first: 5, after, orderBy: 'CREATED_DESC' });
      seen.push(...conversations.edges.map(({ node }) => node.id));
      if (conversations.pageInfo.hasNextPage) await readFrom(conversations.pageInfo.endCursor ?? null);
    };
    await readFrom(null);
    expect(new Set(seen).size).toBe(23);
    expect(seen).toHaveLength(23);
  });
});

type Numbered = { edges: { node: { sequence: number } }[] };
const numbersOf = ({ edges }: Numbered) => edges.map(({ node }) => node.sequence);

describe('a page is refused', () => {
  it.each([{ first: -1 }, { first: 101 }, { last: -1 }, { last: 101 }, { first: 1, last: 1 }])(
    'for %j',
    async (args) => {
      const ann = await app.user();
      const { errors } = await ann.send(Messages, { id: await makeConversation(ann), ...args });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    },
  );

  it.each(['after', 'before'])('for both %s and its number', async (end) => {
    const ann = await app.user();
    const id = await makeConversation(ann, 1);
    const { startCursor } = await pageOf(ann, { id });
    const query = `query ($id: ID!, $cursor: String) { conversation(id: $id) {
      messages(${end}: $cursor, ${end}Sequence: 1) { totalCount } } }`;
    const { errors } = await ann.send(query, { id, cursor: startCursor });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: `${end}Sequence` } }]);
  });

  it('for a cursor that was tampered with, made up, or is of another list', async () => {
    const ann = await app.user();
    const id = await makeConversation(ann, 3);
    const good = (await pageOf(ann, { id, first: 1 })).endCursor as string;
    const { conversations } = await ann.ask(Conversations, { first: 1 });
    const byTitle = (await ann.ask(Conversations, { first: 1, orderBy: 'TITLE_ASC' })).conversations;
    const flipped = good.slice(0, -1) + (good.endsWith('A') ? 'B' : 'A');
    const bad = [
      flipped,
      good.slice(1),
      `${good}A`,
      'garbage',
      '',
      '%%%',
      '\u0000',
      conversations.edges[0]?.cursor as string,
    ];
    for (const after of bad) {
      const { errors } = await ann.send(Messages, { id, after });
      expect(errors, after).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'after' } }]);
    }
    const crossed = await ann.send(Conversations, {
      after: byTitle.edges[0]?.cursor as string,
      orderBy: 'CREATED_DESC',
    });
    expect(crossed.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
