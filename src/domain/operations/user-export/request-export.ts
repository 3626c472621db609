import { isAdmin } from '#domain/core/actor.ts';
import type { Deps } from '#domain/core/deps.ts';
import { NotFound } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { ENDED } from '#domain/core/job-states.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import type { Job } from '#generated/prisma/client.ts';

/** Whose data to export. */
export type ExportRequest = WithIdempotencyKey & { userId: string };

/**
 * Enqueues the EXPORT_USER_DATA job, or returns the one of the actor for the same user that has not ended. For the user themselves and for
 * ADMINs. Safe to repeat with the same idempotency key. Throws NotFound, QueueFull, IdempotencyConflict.
 */
export async function requestExport(deps: Deps, { userId, idempotencyKey }: ExportRequest): Promise<Job> {
  const { actor } = deps;
  if (userId !== actor.userId && !isAdmin(actor)) throw new NotFound('user');
  return writeAndLoad(deps, {
    action: 'user.export',
    once: { key: idempotencyKey, input: { userId } },
    async run({ tx, about, enqueue }) {
      if (!(await lockRow(tx, 'users', userId))) throw new NotFound('user');
      const begun = await tx.job.findFirst({
        where: {
          kind: 'EXPORT_USER_DATA',
          subjectId: userId,
          requestedById: actor.userId,
          status: { notIn: [...ENDED] },
        },
        select: { id: true },
      });
      if (begun) return begun.id;
      const subject = { type: 'User', id: userId };
      about(subject);
      return (await enqueue({ kind: 'EXPORT_USER_DATA', subject, payload: { userId } })).id;
    },
    what: 'job',
    load: (id, tx) => tx.job.findUnique({ where: { id } }),
  });
}
