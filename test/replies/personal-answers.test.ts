import { expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { ReplyOf } from '../support/operations.ts';
import { readReply, send } from '../support/replies.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

const MEMORIES = /* GraphQL */ `query { memories(first: 10) { edges { node { id content lastRecalledAt } } } }`;

const replyTo = async (reader: Client, content: string) => {
  const { reply } = await send(reader, content);
  const { text } = await readReply(reader, reply.id);
  const { node } = await reader.ask(ReplyOf, { id: reply.id });
  return { text, citations: (node as any).citations };
};
const memoriesOf = async (reader: Client) =>
  (await reader.ask(MEMORIES)).memories.edges.map(({ node }: { node: any }) => node);

it.each([
  {
    told: 'Hi! My dog is called Rex.',
    asked: 'What is my dog called?',
    answer: 'You told me: “My dog is called Rex.”',
    all: 'What do you know about me?',
  },
  {
    told: 'קוראים לי דנה',
    asked: 'איך קוראים לי?',
    answer: 'סיפרת לי: "קוראים לי דנה."',
    all: 'מה אתה יודע עליי?',
  },
])('what is told in one conversation is recalled in another: $told', async ({ told, asked, answer, all }) => {
  const [ann, bob] = [await app.user(), await app.user()];
  await replyTo(ann, told);
  const [memory] = await until(
    () => memoriesOf(ann),
    (memories) => memories.length > 0,
  );
  expect(memory.lastRecalledAt).toBeNull();
  expect(await replyTo(ann, asked)).toMatchObject({
    text: answer,
    citations: [{ quote: memory.content, memory: { id: memory.id }, segment: null }],
  });
  const [recalled] = await memoriesOf(ann);
  expect(recalled.lastRecalledAt).not.toBeNull();
  expect((await replyTo(ann, all)).citations).toMatchObject([{ memory: { id: memory.id } }]);
  expect((await replyTo(bob, asked)).citations).toEqual([]);
});
