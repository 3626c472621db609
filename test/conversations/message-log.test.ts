import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { makeConversation } from '../support/fixtures.ts';
import { AddMessage, Messages } from '../support/operations.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();
const rowId = (globalId: string) => Buffer.from(globalId, 'base64url').toString().split(':')[1];

/** Holds a conversation, as a transaction does that does not end. Returns how to let it go. */
async function holdConversation(id: string): Promise<() => Promise<void>> {
  const holder = new pg.Client({ connectionString: app.database.url });
  await holder.connect();
  await holder.query('BEGIN');
  await holder.query('SELECT 1 FROM conversations WHERE id = $1 FOR UPDATE', [rowId(id)]);
  const letGo = () => holder.end();
  onTestFinished(() => letGo());
  return letGo;
}

it('a conversation that somebody holds stops nobody else, and its messages are refused, or stored when it is free again', async () => {
  const ann = await app.user();
  const [held, free] = [await makeConversation(ann), await makeConversation(ann)];
  const add = (conversationId: string, content: string = randomUUID()) =>
    ann.send(AddMessage, { input: { conversationId, role: 'USER', content } });
  const letGo = await holdConversation(held);

  const waiting = Array.from({ length: 6 }, () => add(held));
  const others = [];
  for (let wave = 1; wave <= 5; wave += 1) {
    others.push(...(await Promise.all(Array.from({ length: 10 }, () => add(free)))));
    waiting.push(add(held));
  }
  const refused = await Promise.all(waiting);
  const lateAnswer = add(held, 'in time');
  await until(
    () => sql<{ count: number }>(app.database, WAITING),
    ([row]) => (row?.count ?? 0) > 0,
  );
  await letGo();

  expect(others.map(({ errors }) => errors)).toEqual(others.map(() => undefined));
  expect(refused.map(({ errors }) => errors?.[0])).toEqual(
    refused.map(() =>
      expect.objectContaining({
        message: expect.stringContaining('Another request is changing the same'),
        extensions: { code: 'UNAVAILABLE' },
      }),
    ),
  );
  expect((await lateAnswer).errors).toBeUndefined();
  const { conversation } = await ann.ask(Messages, { id: held, first: 100 });
  expect(conversation?.messages.edges.map(({ node }) => node.content)).toEqual(['in time']);
});

/** Statements that wait for a lock. */
const WAITING = `SELECT count(*)::int AS count FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event_type = 'Lock'`;

it('long messages do not take each other, or short ones, along', async () => {
  const ann = await app.user();
  const conversationId = await makeConversation(ann);
  const words = (count: number) => Array.from({ length: count }, (_, index) => `w${index.toString(36)}`).join(' ');
  const long = words(60_000).slice(0, 199_000);
  const contents = Array.from({ length: 33 }, (_, index) => (index % 3 === 0 ? 'short' : long));
  const answers = await Promise.all(
    contents.map((content) => ann.send(AddMessage, { input: { conversationId, role: 'USER', content } })),
  );
  expect(answers.map(({ errors }) => errors)).toEqual(contents.map(() => undefined));
});

it('a message that takes too long is refused alone', async () => {
  const ann = await app.user();
  const conversations = await Promise.all(Array.from({ length: 8 }, () => makeConversation(ann)));
  // As PostgreSQL ends a statement that takes longer than statement_timeout.
  await sql(app.database, FAIL_AS_IF_LATE);
  await sql(app.database, 'CREATE TRIGGER late BEFORE INSERT ON messages FOR EACH ROW EXECUTE FUNCTION late()');
  onTestFinished(async () => void (await sql(app.database, 'DROP FUNCTION late CASCADE')));
  const answers = await Promise.all(
    conversations.map((conversationId, index) => {
      const content = index === 3 ? 'late' : 'in time';
      return ann.send(AddMessage, { input: { conversationId, role: 'USER', content } });
    }),
  );
  expect(answers.map(({ errors }) => errors?.[0]?.extensions.code)).toEqual(
    conversations.map((_, index) => (index === 3 ? 'UNAVAILABLE' : undefined)),
  );
});

const FAIL_AS_IF_LATE = `CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.content = 'late' THEN RAISE EXCEPTION 'canceling statement due to statement timeout' USING ERRCODE = '57014'; END IF;
  RETURN NEW;
END $$`;
