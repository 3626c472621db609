import { describe, expect, it } from 'vitest';
import { useApp } from './support/app.ts';

const app = useApp();

describe('numbering', () => {
  it('gives fifty concurrent writers consecutive numbers without a gap', async () => {
    const ann = await app.user();
    const { conversation } = (await ann.ask('mutation { createConversation(input: {}) { conversation { id } } }')).createConversation;
    const ADD = 'mutation ($id: ID!, $content: String!) { addMessage(input: { conversationId: $id, role: USER, content: $content }) { message { sequence } } }';
    const added = await Promise.all(
      Array.from({ length: 50 }, (_, writer) => ann.ask(ADD, { id: conversation.id, content: `from ${writer}` })),
    );
    const numbers = added.map(({ addMessage }) => addMessage.message.sequence as number);
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  });
});
