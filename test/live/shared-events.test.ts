import { beforeAll, describe, expect, it } from 'vitest';
import type { Client, Feed } from '../support/client.ts';
import { makeConversation } from '../support/fixtures.ts';
import { AddMessage } from '../support/operations.ts';
import type { User } from '../support/parley.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();
let ann: User;
let conversationId: string;

beforeAll(async () => {
  ann = await app.user();
  conversationId = await makeConversation(ann, 3);
});

const add = (content: string) => ann.ask(AddMessage, { input: { conversationId, role: 'USER' as const, content } });
const follow = (client: Client, selection: string, afterSequence = 2) =>
  client.follow(
    `subscription ($id: ID!, $after: Int) { messageAdded(conversationId: $id, afterSequence: $after) { ${selection} } }`,
    { id: conversationId, after: afterSequence },
  );
const leaveAll = (feeds: readonly Feed<unknown>[]) => Promise.all(feeds.map((feed) => feed.return(undefined)));

describe('many who follow the same', () => {
  it('get each event once and in order, each with the fields and from where it asked', async () => {
    const feeds = [
      ...Array.from({ length: 20 }, () => follow(ann, 'sequence content')),
      ...Array.from({ length: 5 }, () => follow(ann, 'sequence conversation { messageCount }')),
      follow(ann, 'sequence content', 0),
    ];
    const first = await Promise.all(feeds.map((feed) => feed.take(1)));
    expect(first.map(([event]) => event.messageAdded.sequence)).toEqual([...Array(25).fill(3), 1]);
    await Promise.all(['four', 'five'].map(add));
    const next = await Promise.all(feeds.map((feed) => feed.take(2)));
    const told = (events: { messageAdded: unknown }[] | undefined) => events?.map(({ messageAdded }) => messageAdded);
    for (const events of next.slice(0, 20)) {
      expect(told(events)).toEqual(told(next[0]));
      expect(told(events)).toEqual([
        { sequence: 4, content: expect.stringMatching(/four|five/) },
        { sequence: 5, content: expect.stringMatching(/four|five/) },
      ]);
    }
    for (const events of next.slice(20, 25)) {
      expect(told(events)).toEqual(told(next[20]));
      expect(told(events)).toMatchObject([
        { sequence: 4, conversation: { messageCount: expect.toSatisfy((count) => count === 4 || count === 5) } },
        { sequence: 5, conversation: { messageCount: 5 } },
      ]);
    }
    expect(told(next[25])).toEqual([2, 3].map((sequence) => ({ sequence, content: `message ${sequence}` })));
    await leaveAll(feeds);
  });

  it('hear of everything, whatever its length, wherever they began and whoever leaves', async () => {
    const id = await makeConversation(ann, 1);
    const text =
      'subscription ($id: ID!, $after: Int) { messageAdded(conversationId: $id, afterSequence: $after) { sequence content } }';
    const from = (after: number | null) => ann.follow(text, { id, after });
    const [leaver, ...feeds] = Array.from({ length: 10 }, (_, index) => from(index % 2));
    const contents = ['שלום', 'a'.repeat(100), 'ב'.repeat(200), '😀'.repeat(3_000), 'x'.repeat(100_000), 'last'];
    const addAll = async (texts: readonly string[]) => {
      for (const content of texts)
        await ann.ask(AddMessage, { input: { conversationId: id, role: 'USER' as const, content } });
    };
    await addAll(contents.slice(0, 3));
    expect(await leaver?.take(4)).toHaveLength(4);
    await leaver?.return(undefined);
    const late = from(2);
    await addAll(contents.slice(3));
    const all = ['message 1', ...contents].map((content, index) => ({ sequence: index + 1, content }));
    const told = await Promise.all(feeds.map((feed, index) => feed.take(index % 2 ? 7 : 6)));
    for (const [index, events] of told.entries())
      expect(events.map(({ messageAdded }) => messageAdded)).toEqual(index % 2 ? all : all.slice(1));
    expect((await late.take(5)).map(({ messageAdded }) => messageAdded)).toEqual(all.slice(2));
    await leaveAll([...feeds, late]);
  });

  it('see what their own key may see', async () => {
    const bob = await app.user();
    const [mine, theirs] = [follow(ann, 'sequence'), follow(bob, 'sequence')];
    expect(await mine.take(1)).toEqual([{ messageAdded: { sequence: 3 } }]);
    expect((await theirs.next()).value).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    await leaveAll([mine, theirs]);
  });
});
