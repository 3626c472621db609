import { CALL_DEADLINES_CHANNEL } from '#domain/core/channels.ts';
import { Conflict } from '#domain/core/errors.ts';
import type { JobChange, JobHooks } from '#domain/core/job-hooks.ts';
import { errorColumns } from '#domain/jobs/changes.ts';
import type { Job, Prisma } from '#generated/prisma/client.ts';

/**
 * Lets a call that was not dialled end with its job: it is due at once, and whoever watches deadlines finds that nobody is left to
 * dial. One that was dialled goes its own way.
 */
export const callJobHooks: JobHooks = {
  /** Throws Conflict: a lead is called again by another call, once the rules are judged anew. */
  async onRetry(_change, job) {
    throw new Conflict('This call is over; `callLead` makes another.', { jobId: job.id });
  },
  onFailed: (change, job, failure) => makeDue(change, job, errorColumns(failure)),
  onCancelled: (change, job) => makeDue(change, job, {}),
};

async function makeDue(
  { tx, publish, now }: JobChange,
  { subjectId }: Job,
  data: Prisma.CallUpdateManyMutationInput,
): Promise<void> {
  if (subjectId === null) return;
  await tx.call.updateMany({ where: { id: subjectId, status: 'QUEUED' }, data: { ...data, deadlineAt: now } });
  publish(CALL_DEADLINES_CHANNEL);
}
