import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { createDatabaseLike, databaseNameOf, dropDatabase, urlOfDatabase, withServer } from './server-databases.ts';

/**
 * Runs `work` on an empty database that is dropped afterwards, on the server of a database and with its locale. Before, drops those
 * that processes of this installation left which were killed, or lost the server, in the middle.
 */
export async function withScratchDatabase<T>(databaseUrl: string, work: (url: string) => Promise<T>): Promise<T> {
  const own = databaseNameOf(databaseUrl);
  const name = `${scratchPrefix(own)}${randomBytes(8).toString('hex')}`;
  return withServer(databaseUrl, async (client) => {
    await dropLeftovers(client, own);
    await lock(client, name);
    await createDatabaseLike(client, name, own);
    try {
      return await work(urlOfDatabase(databaseUrl, name));
    } finally {
      // By another connection: this one may have been lost meanwhile.
      await withServer(databaseUrl, (other) => dropDatabase(other, name));
    }
  });
}

/** Returns how the scratch databases beside a database begin: no other installation on the server has one of its name. */
export function scratchPrefix(own: string): string {
  return `parley_verify_${createHash('sha256').update(own).digest('hex').slice(0, 12)}_`;
}

/** Held, by the session that waits for the work, for as long as its process lives: who can have it has found a leftover. */
async function lock(client: pg.ClientBase, name: string): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(
    `SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked`,
    [name],
  );
  return rows[0]?.locked ?? false;
}

/**
 * Returns the unused databases beside one that only an operator can tell to be of no more use: those that a restore has replaced,
 * those of restores that were killed, and of verifications that were killed.
 */
export async function listLeftovers(client: Pick<pg.ClientBase, 'query'>, own: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT d.datname AS name FROM pg_database d
     WHERE (starts_with(d.datname::text, $1) OR starts_with(d.datname::text, $2) OR starts_with(d.datname::text, $3))
       AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = d.datname) ORDER BY 1`,
    [`${own}_before_`, `${own}_restored_`, scratchPrefix(own)],
  );
  return rows.map(({ name }) => name);
}

async function dropLeftovers(client: pg.ClientBase, own: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT datname AS name FROM pg_database WHERE starts_with(datname::text, $1)',
    [scratchPrefix(own)],
  );
  for (const { name } of rows) {
    if (!(await lock(client, name))) continue;
    await dropUnused(client, name);
    await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name]);
  }
}

/**
 * One that cannot be dropped stays, for the next time or for the doctor to name, and hinders no backup: its session is still about
 * to end, or is of a process which lost its lock only, or it belongs to another user.
 */
async function dropUnused(client: pg.ClientBase, name: string): Promise<void> {
  try {
    await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)}`);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
  }
}
