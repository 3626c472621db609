import { beforeAll, describe, expect, it } from 'vitest';
import { makeConversation } from '../support/fixtures.ts';
import { AddMessage, AddMessages, Messages } from '../support/operations.ts';
import type { Parley } from '../support/parley.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();
let second: Parley;
beforeAll(async () => {
  second = await app.start('server');
  return async () => expect(await second.stop()).toBe(0);
});
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
const say = (conversationId: string, content: string, more = {}) => ({
  input: { conversationId, role: 'USER' as const, content, ...more },
});

it.each([' ', '\n\t', '\u200b\u200f\ufeff', '\u3164\u2800\u200d'])(
  'a message has something to read: not %j',
  async (content) => {
    const ann = await app.user();
    const id = await makeConversation(ann);
    const { errors } = await ann.send(AddMessage, say(id, content));
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'input.content' } }]);
    const { addMessage } = await ann.ask(AddMessage, say(id, content, { toolResult: { a: 1 } }));
    expect(addMessage?.message).toMatchObject({ sequence: 1, content });
    await ann.ask(AddMessage, say(id, 'א\u200f'));
  },
);

describe('numbers', () => {
  it('have no gap under fifty concurrent writers of one conversation', async () => {
    const ann = await app.user();
    const id = await makeConversation(ann);
    const added = await Promise.all(upTo(50).map((writer) => ann.ask(AddMessage, say(id, `from ${writer}`))));
    expect(added.map(({ addMessage }) => addMessage?.message.sequence).toSorted(ascending)).toEqual(upTo(50));
    const { conversation } = await ann.ask(Messages, { id, first: 50 });
    expect(conversation?.messages.edges.map(({ node }) => node.sequence)).toEqual(upTo(50));
  });

  it('have no gap where writers of several processes share conversations, in batches of any size', async () => {
    const ann = await app.user();
    const ids = [await makeConversation(ann), await makeConversation(ann), await makeConversation(ann)];
    const clients = [ann, second.as(ann)];
    await Promise.all(
      upTo(60).map((writer) => {
        const messages = upTo(1 + (writer % 4)).map((part) => ({
          role: 'USER' as const,
          content: `${writer}.${part}`,
        }));
        return clients[writer % 2]?.ask(AddMessages, {
          input: { conversationId: ids[writer % 3] as string, messages },
        });
      }),
    );
    for (const id of ids) {
      const { conversation } = await ann.ask(Messages, { id, last: 100 });
      expect(conversation?.messages.edges.map(({ node }) => node.sequence)).toEqual(
        upTo(conversation?.messageCount ?? 0),
      );
    }
  });

  it('of one call follow each other, whoever writes at the same time', async () => {
    const ann = await app.user();
    const id = await makeConversation(ann);
    const calls = await Promise.all(
      upTo(10).map((call) =>
        ann.ask(AddMessages, {
          input: {
            conversationId: id,
            messages: upTo(10).map((part) => ({ role: 'USER' as const, content: `${call}.${part}` })),
          },
        }),
      ),
    );
    for (const { addMessages } of calls) {
      const numbers = addMessages?.messages.map(({ sequence }) => sequence) ?? [];
      expect(numbers).toEqual(upTo(10).map((part) => (numbers[0] ?? 0) + part - 1));
    }
  });
});

describe('addMessages', () => {
  it('stores all or none', async () => {
    const ann = await app.user();
    const id = await makeConversation(ann);
    const messages = [
      { role: 'USER' as const, content: 'fine' },
      { role: 'USER' as const, content: 'not \0 fine' },
    ];
    const { errors } = await ann.send(AddMessages, { input: { conversationId: id, messages } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'input.messages.1.content' } }]);
    expect((await ann.ask(Messages, { id })).conversation?.messageCount).toBe(0);
  });

  it.each([0, 101])('refuses %i at once', async (count) => {
    const ann = await app.user();
    const id = await makeConversation(ann);
    const messages = upTo(count).map((part) => ({ role: 'USER' as const, content: `${part}` }));
    const { errors } = await ann.send(AddMessages, { input: { conversationId: id, messages } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'input.messages' } }]);
  });
});

