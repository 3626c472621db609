import type { Job } from '#generated/prisma/client.ts';
import type { ErrorCode } from './errors.ts';
import type { NewJob } from './new-job.ts';
import type { TransactionChange } from './transaction.ts';

/** A transaction that changes jobs. */
export type JobChange = TransactionChange & { now: Date };

/** The same, if it may also enqueue a follow-up job that no user asked for. */
export type JobEnd = JobChange & { enqueue(job: NewJob): Promise<{ id: string }> };

/** Why a job failed, in words for its owner. */
export type JobFailure = {
  code: ErrorCode;
  message: string;
  retryable: boolean;
  /** How long the failing service asks to be left alone. */
  retryAfterMs?: number | null;
  /** Whether it may take minutes until a retry helps. */
  longOutage?: boolean;
};

/**
 * What else changes together with a job, in the same transaction. Hooks also run when no worker does: for a job that is
 * cancelled in the queue, or that fails because its workers died.
 */
export type JobHooks = {
  /** Before `retryJob` puts the job into the queue again. Throws Conflict if nothing is left for it to do. */
  onRetry?(change: JobChange, job: Job): Promise<void>;
  /** At the start of every attempt. */
  onStart?(change: JobChange, job: Job): Promise<void>;
  /** When the last attempt has failed. */
  onFailed?(change: JobEnd, job: Job, failure: JobFailure): Promise<void>;
  /** When the job ends because it was cancelled, or because its target is gone. */
  onCancelled?(change: JobChange, job: Job): Promise<void>;
};
