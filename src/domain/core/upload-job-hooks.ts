import { Conflict } from './errors.ts';
import type { JobHooks } from './job-hooks.ts';

/** Hooks that refuse to retry a job once its file is gone. */
export const uploadJobHooks: JobHooks = {
  async onRetry({ tx }, { id: jobId }) {
    if ((await tx.storedUpload.count({ where: { jobId } })) === 0)
      throw new Conflict('The file of this job is kept for a day only; upload it again.', { jobId });
  },
};
