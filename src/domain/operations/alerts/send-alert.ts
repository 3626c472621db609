import { z } from 'zod';
import { sendWebhook, WebhookFailed } from '#adapters/webhooks/send-webhook.ts';
import type { Deps } from '#domain/core/deps.ts';
import { Unavailable } from '#domain/core/errors.ts';
import type { JobChange, JobHooks } from '#domain/core/job-hooks.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import type { Job } from '#generated/prisma/client.ts';
import type { Alert } from './alert.ts';

const HealthChanged = z.object({
  type: z.literal('health.changed'),
  data: z.object({
    component: z.string(),
    status: z.string(),
    message: z.string().nullable(),
    previousStatus: z.string(),
    previousMessage: z.string().nullable(),
  }),
});

/** An alert whose job failed or was cancelled counts as not reported: the next report repeats it, as long as the condition lasts. */
export const sendAlertHooks: JobHooks = { onFailed: resetAlert, onCancelled: resetAlert };

async function resetAlert({ tx }: JobChange, { payload }: Job): Promise<void> {
  const alert = HealthChanged.safeParse(payload);
  if (!alert.success) return;
  const { component, status, message, previousStatus, previousMessage } = alert.data.data;
  const data = { status: previousStatus, message: previousMessage };
  await tx.healthAlert.updateMany({ where: { component, status, message }, data });
}

/**
 * Runs a SEND_ALERT job: sends the alert with the job's id. If the worker dies before it has recorded that, the alert is sent again with
 * the same id. If no receiver is configured any more, nothing is sent.
 */
export async function sendAlert({ alerts: { webhook }, now }: Deps, alert: Alert, job: RunningJob): Promise<void> {
  if (!webhook) return job.finish(async () => ({ sent: false }));
  try {
    await sendWebhook(webhook, { id: job.id, body: JSON.stringify(alert) }, { now: now(), signal: job.signal });
  } catch (error) {
    if (!(error instanceof WebhookFailed)) throw error;
    throw new Unavailable(`The receiver of alerts ${error.message}.`, error.retryAfterMs);
  }
  await job.finish(async () => ({ sent: true }));
}
