import { z } from 'zod';
import { addressRanges, flag, wholeNumber } from './variables.ts';

/** Where the webhooks of users may lead, and for how long their deliveries are kept. */
export const webhookSettings = z
  .object({
    NODE_ENV: z.string().default('development'),
    WEBHOOK_ALLOWED_NETWORKS: addressRanges.default([]),
    WEBHOOK_ALLOW_LOOPBACK: flag.default(false),
    // Longer than a delivery is tried.
    WEBHOOK_DELIVERIES_KEEP_DAYS: wholeNumber(3, 3_650).default(14),
  })
  .refine((vars) => !vars.WEBHOOK_ALLOW_LOOPBACK || vars.NODE_ENV !== 'production', {
    path: ['WEBHOOK_ALLOW_LOOPBACK'],
    error: 'is for development; with NODE_ENV=production, name networks in WEBHOOK_ALLOWED_NETWORKS',
  })
  .transform((vars) => ({
    webhooks: {
      allowedNetworks: vars.WEBHOOK_ALLOWED_NETWORKS,
      allowLoopback: vars.WEBHOOK_ALLOW_LOOPBACK,
      keepDays: vars.WEBHOOK_DELIVERIES_KEEP_DAYS,
    },
  }));
