import { expect, it } from 'vitest';
import { describeOnEachDatabase } from '../support/databases.ts';
import { useServices } from '../support/services.ts';

describeOnEachDatabase((on) => {
  const test = useServices({ on });

  it('statements live with a migration that changes the type of a column under their plans', async () => {
    const { sql, pool, prisma } = test.services.database;
    const id = (await test.newUser()).actor.userId;
    const runEach = async () => [
      await sql('SELECT username FROM users WHERE id = $1', [id]),
      await sql('UPDATE users SET username = username || $2 WHERE id = $1 RETURNING username', [id, '']),
      await prisma.user.findMany({ where: { id }, select: { username: true } }),
    ];
    const before = await runEach();
    expect(before[0]).toHaveLength(1);
    for (const type of ['VARCHAR(200)', 'TEXT']) {
      await pool.query(`ALTER TABLE users ALTER COLUMN username TYPE ${type}`);
      expect(await runEach()).toEqual(before);
    }
  });
});
