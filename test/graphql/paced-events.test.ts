import { expect, it } from 'vitest';
import { makeConversation } from '../support/fixtures.ts';
import { useParley } from '../support/use-parley.ts';

const POINTS = 200;
const app = useParley();

it('events that cost as much as a query are paid for, and pause while nothing is left', async () => {
  const ann = await app.user();
  const conversationId = await makeConversation(ann, 60);
  const poor = await app.start('server', { RATE_LIMIT_POINTS: String(POINTS) });
  const FOLLOW = (inside: string) =>
    `subscription ($id: ID!) { messageAdded(conversationId: $id, afterSequence: 0) { sequence ${inside} } }`;
  const dear = poor.as(ann).follow(FOLLOW('conversation { messages(first: 100) { edges { node { id role } } } }'), {
    id: conversationId,
  });
  const perEvent = 8;
  let seen = 0;
  const all = (async () => {
    for await (const { data } of dear) if (data) seen += 1;
  })();
  while (seen < POINTS / perEvent - 5) await new Promise((resolve) => setTimeout(resolve, 20));
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(seen).toBeLessThan(60);
  const generous = app.parley.as(ann).follow(FOLLOW(''), { id: conversationId });
  expect(await generous.take(60)).toHaveLength(60);
  await generous.return(undefined);
  await dear.return(undefined);
  await all;
});
