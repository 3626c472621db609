import type { Deps, Services } from '#domain/core/deps.ts';
import { AWAITED, runTransaction, type TransactionChange, type Tx } from '#domain/core/transaction.ts';
import type { Call } from '#generated/prisma/client.ts';

/**
 * Locks a call until the transaction ends and returns it; null if it was deleted. Has to come before conversations and leads are locked.
 */
export async function lockCall(tx: Tx, id: string): Promise<Call | null> {
  await tx.$queryRaw`SELECT id FROM calls WHERE id = ${id}::uuid FOR UPDATE`;
  return tx.call.findUnique({ where: { id } });
}

/** Runs a change of a call that its line has triggered, on behalf of the call's owner. Returns null if the call was deleted. */
export async function changeCall<T>(
  services: Services,
  callId: string,
  run: (change: TransactionChange, deps: Deps, call: Call) => Promise<T>,
): Promise<T | null> {
  return runTransaction(services, AWAITED, async (change) => {
    const call = await lockCall(change.tx, callId);
    return call && run(change, await depsOfOwner(services, change.tx, call.ownerId), call);
  });
}

/** Events of a call are handled on behalf of its owner, with that user's rights to their own data. */
export async function depsOfOwner(services: Services, tx: Pick<Tx, 'user'>, ownerId: string): Promise<Deps> {
  const { id, role } = await tx.user.findUniqueOrThrow({ where: { id: ownerId } });
  return {
    ...services,
    actor: { userId: id, role, apiKeyId: null, scopes: ['READ', 'WRITE'], requestId: null, ip: null },
  };
}
