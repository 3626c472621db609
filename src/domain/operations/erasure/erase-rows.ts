import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Services } from '#domain/core/deps.ts';
import { AWAITED, runTransaction, type Tx } from '#domain/core/transaction.ts';
import { conditionsOf, listOwnedTables, type OwnedTable } from './owned-tables.ts';

/** How many rows one transaction deletes at most. */
const SLICE_ROWS = 1_000;
/**
 * How many rows with child rows are deleted together: few at first, because a conversation may have thousands of messages, and more while
 * the children are few, because most leads have no calls. 100,000 leads would take 5,000 rounds of 20, each of some ten statements.
 */
const PARENT_ROWS = { first: 20, most: 250 };
/** The pause between two slices, during which the database is free for everybody else. */
const PAUSE_MS = 20;

/** How many rows there are, or were deleted, by table. */
export type RowCounts = Record<string, number>;

const quote = pg.escapeIdentifier;
/** Clients know `audit_entries` as `auditEntries`. */
const clientName = (table: string) => table.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Counts a user's rows, by table; tables without any are omitted. */
export async function countRows(db: Pick<Tx, '$queryRaw' | '$queryRawUnsafe'>, userId: string): Promise<RowCounts> {
  const counts: RowCounts = {};
  for (const [table, condition] of conditionsOf(await listOwnedTables(db))) {
    const [row] = await db.$queryRawUnsafe<{ count: number }[]>(
      `SELECT count(*)::float8 AS count FROM ${quote(table)} WHERE ${condition}`,
      userId,
    );
    if (row && row.count > 0) counts[clientName(table)] = row.count;
  }
  return counts;
}

/**
 * Deletes all rows of a user, children first, in small transactions; after a crash it continues where it stopped. The user's own row stays.
 * Returns what was deleted.
 */
export async function eraseRows(services: Services, userId: string, signal?: AbortSignal): Promise<RowCounts> {
  const owned = await listOwnedTables(services.database.prisma);
  const counts: RowCounts = {};
  await eraseBelow({ services, owned, counts, signal }, 'users', [userId]);
  return counts;
}

type Erasure = { services: Services; owned: readonly OwnedTable[]; counts: RowCounts; signal: AbortSignal | undefined };

async function eraseBelow(erasure: Erasure, parent: string, keys: readonly string[]): Promise<void> {
  for (const child of erasure.owned.filter((one) => one.parent === parent)) {
    const hasChildren = erasure.owned.some((one) => one.parent === child.table);
    if (hasChildren) await eraseParents(erasure, child, keys);
    else await eraseLeaves(erasure, child, keys);
  }
}

/** Deletes a few rows at a time, each time after their children. */
async function eraseParents(erasure: Erasure, child: OwnedTable, keys: readonly string[]): Promise<void> {
  const { services } = erasure;
  const { parentColumn = 'id' } = erasure.owned.find((one) => one.parent === child.table) ?? {};
  const next = `SELECT ${quote(parentColumn)} AS key FROM ${quote(child.table)}
    WHERE ${quote(child.column)} = ANY($1::uuid[]) LIMIT $2::int`;
  for (let take = PARENT_ROWS.first; ; ) {
    const { rows } = await services.database.pool.query<{ key: string }>(next, [keys, take]);
    if (rows.length === 0) return;
    const found = rows.map(({ key }) => key);
    const before = countErased(erasure);
    await eraseBelow(erasure, child.table, found);
    take = countErased(erasure) - before < SLICE_ROWS ? Math.min(take * 2, PARENT_ROWS.most) : PARENT_ROWS.first;
    await deleteSlice(erasure, child.table, `${quote(parentColumn)} = ANY($1::uuid[])`, found);
  }
}

const countErased = ({ counts }: Erasure) => Object.values(counts).reduce((sum, count) => sum + count, 0);

async function eraseLeaves(erasure: Erasure, child: OwnedTable, keys: readonly string[]): Promise<void> {
  const condition = `${quote(child.column)} = ANY($1::uuid[])`;
  while ((await deleteSlice(erasure, child.table, condition, keys)) === SLICE_ROWS);
}

async function deleteSlice(
  { services, counts, signal }: Erasure,
  table: string,
  condition: string,
  keys: readonly string[],
): Promise<number> {
  signal?.throwIfAborted();
  const deleted = await runTransaction(services, AWAITED, ({ tx }) =>
    tx.$executeRawUnsafe(
      `DELETE FROM ${quote(table)} WHERE ctid = ANY(ARRAY(
         SELECT ctid FROM ${quote(table)} WHERE ${condition} LIMIT ${SLICE_ROWS}))`,
      keys,
    ),
  );
  if (deleted > 0) counts[clientName(table)] = (counts[clientName(table)] ?? 0) + deleted;
  if (deleted === SLICE_ROWS) await sleep(PAUSE_MS);
  return deleted;
}
