import pg from 'pg';
import type { Speech } from './search-words.ts';

type Share = { owner: string; rows: number };

const BATCH = 5_000;
const MESSAGES_A_CONVERSATION = 50;

/** Rows as years of use leave them. Indexes and words are made at the end, which takes a tenth of the time. */
export async function fill(
  connectionString: string,
  speech: Speech,
  { memories, messages }: { memories: Share[]; messages: Share[] },
): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(`
    ALTER TABLE memories DISABLE TRIGGER USER; ALTER TABLE messages DISABLE TRIGGER USER;
    DROP INDEX memories_search; DROP INDEX messages_search; SET maintenance_work_mem = '512MB'`);
  const texts = (count: number) => Array.from({ length: count }, () => speech.text(4, 40));
  for (const { owner, rows } of memories) {
    for (let done = 0; done < rows; done += BATCH)
      await remember(client, owner, done, texts(Math.min(BATCH, rows - done)));
  }
  for (const { owner, rows } of messages) {
    for (let done = 0; done < rows; done += BATCH) await talk(client, owner, done, texts(Math.min(BATCH, rows - done)));
  }
  await client.query(`
    CREATE INDEX memories_search ON memories USING gin (owner_id, search);
    CREATE INDEX messages_search ON messages USING gin (owner_id, search);
    INSERT INTO search_words (owner_id, word)
      SELECT DISTINCT r.owner_id, l.word
      FROM (SELECT owner_id, search FROM messages UNION ALL SELECT owner_id, search FROM memories) r,
        unnest(tsvector_to_array(r.search)) AS l(word) WHERE search_is_word(l.word);
    ALTER TABLE memories ENABLE TRIGGER USER; ALTER TABLE messages ENABLE TRIGGER USER`);
  await client.query('VACUUM ANALYZE');
  await client.end();
}

async function remember(client: pg.Client, owner: string, before: number, contents: string[]): Promise<void> {
  await client.query(
    `INSERT INTO memories (id, owner_id, content, kind, tags, importance, created_at)
     SELECT gen_random_uuid(), $1, content, 'FACT', '{}', 0.5, now() - interval '1 year' + ($2 + n) * interval '1 minute'
     FROM unnest($3::text[]) WITH ORDINALITY AS c(content, n)`,
    [owner, before, contents],
  );
}

async function talk(client: pg.Client, owner: string, before: number, contents: string[]): Promise<void> {
  await client.query(
    `WITH texts AS (
       SELECT content, (n - 1) / ${MESSAGES_A_CONVERSATION} AS c, (n - 1) % ${MESSAGES_A_CONVERSATION} + 1 AS sequence
       FROM unnest($3::text[]) WITH ORDINALITY AS s(content, n)
     ), made AS (
       INSERT INTO conversations (id, owner_id, last_sequence, last_activity_at)
       SELECT gen_random_uuid(), $1, max(sequence), now() - interval '1 year' + ($2 + c) * interval '1 minute'
       FROM texts GROUP BY c ORDER BY c RETURNING id, last_activity_at
     ), numbered AS (SELECT *, row_number() OVER (ORDER BY last_activity_at) - 1 AS c FROM made)
     INSERT INTO messages (id, conversation_id, owner_id, sequence, role, content, sent_at)
     SELECT gen_random_uuid(), m.id, $1, s.sequence, 'USER', s.content, m.last_activity_at FROM texts s JOIN numbered m USING (c)`,
    [owner, before, contents],
  );
}
