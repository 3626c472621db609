import pg from 'pg';
import type { TestDatabase } from './databases.ts';

/** The condition for `pg_locks` of this database: those of other tests are on the same server, and their tables have the same oids. */
export const OF_THIS_DATABASE = 'database = (SELECT oid FROM pg_database WHERE datname = current_database())';

/** Runs one statement on a connection of its own: what no user could see or do. */
export async function sql<Row extends pg.QueryResultRow>(
  { url }: TestDatabase,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}
