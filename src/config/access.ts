import { z } from 'zod';
import { wholeNumber } from './variables.ts';

/** Characters that can be sent in a header without change. */
const IN_A_HEADER = /^[!-~]([ -~]*[!-~])?$/;

/** The first API key, the token for metrics, rate limits, and the retention of audit log and changes. */
export const accessSettings = z
  .object({
    BOOTSTRAP_ADMIN_KEY: z
      .string()
      .regex(/^prl_[A-Za-z0-9_-]{43}$/, 'must be prl_ and 32 random bytes in base64url, 43 characters')
      .optional(),
    METRICS_TOKEN: z
      .string()
      .min(16, { error: 'must have 16 characters or more' })
      .regex(IN_A_HEADER, 'must be of ASCII, and neither begin nor end with a space, as it stands in a header')
      .optional(),
    RATE_LIMIT_POINTS: wholeNumber(1, 2_000_000_000).default(6_000),
    AUDIT_KEEP_DAYS: wholeNumber(1, 36_500).default(400),
    CHANGES_KEEP_DAYS: wholeNumber(2, 36_500).default(30),
  })
  .transform((vars) => ({
    bootstrapAdminKey: vars.BOOTSTRAP_ADMIN_KEY,
    metricsToken: vars.METRICS_TOKEN,
    rateLimitPoints: vars.RATE_LIMIT_POINTS,
    auditKeepDays: vars.AUDIT_KEEP_DAYS,
    changesKeepDays: vars.CHANGES_KEEP_DAYS,
  }));
