import pg from 'pg';
import { clientOf } from '../test/support/client.ts';
import { ADMIN_KEY, startParley } from '../test/support/parley.ts';
import { makeDatabase } from './support/database.ts';

// `node bench/deep-pages.ts`: how long a page of 20 takes at the beginning, in the middle and at the end of a conversation
// of 100,000 messages, forward and backward, through the API. Prints medians in milliseconds, and their ratio to the first.

const MESSAGES = 100_000;
const REPEATS = 50;
const PAGE = `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { conversation(id: $id) {
  messages(first: $first, after: $after, last: $last, before: $before) {
    edges { node { sequence content } } pageInfo { startCursor endCursor } } } }`;

const database = await makeDatabase();
const parley = await startParley({ DATABASE_URL: database.url, RATE_LIMIT_POINTS: '1000000000' }, 'server');
try {
  const client = clientOf(parley.url, ADMIN_KEY);
  const { createConversation } = await client.ask('mutation { createConversation(input: {}) { conversation { id } } }');
  const { id } = createConversation.conversation;
  await fill();
  const page = async (args: object) => (await client.ask(PAGE, { id, ...args })).conversation.messages;
  let middle = (await page({ first: 100 })).pageInfo.endCursor;
  for (let read = 100; read < MESSAGES / 2; read += 100) {
    middle = (await page({ first: 100, after: middle })).pageInfo.endCursor;
  }
  const places: Record<string, object> = {
    'first 20': { first: 20 },
    '20 after the middle': { first: 20, after: middle },
    '20 before the middle': { last: 20, before: middle },
    'last 20': { last: 20 },
  };
  let beginning: number | undefined;
  for (const [name, args] of Object.entries(places)) {
    const took = await median(() => page(args));
    beginning ??= took;
    process.stdout.write(`${name}: ${took.toFixed(2)} ms (${(took / beginning).toFixed(2)})\n`);
  }
} finally {
  await parley.stop();
  await database.drop();
}

async function fill(): Promise<void> {
  const sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  await sql.query(
    `INSERT INTO messages (id, conversation_id, owner_id, sequence, role, content)
     SELECT gen_random_uuid(), c.id, c.owner_id, n, 'USER', 'message ' || n FROM conversations c, generate_series(1, ${MESSAGES}) n`,
  );
  await sql.query(`UPDATE conversations SET last_sequence = ${MESSAGES}`);
  await sql.query('VACUUM ANALYZE messages');
  await sql.end();
}

async function median(work: () => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let run = 0; run < REPEATS; run += 1) {
    const startedAt = performance.now();
    await work();
    took.push(performance.now() - startedAt);
  }
  return took.toSorted((a, b) => a - b)[REPEATS / 2] as number;
}
