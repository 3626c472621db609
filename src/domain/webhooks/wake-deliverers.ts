import { WEBHOOKS_CHANNEL } from '#domain/core/channels.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { NOTIFY_DELIVERERS } from '#domain/core/webhook-events.ts';
import type { Write } from '#domain/core/write.ts';

/** Wakes those who deliver, in all processes, once the transaction is committed. Events do so by themselves. */
export async function wakeDeliverers(tx: Tx, publish: Write['publish']): Promise<void> {
  await tx.$queryRawUnsafe(`SELECT ${NOTIFY_DELIVERERS}::text`);
  publish(WEBHOOKS_CHANNEL);
}
