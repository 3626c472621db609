import { Conflict } from '#domain/core/errors.ts';
import { ENDED } from '#domain/core/job-states.ts';
import type { Tx } from '#domain/core/transaction.ts';

/**
 * Locks all ADMINs until the transaction ends, by id, and checks that one would be left without this user who is neither suspended nor
 * about to be erased. Has to come before any other lock of a user. Throws Conflict.
 */
export async function assertNotLastAdmin(tx: Pick<Tx, '$queryRaw'>, id: string): Promise<void> {
  await tx.$queryRaw`SELECT id FROM users WHERE role = 'ADMIN' ORDER BY id FOR NO KEY UPDATE`;
  // A statement of its own sees what was committed while the one before waited.
  const [found] = await tx.$queryRaw<{ isLast: boolean }[]>`
    SELECT EXISTS (SELECT FROM users WHERE id = ${id}::uuid AND role = 'ADMIN') AND NOT EXISTS (
      SELECT FROM users u WHERE role = 'ADMIN' AND id <> ${id}::uuid AND suspended_at IS NULL AND NOT EXISTS (
        SELECT FROM jobs WHERE kind = 'ERASE_USER' AND subject_id = u.id AND status <> ALL (${[...ENDED]}::job_status[])
      )
    ) AS "isLast"`;
  if (found?.isLast)
    throw new Conflict('This is the last ADMIN: nobody could run the installation. Make another one first.');
}
