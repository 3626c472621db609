import { daysBefore, deleteSliceOf, type RetentionRule } from '#domain/core/retention.ts';
import { Prisma } from '#generated/prisma/client.ts';

/** Expired and revoked keys are kept as long as the audit entries of what was done with them: AUDIT_KEEP_DAYS. */
export const keyRetention: RetentionRule = {
  rows: 'API keys',
  deleteSlice(change, now, { auditEntries }) {
    const time = daysBefore(now, auditEntries);
    return deleteSliceOf(change, 'api_keys', Prisma.sql`revoked_at < ${time} OR expires_at < ${time}`, {
      type: 'API_KEY',
      owner: 'user_id',
    });
  },
};
