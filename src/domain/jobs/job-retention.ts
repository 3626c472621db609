import { ENDED } from '#domain/core/job-states.ts';
import { daysBefore, deleteSliceOf, type RetentionRule } from '#domain/core/retention.ts';
import { Prisma } from '#generated/prisma/client.ts';
import { JobKind } from '#generated/prisma/enums.ts';

/** Jobs are kept for JOBS_KEEP_DAYS after their end. A job that says why a reply FAILED is kept as long as the reply. */
export const jobRetention: RetentionRule = {
  rows: 'jobs',
  deleteSlice: (change, now, { jobs }) =>
    deleteSliceOf(
      change,
      'jobs',
      Prisma.sql`kind = ANY(${Object.values(JobKind)}::job_kind[]) AND status = ANY(${[...ENDED]}::job_status[])
        AND finished_at < ${daysBefore(now, jobs)}
        AND NOT (status = 'FAILED' AND EXISTS (SELECT FROM messages m WHERE m.id = subject_id AND m.status = 'FAILED'))`,
      { type: 'JOB', owner: 'requested_by_id' },
    ),
};
