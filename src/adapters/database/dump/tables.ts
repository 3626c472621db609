import pg from 'pg';

/** A table as contained in a dump: its columns, without generated ones. */
export type DumpTable = { name: string; columns: { name: string; type: string }[] };

type Queryable = Pick<pg.ClientBase, 'query'>;

/**
 * What dumps omit: the history of migrations, which is in the manifest; the list of backups, which is in their directory; and what
 * processes report about themselves while they run. pg-boss's schema is omitted, too: its jobs are recreated from `jobs`.
 */
const LEFT_OUT = ['_prisma_migrations', 'backups', 'model_circuits', 'statement_counts', 'slow_statements'];

/** Returns the tables of the session's schema that a dump contains, by name. */
export async function listTables(client: Queryable): Promise<DumpTable[]> {
  const { rows } = await client.query<DumpTable>(
    `SELECT t.relname AS name,
       json_agg(json_build_object('name', c.attname, 'type', format_type(c.atttypid, c.atttypmod)) ORDER BY c.attnum) AS columns
     FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid
     WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind = 'r' AND t.relname <> ALL($1)
       AND c.attnum > 0 AND NOT c.attisdropped AND c.attgenerated = ''
     GROUP BY t.relname ORDER BY t.relname`,
    [LEFT_OUT],
  );
  return rows;
}

/**
 * Returns the query for a table's rows, each as one line of JSON: an array of the columns' text representations, as PostgreSQL itself
 * writes and reads them, so that no value loses anything.
 */
export function selectLines({ name, columns }: DumpTable): string {
  const texts = columns.map((column) => `${pg.escapeIdentifier(column.name)}::text`);
  return `SELECT json_build_array(${texts.join(', ')})::text AS line FROM ${pg.escapeIdentifier(name)}`;
}

/** Returns the statement that inserts the rows of `$1`, a JSON array of such lines. */
export function insertLines(name: string, columns: DumpTable['columns']): string {
  const names = columns.map((column) => pg.escapeIdentifier(column.name));
  const values = columns.map(({ type }, index) => `(line->>${index})::${type}`);
  return `INSERT INTO ${pg.escapeIdentifier(name)} (${names.join(', ')}) SELECT ${values.join(', ')} FROM json_array_elements($1::json) AS line`;
}
