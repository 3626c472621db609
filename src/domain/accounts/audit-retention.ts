import { daysBefore, deleteSliceOf, type RetentionRule } from '#domain/core/retention.ts';
import { Prisma } from '#generated/prisma/client.ts';

/** Audit entries are kept for AUDIT_KEEP_DAYS. */
export const auditRetention: RetentionRule = {
  rows: 'audit entries',
  deleteSlice: (tx, now, { auditEntries }) =>
    deleteSliceOf(tx, 'audit_entries', Prisma.sql`at < ${daysBefore(now, auditEntries)}`),
};
