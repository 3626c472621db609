import type { Job } from '#generated/prisma/client.ts';
import type { ErrorCode } from './errors.ts';
import type { NewJob } from './new-job.ts';
import type { TransactionChange } from './transaction.ts';

/** A transaction that changes jobs. */
export type JobChange = TransactionChange & { now: Date };

/** The same, where another job may follow, which nobody has asked for. */
export type JobEnd = JobChange & { enqueue(job: NewJob): Promise<{ id: string }> };

/** Why a job failed, in words for its owner. */
export type JobFailure = {
  code: ErrorCode;
  message: string;
  retryable: boolean;
  /** How long what failed asks to be left alone. */
  retryAfterMs?: number | null;
  /** Whether it may take minutes until trying again helps. */
  longOutage?: boolean;
};

/**
 * What else changes with a job, in the transaction of its own change and so exactly when that happens: also when nothing
 * runs, as for a job that is cancelled in the queue, or given up because its workers died.
 */
export type JobHooks = {
  /** Before its user puts it in the queue again. Throws Conflict where there is nothing (more) for it to do. */
  onRetry?(change: JobChange, job: Job): Promise<void>;
  /** At the start of every attempt. */
  onStart?(change: JobChange, job: Job): Promise<void>;
  /** When the last attempt has failed. */
  onFailed?(change: JobEnd, job: Job, failure: JobFailure): Promise<void>;
  /** When it ends because somebody cancelled it, or nothing was left to work on. */
  onCancelled?(change: JobChange, job: Job): Promise<void>;
};
