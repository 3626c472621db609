import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expect, it } from 'vitest';
import { makeConversation } from '../support/fixtures.ts';
import { sql } from '../support/sql.ts';
import { startStopwatch } from '../support/stopwatch.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const Rename =
  'mutation ($id: ID!, $title: String!) { updateConversation(input: { conversationId: $id, title: $title }) { __typename } }';
const Read = '{ viewer { username } conversations(first: 5) { totalCount } }';

/** By when requests that were sent wait for connections. */
const ARRIVAL_MS = 1_000;

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

it('tells a user whose requests wait too long for others of theirs to send fewer at once, and says nothing of an outage', async () => {
  const ann = await app.user();
  const ids = await Promise.all(Array.from({ length: 10 }, () => makeConversation(ann)));
  const [first, second] = [ids.slice(0, 5), ids.slice(5)];
  const holders = [await hold(first), await hold(second)] as const;
  const rename = (id: string) => ann.send(Rename, { id, title: 'Rex' });
  const renamed = first.map(rename);
  await until(
    () =>
      sql(app.database, `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`),
    (waits) => waits.length === first.length,
  );
  renamed.push(...second.map(rename));
  await sleep(ARRIVAL_MS);
  const reads = Array.from({ length: 5 }, () => ann.send(Read));
  await sleep(ARRIVAL_MS);
  await holders[0].end();
  const errors = (await Promise.all(reads)).flatMap((read) => read.errors ?? []);
  expect(errors).not.toEqual([]);
  for (const error of errors)
    expect(error).toMatchObject({
      message: expect.stringContaining('send fewer at once'),
      extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 1 },
    });
  expect(app.parley.log.filter(({ msg }) => msg === 'a dependency is out of reach')).toEqual([]);
  await holders[1].end();
  await Promise.all(renamed);
});

/** Locks conversations until the connection ends, which is returned. */
async function hold(ids: readonly string[]): Promise<pg.Client> {
  const holder = new pg.Client({ connectionString: app.database.url });
  await holder.connect();
  await holder.query('BEGIN');
  await holder.query('SELECT FROM conversations WHERE id = ANY($1) FOR UPDATE', [ids.map(rowId)]);
  return holder;
}
