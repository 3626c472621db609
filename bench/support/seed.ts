import pg from 'pg';

const SIZES = { users: Number(process.env.BENCH_USERS ?? 1_000), conversationsEach: 20, messagesEach: 50 };

/** Fills an empty, migrated database: 1,000 users, 20,000 conversations, 1,000,000 messages, all by `generate_series`. */
export async function seed(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { users, conversationsEach, messagesEach } = SIZES;
  try {
    await client.query(
      `INSERT INTO users (id, username) SELECT gen_random_uuid(), 'bench-' || n FROM generate_series(1, ${users}) n`,
    );
    await client.query(
      `INSERT INTO conversations (id, owner_id, title, last_sequence, last_activity_at, created_at)
       SELECT gen_random_uuid(), u.id, 'Conversation ' || n, ${messagesEach}, now() - n * interval '1 minute', now() - n * interval '1 hour'
       FROM users u, generate_series(1, ${conversationsEach}) n WHERE u.username LIKE 'bench-%'`,
    );
    await client.query(
      `INSERT INTO messages (id, conversation_id, owner_id, sequence, role, content)
       SELECT gen_random_uuid(), c.id, c.owner_id, n, (CASE WHEN n % 2 = 1 THEN 'USER' ELSE 'ASSISTANT' END)::message_role,
         'Message ' || n || ': ' || repeat('some words that somebody said ', 1 + n % 6)
       FROM conversations c, generate_series(1, ${messagesEach}) n`,
    );
    await client.query('VACUUM ANALYZE');
  } finally {
    await client.end();
  }
}

export type Target = { username: string; conversationId: string };

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
