import { WEBHOOKS_CHANNEL } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { NOTIFY_DELIVERERS } from '#domain/core/webhook-events.ts';
import type { Write } from '#domain/core/write.ts';

/** Wakes those who deliver, in all processes, once the transaction is committed. Events do so by themselves. */
export async function wakeDeliverers(
  { tx, publish }: Pick<Write, 'tx' | 'publish'>,
  { database }: Deps,
): Promise<void> {
  if (database.kind === 'embedded') publish(WEBHOOKS_CHANNEL);
  else await tx.$queryRawUnsafe(`SELECT ${NOTIFY_DELIVERERS}::text`);
}
