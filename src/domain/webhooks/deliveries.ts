import { v7 as uuidv7 } from 'uuid';
import type { Deps } from '#domain/core/deps.ts';
import { Conflict, DomainError, NotFound } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import type { Webhook, WebhookDelivery } from '#generated/prisma/client.ts';
import { lockWebhook } from './lock-webhook.ts';
import { wakeDeliverers } from './wake-deliverers.ts';

/**
 * The number of pending deliveries of a webhook from which on it takes no test events: a test would wait behind all of them. Events are
 * stored however many wait, as they are not lost.
 */
export const MAX_PENDING_FOR_TEST = 100;

/**
 * Sends a WEBHOOK_TEST event to a webhook, whatever events it asks for, and returns its delivery. Safe to repeat with the same idempotency
 * key. Throws NotFound, Conflict (the webhook is off), LIMIT_EXCEEDED (too many of its deliveries are pending), IdempotencyConflict.
 */
export function sendTestEvent(
  deps: Deps,
  { webhookId, idempotencyKey }: WithIdempotencyKey & { webhookId: string },
): Promise<WebhookDelivery> {
  return writeAndLoad(deps, {
    action: 'webhook.test',
    once: { key: idempotencyKey, input: { webhookId } },
    async run({ tx, about, publish, revise }) {
      const webhook = await lockWebhook(tx, deps, webhookId);
      assertEnabled(webhook);
      await assertTakesTests(tx, webhookId);
      const now = deps.now();
      const row = {
        id: uuidv7(),
        webhookId,
        event: 'WEBHOOK_TEST',
        data: {},
        createdAt: now,
        nextAttemptAt: now,
      } as const;
      await tx.webhookDelivery.create({ data: row, select: { id: true } });
      about({ type: 'Webhook', id: webhookId });
      revise(webhook.ownerId);
      await wakeDeliverers({ tx, publish }, deps);
      return row.id;
    },
    ...loadDelivery(deps),
  });
}

/**
 * Sends the event of a delivery again, with all attempts; of one that is PENDING, the next attempt is made now. Safe to repeat with the
 * same idempotency key. Throws NotFound, Conflict (the webhook is off), IdempotencyConflict.
 */
export function redeliver(
  deps: Deps,
  { webhookDeliveryId: id, idempotencyKey }: WithIdempotencyKey & { webhookDeliveryId: string },
): Promise<WebhookDelivery> {
  return writeAndLoad(deps, {
    action: 'webhook.redeliver',
    once: { key: idempotencyKey, input: { webhookDeliveryId: id } },
    async run({ tx, about, publish, revise }) {
      const found = await tx.webhookDelivery.findFirst({ where: ownDelivery(deps, id), select: { webhookId: true } });
      if (!found) throw new NotFound('delivery');
      const webhook = await lockWebhook(tx, deps, found.webhookId);
      assertEnabled(webhook);
      await tx.$executeRaw`UPDATE webhook_deliveries SET
          attempts = CASE status WHEN 'PENDING' THEN attempts ELSE 0 END,
          status = 'PENDING', next_attempt_at = now(), held_at = NULL, finished_at = NULL
        WHERE id = ${id}::uuid`;
      about({ type: 'WebhookDelivery', id }, { webhookId: webhook.id });
      revise(webhook.ownerId);
      await wakeDeliverers({ tx, publish }, deps);
      return id;
    },
    ...loadDelivery(deps),
  });
}

function assertEnabled({ disabledAt }: Webhook): void {
  if (disabledAt) throw new Conflict('This webhook is off; switch it on with `updateWebhook` and `enabled: true`.');
}

/** Reads no more pending deliveries than are allowed, however many there are. Throws LIMIT_EXCEEDED. */
async function assertTakesTests(tx: Tx, webhookId: string): Promise<void> {
  const where = { webhookId, nextAttemptAt: { not: null } };
  const pending = await tx.webhookDelivery.findMany({ where, select: { id: true }, take: MAX_PENDING_FOR_TEST });
  if (pending.length < MAX_PENDING_FOR_TEST) return;
  throw new DomainError(
    'LIMIT_EXCEEDED',
    `This webhook has ${MAX_PENDING_FOR_TEST} or more pending deliveries, behind which a test would wait; see what their receiver answers in \`Webhook.deliveries\`.`,
    { limit: MAX_PENDING_FOR_TEST, limited: 'pending deliveries', actual: pending.length },
  );
}

const ownDelivery = ({ actor }: Deps, id: string) => ({ id, webhook: { ownerId: actor.userId } });

const loadDelivery = (deps: Deps) => ({
  what: 'delivery',
  load: (id: string, tx: Tx) => tx.webhookDelivery.findFirst({ where: ownDelivery(deps, id) }),
});
