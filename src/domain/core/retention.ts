import { Prisma } from '#generated/prisma/client.ts';
import type { ChangeType } from '#generated/prisma/enums.ts';
import type { TransactionChange } from './transaction.ts';

/** How long rows are kept: days that are set by the operator. */
export type KeepDays = { jobs: number; auditEntries: number; changes: number; metrics: number };

/** Rows that are kept for a time, and how those past it go. */
export type RetentionRule = {
  /** What the rows are, for the log. */
  rows: string;
  /** Deletes a slice of the rows that are past their time at `now`; `more` says whether there may be others. */
  deleteSlice(change: TransactionChange, now: Date, keepDays: KeepDays): Promise<{ deleted: number; more: boolean }>;
};

/** Rows that one transaction deletes at most: some 10 ms, for which the embedded database keeps everybody waiting. */
const SLICE_ROWS = 1_000;

/**
 * Deletes up to SLICE_ROWS rows of a table that meet a condition, without those that somebody changes at the moment. Where
 * `told` says as what, and by which column whose, their users learn of it.
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

/** Returns the moment so many days before another. */
export function daysBefore(moment: Date, days: number): Date {
  return new Date(moment.getTime() - days * 24 * 3_600_000);
}
