import { setImmediate } from 'node:timers/promises';
import pg from 'pg';
import { RowSum, type TableSum } from './checksum.ts';
import { type DumpTable, listTables, selectLines } from './tables.ts';

/** How many rows are read at once. */
const FETCH_ROWS = 200;

/**
 * Runs `read` on one snapshot of the database. It does not see later commits, and only changes of the tables' definitions have to wait
 * for it.
 */
export async function inSnapshot<T>(client: pg.ClientBase, read: () => Promise<T>): Promise<T> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    return await read();
  } finally {
    await client.query('ROLLBACK').catch(() => {}); // the error to report is the one that ended the connection
  }
}

/** Yields the rows of a table as lines, some at a time, and adds them to the checksum. Throws if fewer rows arrive than there are. */
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
    await setImmediate(); // this may run in a process that also serves requests
  }
  await client.query('CLOSE rows_of_table');
  const { rows } = sum.total();
  if (rows !== counted[0]?.count)
    throw new Error(`${rows} rows of ${table.name} were read where there are ${counted[0]?.count}.`);
}

/** Returns the contents of each table: its number of rows and its checksum. */
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
