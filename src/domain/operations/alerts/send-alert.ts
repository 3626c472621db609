import { sendWebhook, WebhookFailed } from '#adapters/webhooks/send-webhook.ts';
import type { Deps } from '#domain/core/deps.ts';
import { Unavailable } from '#domain/core/errors.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import type { Alert } from './alert.ts';

/**
 * Runs a SEND_ALERT job: sends the alert under the id of the job. A worker that dies before it has noted that sends it again, under
 * the same id. Where there is no receiver any more, or none yet, nothing is sent.
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
