import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { MIGRATIONS_DIR, readMigrations } from '#adapters/database/migrator/migration-files.ts';
import { compareMigrations, migrate } from '#adapters/database/migrator/migrator.ts';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { createEmptyDatabase, type TestDatabase } from '../support/databases.ts';
import { runScript } from '../support/run-script.ts';

const CLI = join(import.meta.dirname, '../../bin/parley.js');

const cleanup = useCleanup();
let database: TestDatabase;
let pool: pg.Pool;
let migrationsDir: string;

beforeEach(async () => {
  database = await createEmptyDatabase();
  cleanup.defer(() => database.drop());
  pool = new pg.Pool({ connectionString: database.url });
  cleanup.defer(() => pool.end());
  migrationsDir = createDirectory(cleanup);
});

function writeMigration(name: string, sql: string): void {
  mkdirSync(join(migrationsDir, name), { recursive: true });
  writeFileSync(join(migrationsDir, name, 'migration.sql'), sql);
}

const migrateHere = () => migrate(pool, { migrationsDir });

async function history() {
  const { rows } = await pool.query(`
    SELECT migration_name AS name, finished_at IS NOT NULL AS finished, rolled_back_at IS NOT NULL AS "rolledBack", logs,
      applied_steps_count AS steps
    FROM _prisma_migrations ORDER BY started_at`);
  return rows;
}

async function tables(): Promise<string[]> {
  const { rows } = await pool.query(
    `SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_%' ORDER BY 1`,
  );
  return rows.map(({ tablename }) => tablename);
}

describe('applying', () => {
  it('applies each migration once when three processes start at once on a fresh database', async () => {
    const starters = await Promise.all(
      [1, 2, 3].map(() => runScript(CLI, ['migrate'], { DATABASE_URL: database.url })),
    );
    expect(starters.map(({ code }) => code)).toEqual([0, 0, 0]);
    const names = readMigrations(MIGRATIONS_DIR).map(({ name }) => name);
    expect(await history()).toEqual(
      names.map((name) => ({ name, finished: true, rolledBack: false, logs: null, steps: 1 })),
    );
    const works = starters.map(({ output }) => output.match(/^Applying/gm)?.length ?? 0).sort();
    expect(works).toEqual([0, 0, names.length]);
  });

  it('applies what is new, in the order of the names, and nothing twice', async () => {
    writeMigration('2_second', 'ALTER TABLE a ADD COLUMN b INT;');
    writeMigration('1_first', 'CREATE TABLE a ();');
    expect(await compareMigrations(pool, migrationsDir)).toEqual({ pending: ['1_first', '2_second'], unknown: [] });
    expect(await migrateHere()).toEqual({ applied: ['1_first', '2_second'] });
    expect(await compareMigrations(pool, migrationsDir)).toEqual({ pending: [], unknown: [] });
    writeMigration('3_third', 'CREATE TABLE c ();');
    expect(await migrateHere()).toEqual({ applied: ['3_third'] });
    expect(await tables()).toEqual(['a', 'c']);
  });

  it('lets a pool with short timeouts wait for a long migration', async () => {
    const hasty = new pg.Pool({ connectionString: database.url, query_timeout: 500 });
    writeMigration('1_slow', 'SELECT pg_sleep(0.8);');
    expect(await migrate(hasty, { migrationsDir })).toEqual({ applied: ['1_slow'] });
    await hasty.end();
  });

  it('lets readers of a table pass for which it has to wait, says who holds it, and gets it in the end', async () => {
    writeMigration('1_table', 'CREATE TABLE a (b INT);');
    await migrateHere();
    const backup = new pg.Client({ connectionString: database.url, application_name: 'a backup' });
    await backup.connect();
    await backup.query('BEGIN; SELECT FROM a');
    writeMigration('2_change', 'ALTER TABLE a ALTER COLUMN b TYPE BIGINT;');
    const sentences: string[] = [];
    let tellTwice = () => {};
    const failedTwice = new Promise<void>((resolve) => {
      tellTwice = resolve;
    });
    const log = (sentence: string) => void (sentences.push(sentence) === 3 && tellTwice());
    const migrating = migrate(pool, { migrationsDir, lockWaitMs: 100, log });
    await failedTwice;
    await pool.query('SELECT b FROM a');
    const { rows } = await backup.query('SELECT pg_backend_pid() AS pid');
    await backup.query('COMMIT');
    expect(await migrating).toEqual({ applied: ['2_change'] });
    await backup.end();
    expect(sentences[1]).toMatch(
      new RegExp(
        `^It waits for other transactions: session ${rows[0].pid} \\(a backup, user \\w+\\) holds a, for \\d s\\.`,
      ),
    );
    expect(sentences[1]).toMatch(/ It tries again in \d\.\d s\.$/);
    expect((await history())[1]).toMatchObject({ name: '2_change', finished: true, logs: null });
  });

  it('runs what PostgreSQL refuses in a transaction outside of one, while others wait', async () => {
    writeMigration('1_table', 'CREATE TABLE a (b INT);');
    writeMigration('2_index', 'CREATE INDEX CONCURRENTLY a_b ON a (b);');
    const starters = await Promise.all([migrateHere(), migrateHere(), migrateHere()]);
    expect(starters.flatMap(({ applied }) => applied)).toEqual(['1_table', '2_index']);
  });
});

