import { expect, it } from 'vitest';
import { migrate } from '#adapters/database/migrator/migrator.ts';
import { openDatabaseBefore } from '../support/migrations.ts';

it('leads from before are found by their tags, each once for each tag', async (context) => {
  const pool = await openDatabaseBefore(context, '20261127130000_lead_tags');
  await pool.query(`
    INSERT INTO users (id, username) VALUES (gen_random_uuid(), 'ann');
    INSERT INTO leads (id, owner_id, name, phone, language, tags)
      SELECT gen_random_uuid(), id, 'Dana', '+972522345678', 'he', '{vip,new,vip}' FROM users;
    INSERT INTO leads (id, owner_id, name, phone, language, tags)
      SELECT gen_random_uuid(), id, 'Gil', '+972522345679', 'he', NULL FROM users`);

  await migrate(pool);

  await pool.query(`UPDATE leads SET tags = '{late}' WHERE name = 'Gil'`);
  const { rows } =
    await pool.query(`SELECT t.tag, l.name, t.owner_id = l.owner_id AND t.created_at = l.created_at AS same
    FROM lead_tags t JOIN leads l ON l.id = t.lead_id ORDER BY t.tag`);
  expect(rows).toEqual([
    { tag: 'late', name: 'Gil', same: true },
    { tag: 'new', name: 'Dana', same: true },
    { tag: 'vip', name: 'Dana', same: true },
  ]);
});
