import { CALL_DEADLINES_CHANNEL } from '#domain/core/channels.ts';
import { Conflict } from '#domain/core/errors.ts';
import type { JobChange, JobHooks } from '#domain/core/job-hooks.ts';
import { errorColumns } from '#domain/jobs/changes.ts';
import type { Job, Prisma } from '#generated/prisma/client.ts';

/**
 * Ends a call that was not dialled together with its job: the call becomes overdue, and the deadline watcher finds that no job is left to
 * dial it. A call that was dialled is left alone.
 */
export const callJobHooks: JobHooks = {
  /** Throws Conflict: calling the lead again takes a new call, which is judged anew. */
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
