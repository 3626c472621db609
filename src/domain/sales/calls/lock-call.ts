import type { Deps, Services } from '#domain/core/deps.ts';
import { AWAITED, runTransaction, type TransactionChange, type Tx } from '#domain/core/transaction.ts';
import type { Call } from '#generated/prisma/client.ts';

/** Returns a call, which nobody else can change before the transaction ends; null where it is gone. Before conversations and leads. */
export async function lockCall(tx: Tx, id: string): Promise<Call | null> {
  await tx.$queryRaw`SELECT id FROM calls WHERE id = ${id}::uuid FOR UPDATE`;
  return tx.call.findUnique({ where: { id } });
}

/**
 * Runs a change of a call that its line has caused, for the call's owner. Returns null where the call is gone.
 */
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

/** What happens in a call is done for its owner, with what they may do to their own. */
export async function depsOfOwner(services: Services, tx: Pick<Tx, 'user'>, ownerId: string): Promise<Deps> {
  const { id, role } = await tx.user.findUniqueOrThrow({ where: { id: ownerId } });
  return {
    ...services,
    actor: { userId: id, role, apiKeyId: null, scopes: ['READ', 'WRITE'], requestId: null, ip: null },
  };
}
