import type { Services } from '#domain/core/deps.ts';
import { Unavailable } from '#domain/core/errors.ts';
import type { Columns } from './columns.ts';
import type { LoadRequest } from './loader.ts';

/** Bytes that one statement reads at most, unless a single row has more. */
const MAX_STATEMENT_BYTES = 4 * 2 ** 20;

/** A row whose long values may have been left out, with their size. */
export type LeftOut = { $bytesLeftOut?: number | null };

type PartialRow = LeftOut & { id: string };

/** The source of the rows, such as `messages m JOIN …`; the columns that are left out; and the column of their id. */
export type LargeTable = { columns: Columns; from: string; id: string };

/**
 * Fills in the values that the select list has left out: `rows[i]` was read for `requests[i]`. Each request's bytes are counted before
 * they are read. Returns the errors of the requests that ask for too many.
 */
export async function fillLargeColumns(
  services: Services,
  table: LargeTable,
  requests: readonly LoadRequest<unknown>[],
  rows: readonly (readonly object[])[],
): Promise<(Error | null)[]> {
  const incomplete = new Map<string, PartialRow[]>();
  const errors = requests.map(({ meter }, index) => {
    const found = (rows[index] as readonly PartialRow[]).filter(({ $bytesLeftOut }) => $bytesLeftOut);
    try {
      meter.take(found.reduce((bytes, { $bytesLeftOut }) => bytes + ($bytesLeftOut ?? 0), 0));
    } catch (error) {
      return error as Error;
    }
    for (const row of found) incomplete.set(row.id, [...(incomplete.get(row.id) ?? []), row]);
    return null;
  });
  for (const ids of batchesOf(incomplete)) {
    for (const { id, ...values } of await readLarge(services, table, ids)) {
      for (const row of incomplete.get(id) ?? []) Object.assign(row, values, { $bytesLeftOut: null });
    }
  }
  const isIncomplete = ({ $bytesLeftOut }: PartialRow) => Boolean($bytesLeftOut);
  return errors.map((error, index) =>
    error === null && (rows[index] as readonly PartialRow[]).some(isIncomplete)
      ? new Unavailable('This changed while it was being read; try again.')
      : error,
  );
}

function readLarge({ database }: Services, { columns, from, id }: LargeTable, ids: readonly string[]) {
  return database.sql<{ id: string }>(`SELECT ${columns.large} FROM ${from} WHERE ${id} = ANY($1::uuid[])`, [ids]);
}

function* batchesOf(incomplete: ReadonlyMap<string, readonly PartialRow[]>): Generator<string[]> {
  let batch: string[] = [];
  let bytes = 0;
  for (const [id, [row]] of incomplete) {
    const size = row?.$bytesLeftOut ?? 0;
    if (batch.length > 0 && bytes + size > MAX_STATEMENT_BYTES) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(id);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
