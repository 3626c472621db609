import { daysBefore, deleteSliceOf, type RetentionRule } from '#domain/core/retention.ts';
import { Prisma } from '#generated/prisma/client.ts';

/** Deletions are kept for CHANGES_KEEP_DAYS, longer than any cursor of changes is valid. */
export const changeRetention: RetentionRule = {
  rows: 'deletions that are told',
  deleteSlice: (change, now, { changes }) =>
    deleteSliceOf(change, 'changes', Prisma.sql`deleted AND changed_at < ${daysBefore(now, changes)}`),
};
