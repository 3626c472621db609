import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { expect, it } from 'vitest';
import { OF_THIS_DATABASE, sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();
const LISTS = '{ conversations { edges { node { id } } } viewer { changeCursor } }';
const CHANGES = 'query ($after: String!) { changes(after: $after) { changes { id } } }';

it('a cursor that is read with lists is of before them: what is stored in between is in the list or follows', async () => {
  const ann = await app.user();
  const { changeCursor } = (await ann.ask('{ viewer { changeCursor } }')).viewer;
  const writer = new pg.Client({ connectionString: app.database.url });
  await writer.connect();
  try {
    // Only what reads cursors waits for this transaction; what reads lists does not.
    await writer.query('BEGIN; LOCK TABLE revisions IN ACCESS EXCLUSIVE MODE');
    const reading = ann.ask(LISTS);
    await until(
      () =>
        sql(
          app.database,
          `SELECT FROM pg_locks WHERE NOT granted AND relation = 'revisions'::regclass AND ${OF_THIS_DATABASE}`,
        ),
      (waiting) => waiting.length > 0,
    );
    await storeConversation(writer, ann.username);
    await writer.query('COMMIT');
    const { conversations, viewer } = await reading;
    const listed = conversations.edges.map(({ node }: { node: { id: string } }) => node.id);
    const { changes } = (await ann.ask(CHANGES, { after: viewer.changeCursor })).changes;
    const all = (await ann.ask(CHANGES, { after: changeCursor })).changes.changes;
    expect(all).toHaveLength(1);
    expect([...listed, ...changes.map(({ id }: { id: string }) => id)]).toEqual([all[0].id]);
  } finally {
    await writer.end();
  }
});

/** As a write does: the row, the owner's next revision, and the change that it made. */
async function storeConversation(writer: pg.Client, username: string): Promise<void> {
  const [id, { rows }] = [uuidv7(), await writer.query('SELECT id FROM users WHERE username = $1', [username])];
  const owner = rows[0].id;
  await writer.query('INSERT INTO conversations (id, owner_id) VALUES ($1, $2)', [id, owner]);
  const raise = `INSERT INTO revisions (user_id, number) VALUES ($1, 1)
    ON CONFLICT (user_id) DO UPDATE SET number = revisions.number + 1 RETURNING number`;
  const revision = await writer.query(raise, [owner]);
  const change = `INSERT INTO changes (owner_id, type, id, number, deleted) VALUES ($1, 'CONVERSATION', $2, $3, false)`;
  await writer.query(change, [owner, id, revision.rows[0].number]);
}
