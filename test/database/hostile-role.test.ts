import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createEmptyDatabase } from '../support/databases.ts';
import { AddMessage, Conversations, SearchMemories } from '../support/operations.ts';
import { spawnParley } from '../support/parley.ts';
import { ReplyReader, send } from '../support/replies.ts';
import { sql } from '../support/sql.ts';

/** Settings by which statements fail, or values are written in another way than Parley reads them. */
const HOSTILE = [
  `TimeZone = 'Asia/Kathmandu'`,
  `DateStyle = 'SQL, DMY'`,
  `IntervalStyle = 'sql_standard'`,
  `bytea_output = 'escape'`,
  'extra_float_digits = -15',
  'array_nulls = off',
  'standard_conforming_strings = off',
  `default_transaction_isolation = 'serializable'`,
  'gin_fuzzy_search_limit = 1',
  'statement_timeout = 1',
  'lock_timeout = 1',
  'idle_session_timeout = 20',
  'idle_in_transaction_session_timeout = 1',
];

const SaveExactMemory = /* GraphQL */ `mutation {
  saveMemory(input: { content: "Green tea", importance: 0.30000000000000004 }) { memory { importance createdAt } }
}`;

it('a role whose settings are hostile changes nothing: migrations, requests, jobs, searches and pages', async ({
  onTestFinished,
}) => {
  const database = await createEmptyDatabase();
  onTestFinished(() => database.drop());
  const role = `parley_hostile_${randomBytes(6).toString('hex')}`;
  await sql(database, `CREATE ROLE ${role} LOGIN SUPERUSER PASSWORD 'secret'`);
  onTestFinished(async () => void (await sql(database, `REASSIGN OWNED BY ${role} TO postgres; DROP ROLE ${role}`)));
  for (const setting of HOSTILE) await sql(database, `ALTER ROLE ${role} SET ${setting}`);
  const url = Object.assign(new URL(database.url), { username: role, password: 'secret' });
  url.searchParams.set('options', '-c DateStyle=German -c work_mem=5MB');
  const parley = spawnParley({ DATABASE_URL: url.href, SLOW_QUERY_MS: '10000' });
  onTestFinished(async () => void (await parley.stop()));
  await parley.waitForStart();

  const ann = await parley.user();
  const { saveMemory } = await ann.ask(SaveExactMemory);
  expect(saveMemory.memory.importance).toBe(0.30000000000000004);
  expect(Math.abs(Date.parse(saveMemory.memory.createdAt) - Date.now())).toBeLessThan(60_000);
  const { searchMemories } = await ann.ask(SearchMemories, { query: 'tea' });
  expect(searchMemories.matches).toHaveLength(1);

  const { conversation, reply } = await send(ann, 'What do you know about me?');
  await new ReplyReader(ann, reply.id).readToEnd();
  const input = {
    conversationId: conversation.id,
    role: 'USER',
    content: 'hi',
    sentAt: '2020-02-03T04:05:06.789Z',
  } as const;
  const { addMessage } = await ann.ask(AddMessage, { input });
  expect(addMessage?.message.sentAt).toBe(input.sentAt);
  await send(ann, 'Hello');
  const first = (await ann.ask(Conversations, { first: 1 })).conversations;
  const second = (await ann.ask(Conversations, { first: 1, after: first.pageInfo.endCursor })).conversations;
  expect(new Set([first, second].map(({ edges }) => edges[0]?.node.id)).size).toBe(2);

  const sessions = await sql<{ name: string; state: string }>(
    database,
    `SELECT application_name AS name FROM pg_stat_activity WHERE usename = '${role}'`,
  );
  expect(new Set(sessions.map(({ name }) => name))).toEqual(
    new Set(['parley', 'parley health', 'parley jobs', 'parley notices']),
  );
  expect(parley.log.filter(({ level }) => level >= 40)).toEqual([]);
});
