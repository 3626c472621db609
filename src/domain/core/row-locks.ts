import { Prisma } from '#generated/prisma/client.ts';
import type { Tx } from './transaction.ts';

type LockedTable = 'campaigns' | 'episodes' | 'conversations' | 'api_keys' | 'users' | 'leads';

/**
 * Waits for whoever changes a row, and keeps others from it until the transaction ends; what refers to it may be added meanwhile. Returns
 * whether there is one of this id. In which order rows are locked is in docs/decisions/locks.md.
 */
export async function lockRow(tx: Tx, table: LockedTable, id: string): Promise<boolean> {
  const found = await tx.$queryRaw<unknown[]>`
    SELECT id FROM ${Prisma.raw(table)} WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  return found.length > 0;
}

/** Locks a name until the transaction ends, for what has no row of its own. */
export async function lockName(tx: Pick<Tx, '$executeRaw'>, name: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${name}))`;
}
