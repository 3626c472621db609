import { daysBefore, deleteSliceOf, type RetentionRule } from '#domain/core/retention.ts';
import { Prisma } from '#generated/prisma/client.ts';

/** Deliveries are kept for WEBHOOK_DELIVERIES_KEEP_DAYS after their event: longer than they are tried. */
export const deliveryRetention: RetentionRule = {
  rows: 'webhook deliveries',
  deleteSlice: (change, now, { webhookDeliveries }) =>
    deleteSliceOf(change, 'webhook_deliveries', Prisma.sql`created_at < ${daysBefore(now, webhookDeliveries)}`),
};