describe('an idempotency key', () => {
  it('sent by twenty at once, through two processes and both transports, stores one message', async () => {
    const ann = await app.user();
    const id = await makeConversation(ann);
    const variables = say(id, 'once', { idempotencyKey: 'k' });
    const there = second.as(ann);
    const overSocket = async () => (await ann.follow(AddMessage, variables).take(1))[0];
    const answers = await Promise.all([
      ...upTo(10).map(() => ann.ask(AddMessage, variables)),
      ...upTo(8).map(() => there.ask(AddMessage, variables)),
      overSocket(),
      overSocket(),
    ]);
    expect(new Set(answers.map((answer) => answer?.addMessage?.message.id)).size).toBe(1);
    expect((await ann.ask(Messages, { id })).conversation?.messageCount).toBe(1);
  });

  it('with another input is a conflict, and changes nothing', async () => {
    const ann = await app.user();
    const id = await makeConversation(ann);
    await ann.ask(AddMessage, say(id, 'first', { idempotencyKey: 'k' }));
    const { errors } = await ann.send(AddMessage, say(id, 'second', { idempotencyKey: 'k' }));
    expect(errors).toMatchObject([{ extensions: { code: 'IDEMPOTENCY_CONFLICT' } }]);
    expect((await ann.ask(Messages, { id })).conversation?.messageCount).toBe(1);
  });

  it('belongs to its user', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const [hers, his] = [await makeConversation(ann), await makeConversation(bob)];
    await ann.ask(AddMessage, say(hers, 'hi', { idempotencyKey: 'same' }));
    const { addMessage } = await bob.ask(AddMessage, say(his, 'hi', { idempotencyKey: 'same' }));
    expect(addMessage?.message.sequence).toBe(1);
  });

  it('is not used up by a request that failed', async () => {
    const ann = await app.user();
    const id = await makeConversation(ann);
    await ann.send(AddMessage, say(id, '', { idempotencyKey: 'k' }));
    const { addMessage } = await ann.ask(AddMessage, say(id, 'now right', { idempotencyKey: 'k' }));
    expect(addMessage?.message.sequence).toBe(1);
  });
});

describe('content', () => {
  it('comes back as it was sent: Hebrew, emoji, JSON in its own order and with odd characters', async () => {
    const ann = await app.user();
    const id = await makeConversation(ann);
    const toolCalls = [{ z: 1, a: { ' \u0000 \ud800': [1.5, null, true] } }];
    await ann.ask(
      AddMessage,
      say(id, 'שָׁלוֹם 👋🏽 "quotes" \\ and \n lines', { toolCalls, metadata: { b: 1, a: '\u2028' } }),
    );
    const read = 'query ($id: ID!) { conversation(id: $id) { lastMessage { content toolCalls metadata } } }';
    const { lastMessage } = (await ann.ask(read, { id })).conversation;
    expect(lastMessage.content).toBe('שָׁלוֹם 👋🏽 "quotes" \\ and \n lines');
    expect(JSON.stringify(lastMessage.toolCalls)).toBe(JSON.stringify(toolCalls));
    expect(JSON.stringify(lastMessage.metadata)).toBe('{"b":1,"a":"\u2028"}');
  });

  it('may be empty only beside tool fields', async () => {
    const ann = await app.user();
    const id = await makeConversation(ann);
    const { errors } = await ann.send(AddMessage, say(id, ''));
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'input.content' } }]);
    await ann.ask(AddMessage, say(id, '', { toolCalls: [{ name: 'look up' }] }));
  });
});

const ascending = (a: number | undefined, b: number | undefined) => (a ?? 0) - (b ?? 0);
