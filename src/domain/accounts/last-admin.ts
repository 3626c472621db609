import { Conflict } from '#domain/core/errors.ts';
import type { Tx } from '#domain/core/transaction.ts';

/**
 * Locks all ADMINs until the transaction ends, by id, and checks that one who is not suspended would be left without this user. Has to come
 * before any other lock of a user. Throws Conflict.
 */
export async function assertNotLastAdmin(tx: Pick<Tx, '$queryRaw'>, id: string): Promise<void> {
  const admins = await tx.$queryRaw<{ id: string; isActive: boolean }[]>`
    SELECT id, suspended_at IS NULL AS "isActive" FROM users WHERE role = 'ADMIN' ORDER BY id FOR NO KEY UPDATE`;
  if (!admins.some((admin) => admin.id === id)) return;
  if (!admins.some((admin) => admin.id !== id && admin.isActive))
    throw new Conflict('This is the last ADMIN: nobody could run the installation. Make another one first.');
}
