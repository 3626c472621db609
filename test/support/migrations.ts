import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestContext } from 'vitest';
import { MIGRATIONS_DIR } from '#adapters/database/migrator/migration-files.ts';
import { migrate } from '#adapters/database/migrator/migrator.ts';
import { createDatabase, type TestDatabase } from './databases.ts';

/** A directory with the migrations before one. */
function copyMigrationsBefore(name: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'parley-migrations-'));
  for (const each of readdirSync(MIGRATIONS_DIR)) {
    if (each < name) cpSync(join(MIGRATIONS_DIR, each), join(directory, each), { recursive: true });
  }
  return directory;
}

/** Opens a database of locale C as it was before a migration; it goes with the test. */
export async function openDatabaseBefore({ onTestFinished }: TestContext, migration: string): Promise<pg.Pool> {
  const database = await createDatabase('postgres', 'C');
  onTestFinished(() => database.drop());
  const pool = new pg.Pool({ connectionString: database.url });
  onTestFinished(() => pool.end());
  const migrationsDir = copyMigrationsBefore(migration);
  onTestFinished(() => rmSync(migrationsDir, { recursive: true }));
  await migrate(pool, { migrationsDir });
  return pool;
}

/** Applies a migration that this version does not know, as a newer one does while processes of this one run. */
export async function applyNewer({ onTestFinished }: TestContext, { url }: TestDatabase, sql: string): Promise<void> {
  const migrationsDir = copyMigrationsBefore('a');
  onTestFinished(() => rmSync(migrationsDir, { recursive: true }));
  mkdirSync(join(migrationsDir, '99991231235959_newer'));
  writeFileSync(join(migrationsDir, '99991231235959_newer/migration.sql'), sql);
  const pool = new pg.Pool({ connectionString: url });
  onTestFinished(() => pool.end());
  await migrate(pool, { migrationsDir });
}
