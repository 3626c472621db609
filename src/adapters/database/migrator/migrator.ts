import { setTimeout } from 'node:timers/promises';
import type pg from 'pg';
import { withPooledClient } from '#adapters/database/pooled-client.ts';
import { LOCK_WAIT_MS, type LockWaits, retryLockedOut } from './lock-waits.ts';
import { MIGRATIONS_DIR, type Migration, readMigrations } from './migration-files.ts';
import {
  compareHistory,
  createHistory,
  MigrationError,
  readHistory,
  recordFailure,
  recordStart,
  recordSuccess,
} from './migration-history.ts';

export { MigrationError };

/** The number of Prisma Migrate's advisory lock: whoever migrates, by Prisma or by Parley, excludes all others. */
const ADVISORY_LOCK = 72707369;

/** PostgreSQL's code for a statement that cannot run in a transaction. */
const ACTIVE_SQL_TRANSACTION = '25001';

/** The interval between attempts to acquire the lock. */
const LOCK_INTERVAL_MS = 100;

/** The longest possible timer. A migration takes as long as it takes, whatever the pool's timeouts. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;

/** Options of `migrate`. */
export interface MigrateOptions {
  /** prisma/migrations by default. */
  migrationsDir?: string;
  /** Applies only these: for the tables of an older version. */
  only?: ReadonlySet<string>;
  /** Called with a sentence about every migration before it is applied. */
  log?: (sentence: string) => void;
  /** How long it waits for a table at a time: LOCK_WAIT_MS by default. */
  lockWaitMs?: number;
}

/**
 * Applies the migrations that the database lacks, in order, and returns their names. Any number of processes may call it at once: one
 * applies them, the others wait and then find nothing to do. Migrations of a newer version are left alone. Throws MigrationError if one
 * fails, or if history and folder contradict each other (started but not finished, changed since). Each migration is one transaction
 * together with its row of history, unless it contains a statement that PostgreSQL refuses in transactions, such as CREATE INDEX
 * CONCURRENTLY, which then has to be the only one in its file. A migration that does not get a table within `lockWaitMs` lets everybody
 * who queues behind it pass, and tries again until it does.
 */
export function migrate(pool: pg.Pool, options: MigrateOptions = {}): Promise<{ applied: string[] }> {
  return withPooledClient(pool, (client) => applyPending(client, options));
}

async function applyPending(client: pg.PoolClient, options: MigrateOptions): Promise<{ applied: string[] }> {
  const { migrationsDir = MIGRATIONS_DIR, only, log = () => {}, lockWaitMs = LOCK_WAIT_MS } = options;
  try {
    await client.query('SET statement_timeout = 0');
    await acquireLock(client);
    await createHistory(client);
    const applied: string[] = [];
    const { pending } = compareHistory(readMigrations(migrationsDir), await readHistory(client));
    for (const migration of pending.filter(({ name }) => only?.has(name) ?? true)) {
      log(`Applying the migration ${migration.name}.`);
      await apply({ client, log, lockWaitMs }, migration);
      applied.push(migration.name);
    }
    return { applied };
  } finally {
    // If this fails, the connection is lost, and the lock with it.
    await client.query(`SELECT pg_advisory_unlock(${ADVISORY_LOCK}); RESET statement_timeout`).catch(() => {});
  }
}

/** Polls, because a statement that waits for the lock would block the holder's CREATE INDEX CONCURRENTLY: a deadlock. */
async function acquireLock(client: pg.ClientBase): Promise<void> {
  const attempt = () => client.query<{ locked: boolean }>(`SELECT pg_try_advisory_lock(${ADVISORY_LOCK}) AS locked`);
  while (!(await attempt()).rows[0]?.locked) await setTimeout(LOCK_INTERVAL_MS);
}

/**
 * Returns the names of the migrations that the database lacks, and of those that this version lacks, by one short query. Throws like
 * `migrate` on contradictions.
 */
export async function compareMigrations(
  pool: pg.Pool,
  migrationsDir: string = MIGRATIONS_DIR,
): Promise<{ pending: string[]; unknown: string[] }> {
  const { pending, unknown } = compareHistory(readMigrationsOnce(migrationsDir), await readHistory(pool));
  return { pending: pending.map(({ name }) => name), unknown };
}

const migrationsByDirectory = new Map<string, Migration[]>();

/** Cached: a running program's own migrations do not change. */
function readMigrationsOnce(directory: string): Migration[] {
  const migrations = migrationsByDirectory.get(directory) ?? readMigrations(directory);
  migrationsByDirectory.set(directory, migrations);
  return migrations;
}

type Setting = Omit<LockWaits, 'sql'>;

async function apply(setting: Setting, migration: Migration): Promise<void> {
  const { client } = setting;
  try {
    await retryLockedOut({ ...setting, sql: migration.sql }, () => applyInTransaction(setting, migration));
  } catch (error) {
    if (codeOf(error) === ACTIVE_SQL_TRANSACTION) return applyOutsideTransaction(client, migration);
    const id = await recordStart(client, migration);
    await recordFailure(client, id, String(error), true);
    throw toMigrationError(migration, error, 'Nothing of it was kept.');
  }
}

async function applyInTransaction({ client, lockWaitMs }: Setting, migration: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    const id = await recordStart(client, migration);
    await client.query(`SET LOCAL lock_timeout = ${lockWaitMs}`);
    await run(client, migration.sql);
    await recordSuccess(client, id);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/** Waits for locks without a limit: CREATE INDEX CONCURRENTLY blocks nobody, and leaves an invalid index if it gives up. */
async function applyOutsideTransaction(client: pg.ClientBase, migration: Migration): Promise<void> {
  const id = await recordStart(client, migration);
  try {
    await run(client, migration.sql);
  } catch (error) {
    await recordFailure(client, id, String(error), false);
    throw toMigrationError(migration, error, 'It ran outside a transaction: look for what it left.');
  }
  await recordSuccess(client, id);
}

async function run(client: pg.ClientBase, sql: string): Promise<void> {
  const query: pg.QueryConfig & { query_timeout: number } = { text: sql, query_timeout: NO_TIMEOUT_MS };
  await client.query(query);
}

function toMigrationError({ name, sql }: Migration, error: unknown, consequence: string): MigrationError {
  if (sql.match(EXTENSIONS) && NO_EXTENSION.has(String(codeOf(error)))) return missingExtension(error);
  const reason = error instanceof Error ? error.message : String(error);
  return new MigrationError(`The migration ${name} failed: ${reason}. ${consequence}`, { cause: error });
}

const EXTENSIONS = /CREATE EXTENSION IF NOT EXISTS \w+/g;

/** PostgreSQL's codes if the user may not create an extension, and if the server does not have it (before 15: 58P01). */
const NO_EXTENSION = new Set(['42501', '0A000', '58P01']);

/** Lists the extensions of all migrations, so that the operator is not asked for one after the other. */
function missingExtension(cause: unknown): MigrationError {
  const statements = readMigrationsOnce(MIGRATIONS_DIR).flatMap(({ sql }) => sql.match(EXTENSIONS) ?? []);
  return new MigrationError(
    'The database needs extensions that this user may not create, or that the server has not got: let an administrator of ' +
      `PostgreSQL run "${[...new Set(statements)].join('; ')}" in this database (they come with postgresql-contrib), and start again. ` +
      'Nothing of the migration was kept.',
    { cause },
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
