import { rmSync } from 'node:fs';
import pg from 'pg';
import { besidePrefix } from '#adapters/database/dump/scratch-databases.ts';
import {
  createDatabaseLike,
  databaseNameOf,
  dropDatabase,
  urlOfDatabase,
  withServer,
} from '#adapters/database/dump/server-databases.ts';
import { type DatabasePlace, openSession } from '#adapters/database/dump/sessions.ts';
import { lockDataDirectory } from '#adapters/database/embedded/data-directory.ts';
import { restoredDirectory, switchToRestored } from '#adapters/database/embedded/restored-directory.ts';
import { Unavailable } from '#domain/core/errors.ts';
import type { StoredBackup } from './backup-directory.ts';
import { fillDatabase } from './fill-database.ts';

/** The result of a restore: what `prepare` returned, and where the previous database is kept. */
export type Restored<T> = { prepared: T; kept: string | null };

/**
 * Restores a backup into a new database next to the present one, prepares it, and then swaps the two; the previous one is kept under
 * another name. The place decides where, regardless of the backup. A failure before the swap changes nothing. Throws BackupBroken, Unavailable.
 */
export function restoreBackup<T>(
  place: DatabasePlace,
  backup: StoredBackup,
  { now, prepare }: { now: Date; prepare(place: DatabasePlace): Promise<T> },
): Promise<Restored<T>> {
  const stamp = now.toISOString().slice(0, 19).replaceAll(/\D/g, '');
  const { databaseUrl, dataDir } = place;
  return databaseUrl
    ? restoreOnServer(databaseUrl, backup, stamp, prepare)
    : restoreEmbedded(dataDir, backup, stamp, prepare);
}

type Prepare<T> = (place: DatabasePlace) => Promise<T>;

async function restoreOnServer<T>(url: string, backup: StoredBackup, stamp: string, prepare: Prepare<T>) {
  const name = databaseNameOf(url);
  const [fresh, before] = [`${besidePrefix(name, 'restored')}${stamp}`, `${besidePrefix(name, 'before')}${stamp}`];
  await withServer(url, (client) => createDatabaseLike(client, fresh, name));
  try {
    const place = { databaseUrl: urlOfDatabase(url, fresh), dataDir: '' };
    await fill(place, backup);
    const prepared = await prepare(place);
    const previous = await withServer(url, (client) => switchOver(client, { name, fresh, before }));
    return { prepared, kept: previous };
  } catch (error) {
    await withServer(url, (client) => dropDatabase(client, fresh)).catch(() => {});
    throw error;
  }
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: a database with open connections cannot be renamed. */
const OBJECT_IN_USE = '55006';

/** Renames both databases or neither. Throws Unavailable if somebody has connected to the present one meanwhile. */
async function switchOver(
  client: pg.ClientBase,
  { name, fresh, before }: { name: string; fresh: string; before: string },
): Promise<string | null> {
  const { rows } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  const rename = (from: string, to: string) =>
    client.query(`ALTER DATABASE ${pg.escapeIdentifier(from)} RENAME TO ${pg.escapeIdentifier(to)}`);
  await client.query('BEGIN');
  if (rows.length > 0) await rename(name, before).catch((error: pg.DatabaseError) => throwInUse(error, name));
  await rename(fresh, name);
  await client.query('COMMIT');
  return rows.length > 0 ? before : null;
}

function throwInUse(error: pg.DatabaseError, name: string): never {
  if (error.code !== OBJECT_IN_USE) throw error;
  throw new Unavailable(
    `Nothing was changed: something has connected to ${name} during the restore. Stop all servers and workers, and restore again.`,
  );
}

async function restoreEmbedded<T>(dataDir: string, backup: StoredBackup, stamp: string, prepare: Prepare<T>) {
  const lock = lockDataDirectory(dataDir);
  const fresh = restoredDirectory(dataDir);
  try {
    rmSync(fresh, { recursive: true, force: true });
    const place = { databaseUrl: undefined, dataDir: fresh };
    await fill(place, backup);
    const prepared = await prepare(place);
    return { prepared, kept: switchToRestored(dataDir, `postgres-before-${stamp}`) };
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    lock.release();
  }
}

async function fill(place: DatabasePlace, backup: StoredBackup): Promise<void> {
  const session = await openSession(place);
  try {
    await fillDatabase(session, backup);
  } finally {
    await session.close();
  }
}
