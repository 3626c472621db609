import { assertNotLastAdmin } from '#domain/accounts/last-admin.ts';
import type { JobHooks } from '#domain/core/job-hooks.ts';

/** Keep an erasure that is retried to the rules of one that is requested. */
export const erasureJobHooks: JobHooks = {
  /** Throws Conflict for the last ADMIN: others may be gone since it was requested. */
  async onRetry({ tx }, { subjectId }) {
    if (subjectId) await assertNotLastAdmin(tx, subjectId);
  },
};
