import pg from 'pg';
import type { Services } from '#domain/core/deps.ts';
import { EXPORTED, type ExportedTable } from './exported-tables.ts';

type Database = Pick<Services, 'database'>;

/** A table to be exported, with the types of its columns. */
type ReadTable = ExportedTable & { table: string; types: ReadonlyMap<string, string> };

/** What is read of each row: a line of JSON, or only its id. */
type Reading = 'line' | 'id';

/** How many bytes of rows one statement returns; at least one row. */
const PAGE_BYTES = 256 * 1024;
/**
 * How many rows it looks at: few at first, and then twice as many as the last one returned, as the size of each is known only once all of
 * it was read.
 */
const PAGE_ROWS = { first: 50, most: 500 };

/**
 * Yields the rows of a user in one of the exported tables as JSON, one after the other without line breaks, a page at a time. Rows are as
 * they are when their page is read.
 */
export async function* readLines(services: Database, table: string, userId: string): AsyncGenerator<string[]> {
  const found = await findTable(services, table);
  for await (const parentId of readParentIds(services, found, userId))
    yield* readPages(services, found, parentId, 'line');
}

/** Yields the ids of the user's rows to which rows of a table belong. */
async function* readParentIds(services: Database, { of }: ReadTable, userId: string): AsyncGenerator<string> {
  if (of === 'users') return yield userId;
  const parent = await findTable(services, of);
  for await (const id of readParentIds(services, parent, userId))
    for await (const page of readPages(services, parent, id, 'id')) yield* page;
}

async function findTable({ database }: Database, table: string): Promise<ReadTable> {
  const columns = await database.sql<{ name: string; type: string }>(COLUMNS, [table]);
  return {
    ...(EXPORTED[table] as ExportedTable),
    table,
    types: new Map(columns.map(({ name, type }) => [name, type])),
  };
}

const COLUMNS = `SELECT attname::text AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
  WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`;

/** Yields the rows that belong to one row of the parent. */
async function* readPages(
  { database }: Database,
  table: ReadTable,
  parentId: string,
  reading: Reading,
): AsyncGenerator<string[]> {
  let limit = PAGE_ROWS.first;
  for (let after: string[] | null = null; ; ) {
    const rows: { value: string; keys: string[] }[] = await database.sql(selectPage(table, reading, after !== null), [
      parentId,
      limit,
      ...(after ?? []),
    ]);
    const last = rows.at(-1);
    // A line break in stored JSON stands between its values: in strings it is escaped.
    if (last) yield rows.map(({ value }) => value.replaceAll(/[\r\n]/g, ' '));
    if (!last || last.keys.length === 0) return;
    after = last.keys;
    limit = Math.min(2 * rows.length, PAGE_ROWS.most);
  }
}

const quote = pg.escapeIdentifier;

/**
 * Selects up to $2 of the next rows of the parent $1; with `goesOn`, of those after the keys in $3, $4 … Bytes are those of the line:
 * PostgreSQL stores texts that repeat themselves in a hundredth of them.
 */
function selectPage({ table, by, order, omit = [], types }: ReadTable, reading: Reading, goesOn: boolean): string {
  const columns = [...types.keys()].filter((name) => !omit.includes(name)).map(quote);
  const keys = order.map(quote);
  const orderBy = keys.length > 0 ? `ORDER BY ${keys}` : '';
  const cursor = order.map((name, index) => `$${index + 3}::${types.get(name)}`);
  const value = reading === 'id' ? 'id::text' : `(SELECT row_to_json(r) FROM (SELECT ${columns}) r)::text`;
  return `SELECT "$value" AS value, ARRAY[${keys.map((key) => `${key}::text`)}]::text[] AS keys
  FROM (SELECT *, sum(octet_length("$value")) OVER (${orderBy} ROWS UNBOUNDED PRECEDING) - octet_length("$value") AS "$before"
    FROM (SELECT ${[...keys, `${value} AS "$value"`]} FROM ${quote(table)}
      WHERE ${quote(by)} = $1::uuid ${goesOn ? `AND (${keys}) > (${cursor})` : ''} ${orderBy} LIMIT $2::int) t) page
  WHERE "$before" < ${PAGE_BYTES} ${orderBy}`;
}
