import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { createDatabaseLike, databaseNameOf, dropDatabase, urlOfDatabase, withServer } from './server-databases.ts';

/**
 * Runs `work` on an empty database that is dropped afterwards, on the server of a database and with its locale. First drops those that
 * processes of this installation have left because they were killed, or lost the server, in the middle.
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
      // On another connection, because this one may have been lost meanwhile.
      await withServer(databaseUrl, (other) => dropDatabase(other, name));
    }
  });
}

/** Returns the prefix of the names of a database's scratch databases: no other installation on the server has a database of that name. */
export function scratchPrefix(own: string): string {
  return `parley_verify_${createHash('sha256').update(own).digest('hex').slice(0, 12)}_`;
}

/** The maximum length of a name, in bytes; PostgreSQL cuts off the rest, so that two names may become one. */
const MAX_NAME_BYTES = 63;
/** The length of the time at the end of a name, such as `20261129162426`. */
const STAMP_LENGTH = 14;

/** What a restore leaves beside a database: the one that it was to be replaced by, and the one that was replaced. */
type Beside = 'restored' | 'before';

/**
 * Returns the prefix of the names of databases that a restore makes beside a database: its own name, of a long one the beginning and a
 * hash, so that the time fits in behind.
 */
export function besidePrefix(own: string, beside: Beside): string {
  const suffix = `_${beside}_`;
  const room = MAX_NAME_BYTES - suffix.length - STAMP_LENGTH;
  if (Buffer.byteLength(own) <= room) return `${own}${suffix}`;
  const hash = createHash('sha256').update(own).digest('hex').slice(0, 8);
  const beginning = Buffer.from(own)
    .subarray(0, room - hash.length - 1)
    .toString()
    .replace(/\ufffd+$/, '');
  return `${beginning}_${hash}${suffix}`;
}

/** Tries to acquire a lock that the session which waits for the work holds for as long as its process lives: success means a leftover. */
async function lock(client: pg.ClientBase, name: string): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(
    `SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked`,
    [name],
  );
  return rows[0]?.locked ?? false;
}

/**
 * Returns the unused databases next to a database that only an operator can judge to be dispensable: those that a restore has replaced,
 * and those of restores and verifications that were killed.
 */
export async function listLeftovers(client: Pick<pg.ClientBase, 'query'>, own: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT d.datname AS name FROM pg_database d
     WHERE (starts_with(d.datname::text, $1) OR starts_with(d.datname::text, $2) OR starts_with(d.datname::text, $3))
       AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = d.datname) ORDER BY 1`,
    [besidePrefix(own, 'before'), besidePrefix(own, 'restored'), scratchPrefix(own)],
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
 * A database that cannot be dropped stays, for the next attempt or for the doctor to report, and does not prevent a backup: its session
 * is about to end, or belongs to a process that has only lost its lock, or the database belongs to another user.
 */
async function dropUnused(client: pg.ClientBase, name: string): Promise<void> {
  try {
    await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)}`);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
  }
}
