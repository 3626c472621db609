import { SYSTEM_ACTOR } from '#domain/core/actor.ts';
import type { DeliveryResult, Services } from '#domain/core/deps.ts';
import { write } from '#domain/core/write.ts';
import type { ClaimedDelivery } from './claim-deliveries.ts';
import { lockRevision } from './lock-webhook.ts';

/** How many attempts are made to deliver an event. */
export const MAX_ATTEMPTS = 11;
/** For how many days every attempt may fail before a webhook is switched off. */
export const FAILING_DAYS = 3;

const FIRST_DELAY_SECONDS = 10;
const LONGEST_DELAY_SECONDS = 8 * 3_600;
/** The longest wait that a receiver may ask for: an hour. */
const MAX_RETRY_AFTER_SECONDS = 3_600;

/** Why an attempt failed, and what its receiver answered. */
export type AttemptFailure = { error: string; status: number | null; retryAfterMs: number | null };

type Attempt = Pick<ClaimedDelivery, 'id' | 'attempts' | 'webhookId' | 'ownerId' | 'url'>;

/** Records that a delivery arrived. Without effect if another attempt at it has begun meanwhile. */
export async function recordSuccess({ database }: Services, attempt: Attempt, status: number): Promise<DeliveryResult> {
  await database.sql(RECORD_SUCCESS, [attempt.id, attempt.attempts, status]);
  return 'SUCCEEDED';
}

/** The webhook's row is rarely written: only where the attempt before had failed. */
const RECORD_SUCCESS = /* sql */ `WITH d AS (
  UPDATE webhook_deliveries
  SET status = 'SUCCEEDED', next_attempt_at = NULL, response_status = $3, error = NULL, finished_at = now()
  WHERE id = $1 AND attempts = $2 AND status = 'PENDING' RETURNING webhook_id
) UPDATE webhooks w SET failing_since = NULL FROM d WHERE w.id = d.webhook_id AND w.failing_since IS NOT NULL`;

/** The status with which a receiver says that it wants no more events, as Standard Webhooks has it. */
const GONE = 410;

/**
 * Records that an attempt failed, and when the next is due, if there is one. Switches the webhook off if its receiver is GONE, or if every
 * attempt has failed for FAILING_DAYS. Without effect if another attempt has begun meanwhile.
 */
export async function recordFailure(
  services: Services,
  attempt: Attempt,
  failure: AttemptFailure,
): Promise<DeliveryResult> {
  const isGone = failure.status === GONE;
  const isLast = isGone || attempt.attempts >= MAX_ATTEMPTS;
  const delay = isLast ? null : retrySeconds(attempt.attempts, failure.retryAfterMs);
  const [webhook] = await services.database.sql<{ isOver: boolean }>(RECORD_FAILURE, [
    attempt.id,
    attempt.attempts,
    failure.status,
    failure.error,
    delay,
  ]);
  if (webhook && isGone) await switchOff(services, attempt, NO_MORE_WANTED);
  else if (webhook?.isOver) await switchOff(services, attempt, `${ALWAYS_FAILED} The last one: ${failure.error}`);
  return delay === null ? 'FAILED' : 'RETRIED';
}

const NO_MORE_WANTED = 'The receiver wants no more events: it answered 410 (Gone).';
const ALWAYS_FAILED = `Every attempt has failed for ${FAILING_DAYS} days.`;

const FAIL = /* sql */ `UPDATE webhook_deliveries
  SET status = CASE WHEN $5::float8 IS NULL THEN 'FAILED' ELSE 'PENDING' END::webhook_delivery_status,
    next_attempt_at = now() + $5::float8 * interval '1 second', response_status = $3, error = $4,
    finished_at = CASE WHEN $5::float8 IS NULL THEN now() END
  WHERE id = $1 AND attempts = $2 AND status = 'PENDING' RETURNING webhook_id`;

const RECORD_FAILURE = /* sql */ `WITH d AS (${FAIL})
UPDATE webhooks w SET failing_since = coalesce(w.failing_since, now()) FROM d WHERE w.id = d.webhook_id
RETURNING disabled_at IS NULL AND failing_since < now() - interval '${FAILING_DAYS} days' AS "isOver"`;

/** Records that a delivery is not attempted, and why. */
export async function recordNotSent(
  { database }: Services,
  { id, attempts }: Attempt,
  refusal: string,
): Promise<DeliveryResult> {
  await database.sql(FAIL, [id, attempts, null, refusal, null]);
  return 'FAILED';
}

/**
 * Returns the seconds to wait after the given attempt: 10 s, 30 s, 90 s … at most 8 h, or what the receiver asks for, up to an hour; and a
 * jitter of up to a half, so that what failed together does not come back together. That makes 25 to 38 hours for all attempts.
 */
function retrySeconds(attempt: number, retryAfterMs: number | null): number {
  const grown = Math.min(FIRST_DELAY_SECONDS * 3 ** (attempt - 1), LONGEST_DELAY_SECONDS);
  const asked = Math.min((retryAfterMs ?? 0) / 1_000, MAX_RETRY_AFTER_SECONDS);
  return Math.max(grown, asked) * (1 + Math.random() / 2);
}

/** Switches a webhook off, unless it was given another URL meanwhile. */
async function switchOff(services: Services, { webhookId: id, ownerId, url }: Attempt, reason: string): Promise<void> {
  const deps = { ...services, actor: SYSTEM_ACTOR };
  await write(deps, {
    action: 'webhook.disable',
    async run({ tx, about, changed }) {
      await lockRevision(tx, ownerId);
      const { count } = await tx.webhook.updateMany({
        where: { id, url, disabledAt: null },
        data: { disabledAt: deps.now(), disabledReason: reason },
      });
      if (count === 0) return;
      about({ type: 'Webhook', id });
      changed({ ownerId, type: 'WEBHOOK', id });
    },
  });
}
