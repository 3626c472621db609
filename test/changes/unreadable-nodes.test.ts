import pg from 'pg';
import { expect, it } from 'vitest';
import { makeEpisode } from '../support/fixtures.ts';
import { CreateConversation, UpdateConversation } from '../support/operations.ts';
import { OF_THIS_DATABASE, sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();
const CHANGES = `subscription ($after: String) { changes(after: $after) {
  changes { id node { ... on Conversation { title episode { title } } } } cursor } }`;

it('a change whose node cannot be read now ends the subscription, and is there when it is resumed', async () => {
  const ann = await app.user();
  const episodeId = await makeEpisode(ann);
  const { createConversation } = await ann.ask(CreateConversation, { input: { episodeId } });
  const conversationId = createConversation?.conversation.id as string;
  await using live = ann.follow(CHANGES);
  await using other = ann.stream(CHANGES);
  const [{ changes: begin }] = (await live.take(1)) as [{ changes: { cursor: string } }];
  await other.take(1);
  const locker = new pg.Client({ connectionString: app.database.url });
  await locker.connect();
  try {
    await locker.query('BEGIN; LOCK TABLE episodes IN ACCESS EXCLUSIVE MODE');
    const ends = [live, other].map(async (feed) => [(await feed.next()).value, (await feed.next()).done]);
    await ann.ask(UpdateConversation, { input: { conversationId, title: 'renamed' } });
    const waiting = `SELECT pg_cancel_backend(pid) FROM pg_locks WHERE NOT granted AND relation = 'episodes'::regclass AND ${OF_THIS_DATABASE}`;
    const over = Promise.all(ends).then(() => true);
    await until(
      () => Promise.race([over, sql(app.database, waiting).then(() => false)]),
      (isOver) => isOver,
    );
    const refused = {
      errors: [expect.objectContaining({ extensions: expect.objectContaining({ code: 'UNAVAILABLE' }) })],
    };
    expect(await Promise.all(ends)).toEqual([
      [refused, true],
      [refused, true],
    ]);
  } finally {
    await locker.query('ROLLBACK');
    await locker.end();
  }
  await using again = ann.follow(CHANGES, { after: begin.cursor });
  expect(await again.take(1)).toMatchObject([
    { changes: { changes: [{ id: conversationId, node: { title: 'renamed', episode: { title: 'The bridge' } } }] } },
  ]);
});
