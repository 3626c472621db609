import { z } from 'zod';
import { endpointUrl } from './models.ts';
import { requiredWith, wholeNumber } from './variables.ts';

/** The receiver of alerts, and how long a problem has to last before one is sent. */
export const alertSettings = z
  .object({
    ALERT_WEBHOOK_URL: endpointUrl.optional(),
    ALERT_WEBHOOK_SECRET: z
      .string()
      .regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, { error: 'must be whsec_ and 24 to 64 random bytes in base64' })
      .optional(),
    ALERT_AFTER_SECONDS: wholeNumber(0, 3_600).default(15),
  })
  .refine(...requiredWith('ALERT_WEBHOOK_URL', 'ALERT_WEBHOOK_SECRET'))
  .transform(({ ALERT_WEBHOOK_URL: url, ALERT_WEBHOOK_SECRET: secret, ALERT_AFTER_SECONDS: seconds }) => ({
    alerts: {
      /** Null if no receiver is configured. */
      webhook: url && secret ? { url, secrets: [secret] } : null,
      afterMs: seconds * 1_000,
    },
  }));
