import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createEmptyDatabase } from '../support/databases.ts';
import { spawnParley } from '../support/parley.ts';
import { sql } from '../support/sql.ts';

it('a user who may not create an extension is told at the start who can do what, and the start after that succeeds', async ({
  onTestFinished,
}) => {
  const database = await createEmptyDatabase();
  onTestFinished(() => database.drop());
  const role = `parley_plain_${randomBytes(6).toString('hex')}`;
  await sql(database, `CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
  onTestFinished(async () => void (await sql(database, `DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`)));
  await sql(database, `GRANT ALL ON SCHEMA public TO ${role}`);
  const url = Object.assign(new URL(database.url), { username: role, password: 'secret' });
  const start = () => {
    const parley = spawnParley({ DATABASE_URL: url.href });
    onTestFinished(async () => void (await parley.stop()));
    return parley;
  };
  const refused = start();
  await expect(refused.waitForStart()).rejects.toThrow(
    /let an administrator of PostgreSQL run "CREATE EXTENSION.* btree_gist"/,
  );
  const name = new URL(database.url).pathname.slice(1);
  await sql(
    database,
    `CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gist; GRANT CREATE ON DATABASE ${name} TO ${role}`,
  );
  await start().waitForStart();
});