describe('a failing migration', () => {
  it('leaves nothing behind but its error, keeps the later ones waiting, and is tried again once corrected', async () => {
    writeMigration('1_first', 'CREATE TABLE a ();');
    writeMigration('2_broken', 'CREATE TABLE b (); SELECT nonsense;');
    writeMigration('3_third', 'CREATE TABLE c ();');
    const failure = 'The migration 2_broken failed: column "nonsense" does not exist. Nothing of it was kept.';
    await expect(migrateHere()).rejects.toThrow(failure);
    await expect(migrateHere()).rejects.toThrow(failure);
    expect(await tables()).toEqual(['a']);
    expect((await history())[1]).toMatchObject({
      name: '2_broken',
      finished: false,
      rolledBack: true,
      logs: expect.stringContaining('nonsense'),
    });
    writeMigration('2_broken', 'CREATE TABLE b ();');
    expect(await migrateHere()).toEqual({ applied: ['2_broken', '3_third'] });
    expect(await tables()).toEqual(['a', 'b', 'c']);
  });

  it('that ran outside a transaction stops every start until it was seen to', async () => {
    writeMigration('1_table', 'CREATE TABLE a (b) AS VALUES (1), (1);');
    writeMigration('2_index', 'CREATE UNIQUE INDEX CONCURRENTLY a_b ON a (b);');
    await expect(migrateHere()).rejects.toThrow('It ran outside a transaction: look for what it left.');
    const refusal = await migrateHere().catch((error: Error) => error.message);
    expect(refusal).toMatch(/^The migration 2_index was begun and did not finish/);
    await expect(compareMigrations(pool, migrationsDir)).rejects.toThrow('did not finish');
    await pool.query('DROP INDEX a_b; DELETE FROM a');
    await pool.query(String(refusal).slice(String(refusal).indexOf('UPDATE')));
    expect(await migrateHere()).toEqual({ applied: ['2_index'] });
  });

  it('ends the command with its sentence and code 1', async () => {
    await migrate(pool);
    await pool.query(`UPDATE _prisma_migrations SET finished_at = NULL`);
    const { code, output } = await runScript(CLI, ['migrate'], { DATABASE_URL: database.url });
    expect(code).toBe(1);
    expect(output).toMatch(/^The database: .+\nThe migration \d+_init was begun and did not finish.*\n$/);
  });
});

describe('a history that contradicts the folder', () => {
  beforeEach(async () => {
    writeMigration('1_first', 'CREATE TABLE a ();\n');
    await migrateHere();
  });

  it('refuses a migration that was edited after it was applied', async () => {
    writeMigration('1_first', 'CREATE TABLE a (b INT);\n');
    await expect(migrateHere()).rejects.toThrow(
      'The migration 1_first was changed after it was applied. Restore its migration.sql',
    );
  });

  it('accepts line ends that Git changed', async () => {
    writeMigration('1_first', 'CREATE TABLE a ();\r\n');
    expect(await migrateHere()).toEqual({ applied: [] });
  });

  it('takes a database that a newer version has migrated, or is migrating, and applies what it lacks', async () => {
    writeMigration('2_newer', 'SELECT 1;');
    await migrateHere();
    await pool.query(`UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '2_newer'`);
    rmSync(join(migrationsDir, '2_newer'), { recursive: true });
    expect(await compareMigrations(pool, migrationsDir)).toEqual({ pending: [], unknown: ['2_newer'] });
    writeMigration('3_own', 'CREATE TABLE b ();');
    expect(await migrateHere()).toEqual({ applied: ['3_own'] });
  });
});

it('accepts a database that Prisma migrated', async () => {
  writeMigration('1_first', 'CREATE TABLE a ();');
  const checksum = createHash('sha256')
    .update(readFileSync(join(migrationsDir, '1_first/migration.sql')))
    .digest('hex');
  // As `prisma migrate deploy` leaves it: prisma-engines, sql-schema-connector, flavour/postgres.
  await pool.query(`
    CREATE TABLE _prisma_migrations (
      id                      VARCHAR(36) PRIMARY KEY NOT NULL,
      checksum                VARCHAR(64) NOT NULL,
      finished_at             TIMESTAMPTZ,
      migration_name          VARCHAR(255) NOT NULL,
      logs                    TEXT,
      rolled_back_at          TIMESTAMPTZ,
      started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
      applied_steps_count     INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE a ();
    INSERT INTO _prisma_migrations VALUES ('6c3f5b1e-7a0a-4d53-9f0e-2f7f5f0d7c11', '${checksum}', now(), '1_first', NULL, NULL, now(), 1)`);
  expect(await migrateHere()).toEqual({ applied: [] });
  writeMigration('2_second', 'CREATE TABLE b ();');
  expect(await migrateHere()).toEqual({ applied: ['2_second'] });
});
