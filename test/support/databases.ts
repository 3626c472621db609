import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { describe, inject } from 'vitest';
import { copyEmbeddedTemplate } from './embedded-template.ts';
import { emptyWith, type Locale, localeOfRun } from './locales.ts';

/** What Parley can keep its data in. */
export type DatabaseKind = 'postgres' | 'embedded';

export interface TestDatabase {
  /** The settings by which a process of Parley finds it. */
  readonly env: Record<string, string>;
  /** Where it takes connections; empty for an embedded database, which only one process can open. */
  readonly url: string;
  /** Throws when a connection to it was left open: something was not closed. */
  drop(): Promise<void>;
}

const OBJECT_IN_USE = '55006';

/** The suite once for each kind of database, which it hands on to `useServices` or `useParley`. */
export function describeOnEachDatabase(suite: (on: DatabaseKind) => void): void {
  const kinds = [
    ['PostgreSQL', 'postgres'],
    ['the embedded database', 'embedded'],
  ] as const;
  describe.each(kinds)('on %s', (_name, on) => suite(on));
}

/**
 * A database without rows and with all migrations applied (about 40 ms in PostgreSQL); without any table where it is to have
 * another locale than the run's.
 */
export async function createDatabase(on: DatabaseKind = 'postgres', locale?: Locale): Promise<TestDatabase> {
  if (on === 'embedded') {
    const database = createDataDirectory();
    await copyEmbeddedTemplate(database.env.DATA_DIR as string);
    return database;
  }
  return createFrom(locale ? emptyWith(locale) : `TEMPLATE ${inject('templateDatabase')}`);
}

/** One without any table, for tests of the migrator. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return createFrom(emptyWith(localeOfRun()));
}

/** Where the process that opens it makes the embedded database. */
export function createDataDirectory(): TestDatabase {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-data-'));
  return { env: { DATA_DIR: dataDir }, url: '', drop: async () => rmSync(dataDir, { recursive: true }) };
}

async function createFrom(origin: string): Promise<TestDatabase> {
  const name = `${inject('templateDatabase')}_${randomBytes(6).toString('hex')}`;
  await asAdmin(async (admin) => {
    await admin.query(`CREATE DATABASE ${name} ${origin}`);
    await admin.query(`ALTER DATABASE ${name} SET synchronous_commit = off`); // it may lose everything with the machine
  });
  const { href } = Object.assign(new URL(inject('adminUrl')), { pathname: `/${name}` });
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-data-'));
  return {
    env: { DATABASE_URL: href, DATA_DIR: dataDir },
    url: href,
    async drop() {
      rmSync(dataDir, { recursive: true });
      await asAdmin((admin) => drop(admin, name));
    },
  };
}

/** PostgreSQL itself gives connections that are just closing up to 5 s to be gone. */
async function drop(admin: pg.Client, name: string): Promise<void> {
  try {
    await admin.query(`DROP DATABASE ${name}`);
  } catch (error) {
    if ((error as pg.DatabaseError).code !== OBJECT_IN_USE) throw error;
    const { rows } = await admin.query(
      'SELECT application_name, state, query FROM pg_stat_activity WHERE datname = $1',
      [name],
    );
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    throw new Error(`The test left ${rows.length} database connection(s) open: ${JSON.stringify(rows)}`);
  }
}

async function asAdmin<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: inject('adminUrl') });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}
