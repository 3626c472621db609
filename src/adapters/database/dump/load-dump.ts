import pg from 'pg';
import { DumpBroken, readDump } from './dump-file.ts';
import { type DumpTable, insertLines, listTables } from './tables.ts';

/**
 * Loads a dump into a database that has the tables of the dump's version and that nobody else uses, after deleting what these tables
 * contain. Foreign keys are dropped meanwhile and recreated at the end, when PostgreSQL checks all of them. Throws at the first error,
 * and leaves the database partly filled.
 */
export async function loadDump(client: pg.ClientBase, file: string, signal?: AbortSignal): Promise<void> {
  const tables = await listTables(client);
  const byName = new Map(tables.map((table) => [table.name, table]));
  const names = tables.map(({ name }) => pg.escapeIdentifier(name));
  const foreignKeys = await listForeignKeys(client);
  for (const { table, name } of foreignKeys) await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
  for (const name of names) await client.query(`ALTER TABLE ${name} DISABLE TRIGGER USER`);
  await client.query(`TRUNCATE ${names.join(', ')}`);
  for await (const { table, columns, lines } of readDump(file)) {
    signal?.throwIfAborted();
    await client.query(insertLines(table, columnsOf(byName.get(table), table, columns)), [`[${lines.join(',')}]`]);
  }
  for (const name of names) await client.query(`ALTER TABLE ${name} ENABLE TRIGGER USER`);
  for (const { table, name, definition } of foreignKeys)
    await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`);
  await client.query('ANALYZE');
}

type ForeignKey = { table: string; name: string; definition: string };

async function listForeignKeys(client: pg.ClientBase): Promise<ForeignKey[]> {
  const { rows } = await client.query<ForeignKey>(
    `SELECT conrelid::regclass::text AS table, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
     FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY conname`,
  );
  return rows;
}

function columnsOf(table: DumpTable | undefined, name: string, columns: readonly string[]): DumpTable['columns'] {
  if (!table) throw new DumpBroken(`The dump has a table ${name} that its version of Parley has not.`);
  return columns.map((wanted) => {
    const column = table.columns.find((one) => one.name === wanted);
    if (!column) throw new DumpBroken(`The dump has a column ${name}.${wanted} that its version of Parley has not.`);
    return column;
  });
}
