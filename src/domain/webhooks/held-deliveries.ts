import type { Deps } from '#domain/core/deps.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { write } from '#domain/core/write.ts';
import { wakeDeliverers } from './wake-deliverers.ts';

/** Holds all pending deliveries of a restored database, because they may have arrived before, and returns how many. */
export function holdDeliveries(tx: Tx): Promise<number> {
  return tx.$executeRaw`UPDATE webhook_deliveries SET held_at = coalesce(held_at, now()), next_attempt_at = NULL
    WHERE status = 'PENDING'`;
}

/** Returns how many deliveries are held. */
export const countHeldDeliveries = ({ database }: Deps): Promise<number> =>
  database.prisma.webhookDelivery.count({ where: { status: 'PENDING', heldAt: { not: null } } });

/** Releases the deliveries that have been held since a backup was restored, and returns how many. Safe to repeat. */
export function releaseHeldDeliveries(deps: Deps): Promise<number> {
  return write(deps, {
    action: 'webhook.release',
    async run({ tx, about, publish }) {
      const released = await tx.$executeRaw`UPDATE webhook_deliveries SET held_at = NULL, next_attempt_at = now()
        WHERE status = 'PENDING' AND held_at IS NOT NULL`;
      if (released === 0) return 0;
      about(null, { deliveries: released });
      await wakeDeliverers({ tx, publish }, deps);
      return released;
    },
  });
}
