import { assertNotLastAdmin } from '#domain/accounts/last-admin.ts';
import { isAdmin, SYSTEM_ACTOR } from '#domain/core/actor.ts';
import type { Deps } from '#domain/core/deps.ts';
import { enqueue } from '#domain/core/enqueue.ts';
import { NotFound } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { ENDED } from '#domain/core/job-states.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { explainInterruption, write } from '#domain/core/write.ts';
import type { Job } from '#generated/prisma/client.ts';
import { countRows, type RowCounts } from './erase-rows.ts';
import { eraseUserNow } from './erase-user.ts';

/** Whom to erase; a dry run only counts. */
export type ErasureRequest = WithIdempotencyKey & { userId: string; dryRun: boolean };

/**
 * Counts a user's rows and, unless it is a dry run, enqueues the ERASE_USER job that deletes them, which has no owner. For the user
 * themselves and for ADMINs. Safe to repeat with the same idempotency key. Throws NotFound, Conflict (the last ADMIN), IdempotencyConflict.
 */
export async function requestErasure(
  deps: Deps,
  { userId, dryRun, idempotencyKey }: ErasureRequest,
): Promise<{ counts: RowCounts; job: Job | null }> {
  const { prisma } = deps.database;
  if (userId !== deps.actor.userId && !isAdmin(deps.actor)) throw new NotFound('user');
  if (dryRun) {
    await assertThere(prisma, userId);
    return { counts: await countRows(prisma, userId), job: null };
  }
  // Before anything is locked, and outside the transaction's time limit: a million rows take seconds.
  const counted = await countRows(prisma, userId);
  const { counts, jobId } = await write(deps, {
    action: 'user.erase',
    once: { key: idempotencyKey, input: { userId } },
    async run({ about, enqueue: _, ...change }) {
      const { tx } = change;
      await assertNotLastAdmin(tx, userId);
      await lockRow(tx, 'users', userId);
      await assertThere(tx, userId);
      const subject = { type: 'User', id: userId };
      const begun = await tx.job.findFirst({
        where: { kind: 'ERASE_USER', subjectId: userId, status: { notIn: [...ENDED] } },
      });
      if (begun) return { counts: counted, jobId: begun.id };
      about(subject);
      const system = { ...deps, actor: SYSTEM_ACTOR };
      return {
        counts: counted,
        jobId: (await enqueue(change, system, { kind: 'ERASE_USER', subject, payload: { userId } })).id,
      };
    },
  });
  return { counts, job: await prisma.job.findUnique({ where: { id: jobId } }) };
}

/** Erases a user at once, for an operator. Returns how many rows were deleted. Throws NotFound, Conflict (the last ADMIN). */
export async function eraseByOperator(deps: Deps, userId: string): Promise<RowCounts> {
  await write(deps, {
    action: 'user.erase',
    async run({ tx, about }) {
      await assertThere(tx, userId);
      await assertNotLastAdmin(tx, userId);
      about({ type: 'User', id: userId });
    },
  });
  return eraseUserNow(deps, userId).catch(explainInterruption);
}

async function assertThere(db: Pick<Tx, 'user'>, id: string): Promise<void> {
  if (!(await db.user.findUnique({ where: { id }, select: { id: true } }))) throw new NotFound('user');
}
