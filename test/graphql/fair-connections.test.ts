import pg from 'pg';
import { expect, it } from 'vitest';
import { makeConversation } from '../support/fixtures.ts';
import { startStopwatch } from '../support/stopwatch.ts';
import { useParley } from '../support/use-parley.ts';

const Rename =
  'mutation ($id: ID!, $title: String!) { updateConversation(input: { conversationId: $id, title: $title }) { __typename } }';
const Read = '{ viewer { username } conversations(first: 5) { totalCount } }';

const rowId = (globalId: string) => Buffer.from(globalId, 'base64url').toString().split(':')[1];

const app = useParley({ env: { DATABASE_POOL_SIZE: '10' } });

it('answers others while all that one user does waits for the database', async () => {
  const [ann, bob] = [await app.user(), await app.user()];
  const id = await makeConversation(ann);
  await bob.ask(Read);
  const holder = new pg.Client({ connectionString: app.database.url });
  await holder.connect();
  await holder.query('BEGIN');
  await holder.query('SELECT 1 FROM conversations WHERE id = $1 FOR UPDATE', [rowId(id)]);
  const renamed = Array.from({ length: 40 }, (_, index) => ann.send(Rename, { id, title: `number ${index}` }));
  const elapsedMs = startStopwatch(app.parley);
  for (let read = 0; read < 20; read++) await bob.ask(Read);
  expect(elapsedMs()).toBeLessThan(4_000);
  await holder.query('ROLLBACK');
  await holder.end();
  for (const { errors } of await Promise.all(renamed)) expect(errors ?? []).toEqual([]);
});
