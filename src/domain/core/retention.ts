import { Prisma } from '#generated/prisma/client.ts';
import type { Tx } from './transaction.ts';

/** How long rows are kept: days that are set by the operator. */
export type KeepDays = { jobs: number; auditEntries: number };

/** Rows that are kept for a time, and how those past it go. */
export type RetentionRule = {
  /** What the rows are, for the log. */
  rows: string;
  /** Deletes a slice of the rows that are past their time at `now`; `more` says whether there may be others. */
  deleteSlice(tx: Tx, now: Date, keepDays: KeepDays): Promise<{ deleted: number; more: boolean }>;
};

/** Rows that one transaction deletes at most: some 10 ms, for which the embedded database keeps everybody waiting. */
const SLICE_ROWS = 1_000;

/** Deletes up to SLICE_ROWS rows of a table that meet a condition, without those that somebody changes at the moment. */
export async function deleteSliceOf(
  tx: Tx,
  table: string,
  condition: Prisma.Sql,
): Promise<{ deleted: number; more: boolean }> {
  const from = Prisma.raw(table);
  const deleted = await tx.$executeRaw`DELETE FROM ${from} WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM ${from} WHERE ${condition} LIMIT ${SLICE_ROWS} FOR UPDATE SKIP LOCKED))`;
  return { deleted, more: deleted === SLICE_ROWS };
}

/** Returns the moment so many days before another. */
export function daysBefore(moment: Date, days: number): Date {
  return new Date(moment.getTime() - days * 24 * 3_600_000);
}
