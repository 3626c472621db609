import { expect, it } from 'vitest';
import { migrate } from '#adapters/database/migrator/migrator.ts';
import { openDatabaseBefore } from '../support/migrations.ts';

it('episodes that were archived before have the status again that their last job left, and clips the owner of their episode', async (context) => {
  const pool = await openDatabaseBefore(context, '20261126204500_lists');
  await pool.query(`
    INSERT INTO users (id, username) VALUES (gen_random_uuid(), 'ann');
    INSERT INTO episodes (id, owner_id, original_name, status, processed_at, error_code)
      SELECT gen_random_uuid(), id, e.name, e.status::episode_status, e.processed_at, e.error_code
      FROM users, (VALUES ('1 imported', 'ARCHIVED', NULL, NULL), ('2 processed', 'ARCHIVED', now(), NULL),
        ('3 failed', 'ARCHIVED', now(), 'CONFLICT'), ('4 in use', 'READY', now(), NULL)) AS e(name, status, processed_at, error_code);
    INSERT INTO clips (id, episode_id, title, start_seconds, end_seconds, score, features, genre, platform)
      SELECT gen_random_uuid(), id, 'Clip', 0, 20, 0.5, '{}', 'GENERAL', 'TIKTOK' FROM episodes`);

  await migrate(pool);

  const episodes = await pool.query(
    `SELECT status, archived_at IS NOT NULL AS archived FROM episodes ORDER BY original_name`,
  );
  expect(episodes.rows).toEqual([
    { status: 'UPLOADED', archived: true },
    { status: 'READY', archived: true },
    { status: 'FAILED', archived: true },
    { status: 'READY', archived: false },
  ]);
  const clips = await pool.query('SELECT 1 FROM clips c JOIN users u ON u.id = c.owner_id');
  expect(clips.rows).toHaveLength(4);
});
