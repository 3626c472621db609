import type { ErrorCode } from '#domain/core/errors.ts';

/** The columns of a job or an episode that say why it failed. */
type FailureColumns = { errorCode: string | null; errorMessage: string | null; errorRetryable: boolean | null };

export type Failure = { code: ErrorCode; message: string; retryable: boolean };

/** Why a job or an episode failed; null where it did not. */
export const readFailure = ({ errorCode, errorMessage, errorRetryable }: FailureColumns): Failure | null =>
  errorCode === null
    ? null
    : { code: errorCode as ErrorCode, message: errorMessage ?? '', retryable: errorRetryable ?? false };
