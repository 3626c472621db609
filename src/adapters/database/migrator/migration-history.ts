import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { hasChecksum, type Migration } from './migration-files.ts';

// The table `_prisma_migrations`, exactly as Prisma's schema engine creates and reads it (prisma-engines, flavour/postgres/shared.rs), so
// that either can continue where the other stopped.

/** A database that cannot be migrated as it is. The message is for the operator and says what to do. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

/** A row of the history. */
export interface Attempt {
  readonly name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

type Queryable = Pick<pg.ClientBase, 'query'>;

/** https://www.postgresql.org/docs/18/errcodes-appendix.html */
const UNDEFINED_TABLE = '42P01';

/** Creates the table of the history if it is missing. */
export async function createHistory(client: Queryable): Promise<void> {
  await client.query(`
    CREATE TABLE IF NOT EXISTS _prisma_migrations (
      id                  VARCHAR(36) PRIMARY KEY NOT NULL,
      checksum            VARCHAR(64) NOT NULL,
      finished_at         TIMESTAMPTZ,
      migration_name      VARCHAR(255) NOT NULL,
      logs                TEXT,
      rolled_back_at      TIMESTAMPTZ,
      started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
      applied_steps_count INTEGER NOT NULL DEFAULT 0
    )`);
}

/** Reads every attempt that was not rolled back; none if nothing was ever migrated. */
export async function readHistory(client: Queryable): Promise<Attempt[]> {
  try {
    const { rows } = await client.query<Attempt>(`
      SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
      FROM _prisma_migrations WHERE rolled_back_at IS NULL`);
    return rows;
  } catch (error) {
    if ((error as pg.DatabaseError).code === UNDEFINED_TABLE) return [];
    throw error;
  }
}

/** Records that a migration begins, and returns the id of the attempt. */
export async function recordStart(client: Queryable, { name, checksum }: Migration): Promise<string> {
  const id = randomUUID();
  await client.query('INSERT INTO _prisma_migrations (id, migration_name, checksum) VALUES ($1, $2, $3)', [
    id,
    name,
    checksum,
  ]);
  return id;
}

/** Records that an attempt succeeded. */
export async function recordSuccess(client: Queryable, id: string): Promise<void> {
  await client.query('UPDATE _prisma_migrations SET finished_at = now(), applied_steps_count = 1 WHERE id = $1', [id]);
}

/** Records that an attempt failed, with the error in `logs`. With `leftNothing` it counts as rolled back, so it may be repeated. */
export async function recordFailure(client: Queryable, id: string, logs: string, leftNothing: boolean): Promise<void> {
  await client.query(
    'UPDATE _prisma_migrations SET logs = $2, rolled_back_at = CASE WHEN $3 THEN now() END WHERE id = $1',
    [id, logs, leftNothing],
  );
}

/** The migrations that only the folder has, and those that only the database has. */
export interface HistoryDifference {
  readonly pending: Migration[];
  /** Names of migrations that a newer version of Parley has applied, or is applying: that version keeps this one working meanwhile. */
  readonly unknown: string[];
}

/** Compares folder and history. Throws MigrationError if they contradict each other: started but not finished, or changed since. */
export function compareHistory(migrations: readonly Migration[], history: readonly Attempt[]): HistoryDifference {
  const byName = new Map(migrations.map((migration) => [migration.name, migration]));
  const unknown: string[] = [];
  for (const attempt of history) {
    const migration = byName.get(attempt.name);
    if (migration) assertConsistent(attempt, migration);
    else unknown.push(attempt.name);
  }
  const done = new Set(history.map(({ name }) => name));
  return { pending: migrations.filter(({ name }) => !done.has(name)), unknown };
}

function assertConsistent({ name, checksum, finished }: Attempt, migration: Migration): void {
  if (!finished) {
    throw new MigrationError(
      `The migration ${name} was begun and did not finish; column "logs" of _prisma_migrations may say why. ` +
        'Undo by hand what it left in the database, correct its SQL, then let it be tried again: ' +
        `UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '${name}' AND finished_at IS NULL`,
    );
  }
  if (!hasChecksum(migration, checksum)) {
    throw new MigrationError(
      `The migration ${name} was changed after it was applied. ` +
        'Restore its migration.sql, and put the change into a new migration (npm run migrate -- new NAME).',
    );
  }
}
