import pg from 'pg';
import type { RecordedSearch } from './recorded-searches.ts';
import { randomNumbers, speechOf, vocabulary } from './search-words.ts';

/** What each user has: a million messages of a thousand users, with a hundred thousand memories. */
const EACH = { conversations: 20, messages: 50, memories: 100 };

export const MESSAGES_EACH = EACH.conversations * EACH.messages;

/** How many memories one statement writes. */
const BATCH = 5_000;

/** Of `npm run bench` and `npm run bench:peers`; 1,000 is what docs/performance.md speaks of as full size. */
export const USERS = Number(process.env.BENCH_USERS ?? 1_000);

/** The users from one number on to another, of whom earlier ones may be there. */
export type Users = { from?: number; to: number };

/** Adds users with 20 conversations of 50 messages each to a migrated database, by `generate_series`. */
export async function seed(databaseUrl: string, { from = 1, to }: Users = { to: USERS }): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const values = [from, to];
    await client.query(
      `INSERT INTO users (id, username) SELECT gen_random_uuid(), 'bench-' || n FROM generate_series($1::int, $2::int) n`,
      values,
    );
    await client.query(
      `INSERT INTO conversations (id, owner_id, title, last_sequence, last_activity_at, created_at)
       SELECT gen_random_uuid(), u.id, 'Conversation ' || n, ${EACH.messages}, now() - n * interval '1 minute', now() - n * interval '1 hour'
       FROM generate_series($1::int, $2::int) number JOIN users u ON u.username = 'bench-' || number, generate_series(1, ${EACH.conversations}) n`,
      values,
    );
    await client.query(
      `INSERT INTO messages (id, conversation_id, owner_id, sequence, role, content)
       SELECT gen_random_uuid(), c.id, c.owner_id, n, (CASE WHEN n % 2 = 1 THEN 'USER' ELSE 'ASSISTANT' END)::message_role,
         'Message ' || n || ': ' || repeat('some words that somebody said ', 1 + n % 6)
       FROM generate_series($1::int, $2::int) number JOIN users u ON u.username = 'bench-' || number
         JOIN conversations c ON c.owner_id = u.id, generate_series(1, ${EACH.messages}) n`,
      values,
    );
    await client.query('VACUUM ANALYZE');
  } finally {
    await client.end();
  }
}

/** Adds a hundred memories of made-up English to each of the first users. */
export async function seedMemories(databaseUrl: string, users = USERS): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const random = randomNumbers(7);
  const speech = speechOf(vocabulary(random), random);
  try {
    for (let done = 0; done < users * EACH.memories; done += BATCH)
      await client.query(
        `INSERT INTO memories (id, owner_id, content, kind, tags, importance, created_at)
         SELECT gen_random_uuid(), u.id, content, 'FACT', '{}', 0.5, now() - interval '1 year' + ($1 + n) * interval '1 minute'
         FROM unnest($2::text[]) WITH ORDINALITY AS t(content, n) JOIN users u ON u.username = 'bench-' || 1 + ($1 + n - 1) % $3`,
        [done, Array.from({ length: Math.min(BATCH, users * EACH.memories - done) }, () => speech.text(4, 40)), users],
      );
    await client.query('VACUUM ANALYZE memories');
  } finally {
    await client.end();
  }
}

/** Whom and what a request is about, and what they search, where that was recorded. */
export type Target = { username: string; conversationId: string; search?: RecordedSearch };

/** One conversation of each of `count` users. */
export async function targets(databaseUrl: string, count: number): Promise<Target[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<Target>(
    `SELECT DISTINCT ON (u.username) u.username, c.id AS "conversationId" FROM users u JOIN conversations c ON c.owner_id = u.id
     WHERE u.username LIKE 'bench-%' ORDER BY u.username, c.id LIMIT $1`,
    [count],
  );
  await client.end();
  return rows;
}
