import { setImmediate } from 'node:timers/promises';
import pg from 'pg';
import { RowSum, type TableSum } from './checksum.ts';
import { type DumpTable, listTables, selectLines } from './tables.ts';

/** Rows that are read at once. */
const FETCH_ROWS = 200;

/**
 * Runs `read` on one state of the database: what is committed meanwhile is not seen, and nothing waits for it but a change of
 * the tables themselves.
 */
export async function inSnapshot<T>(client: pg.ClientBase, read: () => Promise<T>): Promise<T> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    return await read();
  } finally {
    await client.query('ROLLBACK').catch(() => {}); // what ended the connection is the error to tell
  }
}

/** Yields the rows of a table as lines, some at a time, and adds them up. Throws where fewer came than there are. */
export async function* readLines(client: pg.ClientBase, table: DumpTable, sum: RowSum): AsyncGenerator<string[]> {
  const { rows: counted } = await client.query<{ count: number }>(
    `SELECT count(*)::float8 AS count FROM ${pg.escapeIdentifier(table.name)}`,
  );
  await client.query(`DECLARE rows_of_table NO SCROLL CURSOR FOR ${selectLines(table)}`);
  for (;;) {
    const { rows } = await client.query<{ line: string }>(`FETCH ${FETCH_ROWS} FROM rows_of_table`);
    if (rows.length === 0) break;
    for (const { line } of rows) sum.add(line);
    yield rows.map(({ line }) => line);
    await setImmediate(); // in the process that serves, too
  }
  await client.query('CLOSE rows_of_table');
  const { rows } = sum.total();
  if (rows !== counted[0]?.count)
    throw new Error(`${rows} rows of ${table.name} were read where there are ${counted[0]?.count}.`);
}

/** Returns what every table of the database holds. */
export function sumTables(client: pg.ClientBase): Promise<Record<string, TableSum>> {
  return inSnapshot(client, async () => {
    const sums: Record<string, TableSum> = {};
    for (const table of await listTables(client)) {
      const sum = new RowSum();
      for await (const _ of readLines(client, table, sum));
      sums[table.name] = sum.total();
    }
    return sums;
  });
}
