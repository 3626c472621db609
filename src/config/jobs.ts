import { z } from 'zod';
import { wholeNumber } from './variables.ts';

/** The limits of running and waiting jobs, the lease of a job, and the retention of ended jobs. */
export const jobSettings = z
  .object({
    MAX_CONCURRENT_JOBS: wholeNumber(1, 100).default(3),
    MAX_QUEUE_SIZE: wholeNumber(1, 1_000_000).default(100),
    MAX_QUEUED_PER_USER: wholeNumber(1, 1_000_000).default(50),
    JOB_LEASE_MS: wholeNumber(10_000, 3_600_000).default(30_000),
    // The result of an idempotency key may refer to a job for two days.
    JOBS_KEEP_DAYS: wholeNumber(3, 36_500).default(30),
  })
  .transform((vars) => ({
    maxConcurrentJobs: vars.MAX_CONCURRENT_JOBS,
    maxQueueSize: vars.MAX_QUEUE_SIZE,
    maxQueuedPerUser: vars.MAX_QUEUED_PER_USER,
    jobLeaseMs: vars.JOB_LEASE_MS,
    jobsKeepDays: vars.JOBS_KEEP_DAYS,
  }));
