import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '#adapters/database/migrator/migrator.ts';
import { emptyWith, localeOfRun } from './locales.ts';
import { startPostgres } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A database to connect to for making others. */
    adminUrl: string;
    /** The name of a migrated database that nobody connects to. */
    templateDatabase: string;
    /** A directory for what embedded databases are copied from. */
    embeddedTemplate: string;
  }
}

/**
 * One PostgreSQL and one migrated template for the whole run, with the locale of TEST_DATABASE_LOCALE; other runs may use the same
 * server.
 */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const server = process.env.TEST_DATABASE_URL
    ? { url: process.env.TEST_DATABASE_URL, stop: async () => {} }
    : await startPostgres();
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  const template = `parley_test_${randomBytes(6).toString('hex')}`;
  await admin.query(`CREATE DATABASE ${template} ${emptyWith(localeOfRun())}`);
  await migrateDatabase(urlOf(server.url, template));
  provide('adminUrl', server.url);
  provide('templateDatabase', template);
  const embedded = mkdtempSync(join(tmpdir(), 'parley-template-'));
  provide('embeddedTemplate', embedded);
  return async () => {
    rmSync(embedded, { recursive: true, force: true });
    await dropAll(admin, template);
    await admin.end();
    await server.stop();
  };
}

/** The template, and what files that failed did not drop: all names of a run begin with the template's. */
async function dropAll(admin: pg.Client, template: string): Promise<void> {
  const { rows } = await admin.query('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [template]);
  for (const { datname } of rows) await admin.query(`DROP DATABASE ${datname} WITH (FORCE)`);
}

async function migrateDatabase(url: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url });
  await migrate(pool);
  await pool.end();
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}
