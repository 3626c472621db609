import { Prisma } from '#generated/prisma/client.ts';
import type { Tx } from './transaction.ts';

/** The tables whose rows are locked one by one. */
export type LockedTable =
  | 'campaigns'
  | 'episodes'
  | 'conversations'
  | 'memories'
  | 'messages'
  | 'api_keys'
  | 'users'
  | 'leads'
  | 'webhooks';

/**
 * Locks a row until the transaction ends; rows that refer to it can still be inserted (FOR NO KEY UPDATE). Returns whether the row
 * exists. docs/decisions/locks.md has the order in which rows are locked.
 */
export async function lockRow(tx: Tx, table: LockedTable, id: string): Promise<boolean> {
  const found = await tx.$queryRaw<unknown[]>`
    SELECT id FROM ${Prisma.raw(table)} WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  return found.length > 0;
}

/** Takes an advisory lock on a name until the transaction ends, for things that have no row of their own. */
export async function lockName(tx: Pick<Tx, '$executeRaw'>, name: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${name}))`;
}
