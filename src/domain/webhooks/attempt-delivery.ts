import { sendWebhook, WebhookFailed } from '#adapters/webhooks/send-webhook.ts';
import type { DeliveryResult, Services } from '#domain/core/deps.ts';
import { globalId } from '#domain/core/global-ids.ts';
import type { ClaimedDelivery } from './claim-deliveries.ts';
import { payloadOf } from './payload.ts';
import { type AttemptFailure, recordFailure, recordNotSent, recordSuccess } from './record-attempt.ts';

/** The maximum length of the error of a delivery, in UTF-16 units. */
export const MAX_ERROR_LENGTH = 500;

/**
 * Makes one attempt at a claimed delivery, and records what became of it. If the process dies in between, the event is sent again, with the
 * same id.
 */
export async function attemptDelivery(services: Services, delivery: ClaimedDelivery): Promise<void> {
  const result = await attempt(services, delivery);
  services.webhooks.attempts[result] += 1;
}

async function attempt(services: Services, delivery: ClaimedDelivery): Promise<DeliveryResult> {
  if (delivery.refusal !== null) return recordNotSent(services, delivery, delivery.refusal);
  const { url, secret, oldSecrets } = delivery;
  const message = { id: globalId('WebhookDelivery', delivery.id), body: JSON.stringify(payloadOf(delivery)) };
  let status: number;
  try {
    status = await sendWebhook({ url, secrets: [secret, ...oldSecrets] }, message, {
      now: services.now(),
      rules: services.webhooks.rules,
    });
  } catch (error) {
    if (!(error instanceof WebhookFailed)) throw error;
    return recordFailure(services, delivery, describe(error));
  }
  return recordSuccess(services, delivery, status);
}

function describe({ message, status, said, retryAfterMs }: WebhookFailed): AttemptFailure {
  const text = `The receiver ${message}${said === '' ? '.' : `: ${said}`}`;
  const error = text.replaceAll('\0', '').slice(0, MAX_ERROR_LENGTH).toWellFormed();
  return { error, status, retryAfterMs };
}
