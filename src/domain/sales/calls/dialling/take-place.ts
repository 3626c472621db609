import type { Deps } from '#domain/core/deps.ts';
import type { TransactionChange } from '#domain/core/transaction.ts';
import { readPlaces, wakeNext } from '#domain/sales/campaigns/call-places.ts';
import type { Call } from '#generated/prisma/client.ts';

/**
 * Whether a call may be dialled as far as places are concerned. A call of a campaign already has its place. Any other takes one, or waits
 * for its turn like a campaign, and is woken then. The caller has locked the places and the call.
 */
export async function takePlace(change: TransactionChange, deps: Deps, call: Call): Promise<boolean> {
  if (call.campaignId !== null) return true;
  const { ownerId, id } = call;
  const { free, mayTake } = await readPlaces(change.tx, { maxPlaces: deps.sales.maxConcurrentCalls }, { ownerId });
  const waitingSince = mayTake ? null : call.queuedAt;
  if (waitingSince?.getTime() !== call.waitingSince?.getTime())
    await change.tx.call.update({ where: { id }, data: { waitingSince }, select: { id: true } });
  // Another owner may be entitled to the place that this one may not take, or to one that is left.
  if (free > (mayTake ? 1 : 0)) await wakeNext(change, deps);
  return mayTake;
}
