import { setTimeout as sleep } from 'node:timers/promises';
import { sendWebhook } from '#adapters/webhooks/send-webhook.ts';
import type { Services } from '#domain/core/deps.ts';
import { backOffSeconds } from '#domain/jobs/failures.ts';
import type { Alert } from './alert.ts';

/** Sends an alert from this process, without a job, until the receiver accepts it or the signal aborts. */
export async function sendUntilTaken(
  { alerts: { webhook }, now, log }: Services,
  { id, alert }: { id: string; alert: Alert },
  signal: AbortSignal,
): Promise<void> {
  if (!webhook) return;
  const body = JSON.stringify(alert);
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      await sendWebhook(webhook, { id, body }, { now: now(), signal });
      return;
    } catch (error) {
      log.warn({ err: error }, 'the receiver of alerts did not take one');
      await sleep(backOffSeconds(attempt, {}) * 1_000, undefined, { ref: false, signal }).catch(() => {});
    }
  }
}
