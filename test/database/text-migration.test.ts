import { expect, it } from 'vitest';
import { migrate } from '#adapters/database/migrator/migrator.ts';
import { openDatabaseBefore } from '../support/migrations.ts';

it('rows from before are spelt anew where a database of locale C had spelt them otherwise, and no others are written', async (context) => {
  const pool = await openDatabaseBefore(context, '20261126161000_text_without_locale');
  await pool.query(`
    INSERT INTO users (id, username) VALUES (gen_random_uuid(), 'ann');
    INSERT INTO conversations (id, owner_id) SELECT gen_random_uuid(), id FROM users;
    INSERT INTO messages (id, conversation_id, owner_id, sequence, role, content)
      SELECT gen_random_uuid(), id, owner_id, 1, 'USER', '“ПРИВЕТ” Zoë' FROM conversations;
    INSERT INTO messages (id, conversation_id, owner_id, sequence, role, content)
      SELECT gen_random_uuid(), id, owner_id, 2, 'USER', 'plain words' FROM conversations;
    INSERT INTO memories (id, owner_id, content, kind, importance)
      SELECT gen_random_uuid(), id, 'Живёт в МОСКВЕ', 'FACT', 0.5 FROM users;
    INSERT INTO episodes (id, owner_id, original_name, status) SELECT gen_random_uuid(), id, 'a', 'READY' FROM users;
    INSERT INTO transcript_segments (id, episode_id, owner_id, index, start_seconds, end_seconds, text, speaker)
      SELECT gen_random_uuid(), id, owner_id, 0, 0, 1, 'ГОВОРИТ', 'ИВАН' FROM episodes`);
  const before = await pool.query('SELECT xmin FROM messages WHERE sequence = 2');

  await migrate(pool);

  const vectors = await pool.query(`SELECT search::text AS vector FROM messages WHERE sequence = 1
    UNION ALL SELECT search::text FROM memories UNION ALL SELECT search::text FROM transcript_segments`);
  expect(vectors.rows.map(({ vector }) => vector)).toEqual([
    `'zoe':2 'привет':1`,
    `'в':2 'живет':1 'москве':3`,
    `'говорит':2 'иван':1A`,
  ]);
  const words = await pool.query(`SELECT DISTINCT word FROM search_words WHERE word > 'zz' ORDER BY word`);
  expect(words.rows.map(({ word }) => word)).toEqual(['говорит', 'живет', 'иван', 'москве', 'привет']);
  expect((await pool.query('SELECT xmin FROM messages WHERE sequence = 2')).rows).toEqual(before.rows);
});
