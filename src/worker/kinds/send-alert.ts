import { z } from 'zod';
import { sendAlert, sendAlertHooks } from '#domain/operations/alerts/send-alert.ts';
import { defineJobKind } from '#worker/job-kind.ts';

export default defineJobKind('SEND_ALERT', {
  lane: 'operations',
  // Some two hours, because a receiver is not repaired at once.
  maxAttempts: 28,
  hooks: sendAlertHooks,
  actsOutside: true,
  payload: z.object({
    type: z.enum(['health.changed', 'backup.failed']),
    timestamp: z.string(),
    data: z.record(z.string(), z.string().nullable()),
  }),
  load: async () => sendAlert,
});
