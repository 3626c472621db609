import { beforeAll, describe, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../support/databases.ts';
import { makeConversation } from '../support/fixtures.ts';
import { AddMessage, SaveMemory } from '../support/operations.ts';
import type { User } from '../support/parley.ts';
import { EVERY_TRANSPORT } from '../support/transports.ts';
import { useParley } from '../support/use-parley.ts';

describeOnEachDatabase((on) => {
  const app = useParley({ on });
  let ann: User;

  beforeAll(async () => {
    ann = await app.user();
  });

  const add = (conversationId: string, content: string, more = {}) =>
    ann.ask(AddMessage, { input: { conversationId, role: 'USER' as const, content, ...more } });

  /** Texts around the size from which on they are read by themselves, in one and in two bytes a letter. */
  const TEXTS = [0, 1, -1, 5_000].flatMap((more) => ['x'.repeat(2_048 + more), 'ש'.repeat(1_024 + more)]);

  it('texts of every size are whole: in lists, by id, in events, with what JSON they have', async () => {
    const conversationId = await makeConversation(ann);
    const metadata = { long: 'm'.repeat(3_000) };
    for (const [index, content] of TEXTS.entries()) await add(conversationId, content, index % 2 ? { metadata } : {});
    const { conversation } = await ann.ask(
      'query ($id: ID!) { conversation(id: $id) { messages { edges { node { id content metadata } } } } }',
      { id: conversationId },
    );
    const nodes = conversation.messages.edges.map(({ node }: { node: object }) => node);
    expect(nodes.map(({ content }: { content: string }) => content)).toEqual(TEXTS);
    expect(nodes.map((node: { metadata: unknown }) => node.metadata)).toEqual(
      TEXTS.map((_, index) => (index % 2 ? metadata : null)),
    );
    const ids = nodes.map(({ id }: { id: string }) => id);
    const found = await ann.ask(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Message { id content metadata } } }',
      {
        ids: [...ids, ...ids],
      },
    );
    expect(found.nodes).toEqual([...nodes, ...nodes]);
    const feed = ann.follow(
      'subscription ($id: ID!) { messageAdded(conversationId: $id, afterSequence: 0) { id content metadata } }',
      { id: conversationId },
    );
    expect((await feed.take(TEXTS.length)).map(({ messageAdded }) => messageAdded)).toEqual(nodes);
    await feed.return(undefined);
  });

  it('a long memory is whole', async () => {
    const content = 'a long story, told well. '.repeat(390);
    const { saveMemory } = await ann.ask(SaveMemory, { input: { content } });
    expect(saveMemory?.memory.content).toBe(content);
    const { memories } = await ann.ask('{ memories { edges { node { content } } } }');
    expect(memories.edges[0].node.content).toBe(content);
  });

  describe('an answer of more than 16 MiB', () => {
    const LARGE = '-'.repeat(195_000); // which has no words to index
    let conversationId: string;

    beforeAll(async () => {
      conversationId = await makeConversation(ann);
      for (let index = 0; index < 10; index += 1)
        await Promise.all(Array.from({ length: 5 }, () => add(conversationId, LARGE)));
    });

    const refusal = {
      message: expect.stringContaining('16777216 bytes'),
      extensions: expect.objectContaining({ code: 'LIMIT_EXCEEDED', limit: 16_777_216 }),
    };

    it('by one object many times is refused', async () => {
      const { data, errors } = await ann.send(
        'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Conversation { messages(first: 50) { edges { node { content } } } } } }',
        { ids: Array(45).fill(conversationId) },
      );
      expect(data ?? null).toBeNull();
      expect(errors).toEqual([refusal]);
    });

    it('by aliases of one text is refused', async () => {
      const aliases = Array.from({ length: 12 }, (_, index) => `a${index}: content`).join(' ');
      const { errors } = await ann.send(
        `query ($id: ID!) { conversation(id: $id) { messages(first: 10) { edges { node { ${aliases} } } } } }`,
        { id: conversationId },
      );
      expect(errors).toEqual([refusal]);
    });

    it('by what many objects lead to is refused', async () => {
      const { messages } = (
        await ann.ask('query ($id: ID!) { conversation(id: $id) { messages(first: 50) { edges { node { id } } } } }', {
          id: conversationId,
        })
      ).conversation;
      const ids = messages.edges.map(({ node }: { node: { id: string } }) => node.id);
      const { errors } = await ann.send(
        'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Message { conversation { messages(first: 2) { edges { node { content } } } } } } }',
        { ids },
      );
      expect(errors).toEqual([refusal]);
    });

    it('is refused as an event, of which 4 MiB are the most, where one text stands many times', async () => {
      const aliases = Array.from({ length: 12 }, (_, index) => `a${index}: content`).join(' ');
      const feed = ann.follow(
        `subscription ($id: ID!) { messageAdded(conversationId: $id, afterSequence: 49) {
          conversation { messages(first: 3) { edges { node { ${aliases} } } } } } }`,
        { id: conversationId },
      );
      const { value } = await feed.next();
      expect(value.errors).toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED', limit: 4_194_304 } }]);
      await feed.return(undefined);
    });

    it('by many lists at once is refused before they are read', async () => {
      const others = await Promise.all(Array.from({ length: 2 }, () => makeConversation(ann)));
      for (let index = 0; index < 20; index += 1) await Promise.all(others.map((other) => add(other, LARGE)));
      const { errors } = await ann.send(
        'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Conversation { messages(first: 50) { edges { node { content } } } } } }',
        { ids: [conversationId, ...others] },
      );
      expect(errors?.[0]).toMatchObject({ extensions: { code: 'LIMIT_EXCEEDED', limit: 16_777_216 } });
    });

    it('of which many wait to be read is refused: those of one viewer hold 64 MiB', async () => {
      const query = 'query ($id: ID!) { conversation(id: $id) { messages(first: 50) { edges { node { content } } } } }';
      const answers = await Promise.all(Array.from({ length: 12 }, () => ann.send(query, { id: conversationId })));
      const refused = answers.flatMap(({ errors }) => errors ?? []);
      expect(refused.length).toBeGreaterThan(0);
      for (const error of refused)
        expect(error).toMatchObject({ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 1 } });
      expect((await ann.send(query, { id: conversationId })).errors).toBeUndefined();
    });

    it('costs points by its bytes', async () => {
      const left = ({ headers }: { headers: Headers }) => Number(/r=(\d+)/.exec(String(headers.get('ratelimit')))?.[1]);
      const before = left(await ann.send('{ __typename }'));
      const query = 'query ($id: ID!) { conversation(id: $id) { messages(first: 50) { edges { node { content } } } } }';
      expect(before - left(await ann.send(query, { id: conversationId }))).toBeGreaterThan((50 * 195_000) / 65_536);
    });

    it.each(EVERY_TRANSPORT)(
      'may come by %s as long as it fits there: events have 4 MiB at most',
      async (name, ask) => {
        const query =
          'query ($id: ID!, $first: Int!) { conversation(id: $id) { messages(first: $first) { edges { node { content } } } } }';
        const read = (first: number) =>
          ask(app.parley.url, ann.key, { query, variables: { id: conversationId, first } });
        const few = await read(20);
        expect(few.data.conversation.messages.edges).toEqual(Array(20).fill({ node: { content: LARGE } }));
        const { errors } = await read(25);
        const isEvent = name === 'a WebSocket' || name.includes('server-sent');
        expect(errors?.[0]?.extensions).toEqual(
          isEvent ? expect.objectContaining({ code: 'LIMIT_EXCEEDED', limit: 4_194_304 }) : undefined,
        );
      },
    );

    it('does not keep the same from being read in smaller pages', async () => {
      const { data, errors } = await ann.send(
        'query ($id: ID!) { conversation(id: $id) { messages(first: 50) { edges { node { content } } } } }',
        { id: conversationId },
      );
      expect(errors).toBeUndefined();
      expect(data.conversation.messages.edges.map(({ node }: { node: { content: string } }) => node.content)).toEqual(
        Array(50).fill(LARGE),
      );
    });
  });
});
