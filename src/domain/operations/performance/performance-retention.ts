import { daysBefore, deleteSliceOf, type RetentionRule } from '#domain/core/retention.ts';
import { Prisma } from '#generated/prisma/client.ts';

/** Slow statements are kept for METRICS_RETENTION_HOURS. */
export const slowStatementRetention: RetentionRule = {
  rows: 'slow statements',
  deleteSlice: (change, now, { metrics }) =>
    deleteSliceOf(change, 'slow_statements', Prisma.sql`at < ${daysBefore(now, metrics)}`),
};

/** Statement counts are kept for METRICS_RETENTION_HOURS after they were last stored. */
export const statementCountRetention: RetentionRule = {
  rows: 'counts of statements',
  deleteSlice: (change, now, { metrics }) =>
    deleteSliceOf(change, 'statement_counts', Prisma.sql`stored_at < ${daysBefore(now, metrics)}`),
};
