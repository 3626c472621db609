import pg from 'pg';
import { migrate } from '#adapters/database/migrator/migrator.ts';
import { createDataDirectory, type TestDatabase } from '../../test/support/databases.ts';

const ADMIN_URL = process.env.BENCH_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';

let made = 0;

/** A migrated database without rows, on the PostgreSQL of BENCH_DATABASE_URL. */
export async function makeDatabase(): Promise<TestDatabase> {
  const admin = new pg.Client({ connectionString: ADMIN_URL });
  await admin.connect();
  const name = `parley_bench_${process.pid}_${made++}`;
  await admin.query(`CREATE DATABASE ${name}`);
  const url = new URL(ADMIN_URL);
  url.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: url.href });
  await migrate(pool);
  await pool.end();
  return {
    env: { DATABASE_URL: url.href },
    url: url.href,
    async drop() {
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
    },
  };
}

/** That of `makeDatabase` where BENCH_DATABASE_URL is set, an embedded one otherwise. */
export async function chooseDatabase(): Promise<TestDatabase> {
  return process.env.BENCH_DATABASE_URL ? makeDatabase() : createDataDirectory();
}
