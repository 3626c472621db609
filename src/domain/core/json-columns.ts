import { holdsNumber, jsonText, parseJson } from '#adapters/exact-json.ts';
import { Prisma } from '#generated/prisma/client.ts';
import type { Tx } from './transaction.ts';

/** The columns that hold users' JSON exactly as sent, by the field names of their models. */
const COLUMNS = {
  conversations: { metadata: 'metadata' },
  memories: { metadata: 'metadata' },
  messages: { toolCalls: 'tool_calls', toolResult: 'tool_result', metadata: 'metadata' },
} as const;

type Table = keyof typeof COLUMNS;

/**
 * Returns rows that Prisma has read, with the numbers in their JSON exactly as stored, because Prisma turns them into doubles. Only rows
 * with numbers in their JSON are read again.
 */
export async function withExactJson<Row extends { id: string }>(
  db: Pick<Tx, '$queryRawUnsafe'>,
  table: Table,
  rows: readonly Row[],
): Promise<Row[]> {
  const columns = Object.entries(COLUMNS[table]);
  const ids = rows.filter((row) => columns.some(([field]) => holdsNumber(row[field as keyof Row]))).map(({ id }) => id);
  if (ids.length === 0) return [...rows];
  const list = columns.map(([field, column]) => `${column}::text AS "${field}"`).join(', ');
  const select = `SELECT id, ${list} FROM ${table} WHERE id = ANY($1::uuid[])`;
  const stored = await db.$queryRawUnsafe<({ id: string } & Record<string, string | null>)[]>(select, ids);
  const byId = new Map(stored.map(({ id, ...texts }) => [id, parseAll(texts)]));
  return rows.map((row) => ({ ...row, ...byId.get(row.id) }));
}

const parseAll = (texts: Record<string, string | null>) =>
  Object.fromEntries(Object.entries(texts).map(([field, text]) => [field, text === null ? null : parseJson(text)]));

/** Returns one such row, or null. */
export async function withExactJsonOf<Row extends { id: string }>(
  db: Pick<Tx, '$queryRawUnsafe'>,
  table: Table,
  row: Row | null,
): Promise<Row | null> {
  return row && ((await withExactJson(db, table, [row]))[0] as Row);
}

/**
 * Writes the metadata of a row as it was sent; null clears it, undefined leaves it unchanged. Prisma would not preserve the numbers, and
 * inspects each value several times: 60 ms for 120,000 values, which fit into one request.
 */
export async function writeMetadata(
  tx: Pick<Tx, '$executeRaw'>,
  table: Table,
  id: string,
  metadata: unknown,
): Promise<void> {
  if (metadata === undefined) return;
  const text = metadata === null || metadata === Prisma.DbNull ? null : jsonText(metadata);
  await tx.$executeRaw`UPDATE ${Prisma.raw(table)} SET metadata = ${text}::json WHERE id = ${id}::uuid`;
}
