import pg from 'pg';
import type { TestDatabase } from './databases.ts';

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
