import { Conflict } from '#domain/core/errors.ts';
import type { JobHooks } from '#domain/core/job-hooks.ts';
import { endReply } from './active-reply.ts';
import { lockReply, restartReply } from './restart-reply.ts';

/** Keeps a reply's status in step with its job, except for COMPLETE, which the job's last write sets itself. */
export const replyJobHooks: JobHooks = {
  /** Restarts the reply. Throws Conflict if it was deleted, if another job has written it since, or if another reply is being written. */
  async onRetry(change, job) {
    const reply = await lockReply(change.tx, job.subjectId);
    if (!reply) throw new Conflict('The reply of this job is deleted.', { jobId: job.id });
    if (reply.status === 'COMPLETE')
      throw new Conflict('Another job has written the reply since; `regenerateReply` writes it again.', {
        jobId: job.id,
      });
    await restartReply(change, reply);
  },
  /** Ends the reply as FAILED, with the text written so far. */
  onFailed: async (change, { subjectId }) => {
    if (subjectId) await endReply(change, subjectId, 'FAILED');
  },
  /** Ends the reply as CANCELLED, with the text written so far. */
  onCancelled: async (change, { subjectId }) => {
    if (subjectId) await endReply(change, subjectId, 'CANCELLED');
  },
};
