import pg from 'pg';
import { expect, it } from 'vitest';
import { makeConversation } from '../support/fixtures.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

const DELETE = `mutation ($id: ID!) { deleteConversation(input: { conversationId: $id }) { deletedId } }`;
const LOOK = `query ($id: ID!) { node(id: $id) { ... on Conversation {
  messageCount messages(first: 1) { totalCount edges { node { sequence } } } } } }`;
const FILL = `INSERT INTO messages (id, conversation_id, owner_id, sequence, role, content)
  SELECT gen_random_uuid(), id, owner_id, n, 'USER', 'הודעה ' || n FROM conversations, generate_series(1, 4300) n`;
const AUDIT = `SELECT action, detail FROM audit_entries WHERE action LIKE 'conversation.delete%' ORDER BY position`;

it('a conversation with thousands of messages goes in slices, and counts what is left meanwhile', async () => {
  const [ann, bob] = [await app.user(), await app.user()];
  const id = await makeConversation(ann, 0);
  await sql(app.database, FILL);
  await sql(app.database, 'UPDATE conversations SET last_sequence = 4300');
  expect((await bob.send(DELETE, { id })).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);

  const reader = new pg.Client({ connectionString: app.database.url });
  await reader.connect();
  await reader.query('BEGIN');
  await reader.query('SELECT FROM messages WHERE sequence = 4300 FOR UPDATE');
  const deletion = ann.ask(DELETE, { id });
  const { node } = await until(
    () => ann.ask(LOOK, { id }),
    (left) => left.node.messageCount < 2_000,
  );
  expect(node).toMatchObject({
    messageCount: 300,
    messages: { totalCount: 300, edges: [{ node: { sequence: 4_001 } }] },
  });
  await reader.query('COMMIT');
  await reader.end();
  await deletion;
  expect(await ann.ask(LOOK, { id })).toEqual({ node: null });
  const slice = { action: 'conversation.delete-messages', detail: { messages: 2_000 } };
  expect(await sql(app.database, AUDIT)).toEqual([slice, slice, { action: 'conversation.delete', detail: null }]);
});

it('one that is interrupted after some slices does not say that nothing was changed', async () => {
  const ann = await app.user();
  const id = await makeConversation(ann, 0);
  await sql(app.database, `${FILL} WHERE last_sequence = 0`);
  await sql(app.database, 'UPDATE conversations SET last_sequence = 4300 WHERE last_sequence = 0');
  const reader = new pg.Client({ connectionString: app.database.url });
  await reader.connect();
  await reader.query('BEGIN');
  await reader.query('SELECT FROM messages WHERE sequence = 4300 FOR UPDATE');
  const { errors } = await ann.send(DELETE, { id });
  await reader.query('COMMIT');
  await reader.end();
  expect(errors).toMatchObject([
    { message: expect.stringMatching(/may be done already.*does the rest/), extensions: { code: 'UNAVAILABLE' } },
  ]);
  expect((await ann.ask(LOOK, { id })).node).toMatchObject({ messageCount: 300 });
  await ann.ask(DELETE, { id });
  expect(await ann.ask(LOOK, { id })).toEqual({ node: null });
});
