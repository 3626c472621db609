import { Prisma } from '#generated/prisma/client.ts';
import type { ChangeType } from '#generated/prisma/enums.ts';
import type { TransactionChange } from './transaction.ts';

/** For how many days rows are kept, as set by the operator. */
export type KeepDays = {
  jobs: number;
  auditEntries: number;
  changes: number;
  metrics: number;
  webhookDeliveries: number;
};

/** A retention rule: rows that are kept for a time, and how they are deleted afterwards. */
export type RetentionRule = {
  /** The name of the rows in the log. */
  rows: string;
  /** Deletes some of the rows that have expired at `now`; `more` says whether there may be others. */
  deleteSlice(change: TransactionChange, now: Date, keepDays: KeepDays): Promise<{ deleted: number; more: boolean }>;
};

/** Rows that one transaction deletes at most. That takes some 10 ms, during which everybody waits on the embedded database. */
const SLICE_ROWS = 1_000;

/**
 * Deletes up to SLICE_ROWS rows of a table that meet a condition, and skips rows that are locked. With `told`, which names the type of
 * the change and the column of the owner, the owners' lists of changes report the deletions.
 */
export async function deleteSliceOf(
  { tx, changed }: TransactionChange,
  table: string,
  condition: Prisma.Sql,
  told?: { type: ChangeType; owner: string },
): Promise<{ deleted: number; more: boolean }> {
  const from = Prisma.raw(table);
  const slice = Prisma.sql`DELETE FROM ${from} WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM ${from} WHERE ${condition} LIMIT ${SLICE_ROWS} FOR UPDATE SKIP LOCKED))`;
  if (!told) {
    const deleted = await tx.$executeRaw(slice);
    return { deleted, more: deleted === SLICE_ROWS };
  }
  const { type, owner } = told;
  const rows = await tx.$queryRaw<{ id: string; ownerId: string | null }[]>`
    ${slice} RETURNING id, ${Prisma.raw(owner)} AS "ownerId"`;
  for (const { id, ownerId } of rows) if (ownerId) changed({ ownerId, type, id, deleted: true });
  return { deleted: rows.length, more: rows.length === SLICE_ROWS };
}

/** Returns the moment that many days before another. */
export function daysBefore(moment: Date, days: number): Date {
  return new Date(moment.getTime() - days * 24 * 3_600_000);
}
