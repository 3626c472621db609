import { isOutage } from '#adapters/database/outages.ts';
import { isWriteConflict } from '#adapters/database/write-conflicts.ts';
import { StoreFull, StoreUnavailable } from '#adapters/files/file-store.ts';
import { DomainError, LongOutage, NotSetUp, Unavailable } from '#domain/core/errors.ts';
import type { JobFailure } from '#domain/core/job-hooks.ts';

/** The failure of a job whose worker died in every attempt. */
export const WORKER_LOST: JobFailure = {
  code: 'UNAVAILABLE',
  message: 'The worker that ran this job stopped in the middle, each time it was tried.',
  retryable: true,
};

/** The failure of a job whose user was suspended before it ended. */
export const SUSPENDED: JobFailure = {
  code: 'USER_SUSPENDED',
  message: 'The user was suspended before this job was done; retry it once that is lifted.',
  retryable: true,
};

/** The failure that the owner sees of an internal error, which is in the log in full. */
const UNEXPECTED: JobFailure = {
  code: 'INTERNAL_SERVER_ERROR',
  message: 'Something went wrong on our side. It has been logged.',
  retryable: false,
};

/** Describes an error for the job's owner, and whether a retry may help; `expected` is false for errors that have to be logged. */
export function failureOf(error: unknown): JobFailure & { expected: boolean } {
  if (error instanceof DomainError) {
    const { code, message } = error;
    const retryAfterMs = error instanceof Unavailable ? error.retryAfterMs : null;
    const retryable = code === 'UNAVAILABLE' && !(error instanceof NotSetUp);
    return { code, message, retryable, retryAfterMs, longOutage: error instanceof LongOutage, expected: true };
  }
  if (error instanceof StoreFull) {
    const { code, message } = new Unavailable(
      'The disk of the server is full at the moment; this is tried again later.',
    );
    return { code, message, retryable: true, longOutage: true, expected: false };
  }
  if (error instanceof StoreUnavailable) {
    const { code, message } = new Unavailable(
      'The store of files does not answer at the moment; this is tried again later.',
    );
    return { code, message, retryable: true, longOutage: true, expected: false };
  }
  if (isOutage(error) || isWriteConflict(error)) {
    const { code, message } = new Unavailable();
    return { code, message, retryable: true, expected: false };
  }
  return { ...UNEXPECTED, expected: false };
}

/** The longest wait before the next attempt, unless the failing endpoint asks for more. */
const LONGEST_DELAY_SECONDS = 300;

/** The longest wait that an endpoint may ask for: an hour. */
const MAX_RETRY_AFTER_SECONDS = 3_600;

/**
 * Returns the seconds to wait after the given attempt: 1, 2, 4 …, or 2, 10, 50 … in a long outage, or what the failure asks for, up to an
 * hour. Adds a jitter of up to a half, so that jobs that failed together do not come back together.
 */
export function backOffSeconds(
  attempt: number,
  { retryAfterMs, longOutage }: Pick<JobFailure, 'retryAfterMs' | 'longOutage'>,
): number {
  const grown = Math.min(longOutage ? 2 * 5 ** (attempt - 1) : 2 ** (attempt - 1), LONGEST_DELAY_SECONDS);
  const retryAfterSeconds = Math.min((retryAfterMs ?? 0) / 1_000, MAX_RETRY_AFTER_SECONDS);
  return Math.max(grown, retryAfterSeconds) * (1 + Math.random() / 2);
}
