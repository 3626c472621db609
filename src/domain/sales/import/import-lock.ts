import { lockName } from '#domain/core/row-locks.ts';
import type { Tx } from '#domain/core/transaction.ts';

const keyOf = (ownerId: string) => `parley:leads:${ownerId}`;

/** Serializes imports of one owner, which would otherwise lock the same leads in different orders. */
export async function acquireImportLock(tx: Tx, ownerId: string): Promise<void> {
  await lockName(tx, keyOf(ownerId));
}

/** The same without waiting, for an import that can wait outside a transaction. Returns whether it got the lock. */
export async function tryImportLock(tx: Tx, ownerId: string): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ acquired: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(hashtext(${keyOf(ownerId)})) AS acquired`;
  return row?.acquired === true;
}
