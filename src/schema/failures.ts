import { ERROR_CODES, type ErrorCode } from '#domain/core/errors.ts';
import { builder } from './builder.ts';

const meanings: Record<ErrorCode, string> = {
  UNAUTHENTICATED: 'The API key is missing, invalid, expired or revoked.',
  FORBIDDEN: 'The API key lacks the required scope, or the origin of the browser is not allowed.',
  USER_SUSPENDED:
    'The user is suspended by an administrator, so all API keys of the user are refused, and no jobs are run.',
  NOT_FOUND: 'The object does not exist or belongs to another user; the error does not reveal which.',
  BAD_USER_INPUT: 'The input is invalid; `field` of the error is the path of the invalid part.',
  CONFLICT: 'The request conflicts with the present state, such as a status; the message says how.',
  IDEMPOTENCY_CONFLICT: 'The idempotency key was already used with a different input.',
  SLOT_TAKEN: 'The requested time is already booked; `freeTimes` of the error has the next three that are free.',
  NOT_ELIGIBLE: 'The lead may not be called now; `reasons` of the error lists the restrictions.',
  QUEUE_FULL:
    'The maximum number of waiting long jobs is reached, for the user or in total; try again when some have finished.',
  QUOTA_EXCEEDED: 'The storage quota of the user would be exceeded.',
  FILE_TOO_LARGE: 'The uploaded file is too large; `limit` of the error is the maximum in bytes.',
  UNSUPPORTED_MEDIA: 'The type of the uploaded file is not supported.',
  PERSISTED_QUERY_NOT_SUPPORTED:
    'Requests that give only the hash of a document are not supported; send the whole document.',
  PERSISTED_QUERY_NOT_FOUND: 'The server has no persisted document with this id; send the whole document.',
  PERSISTED_QUERY_ONLY: 'The server accepts only persisted documents, and this is not one of them.',
  RATE_LIMITED:
    "The rate limit points of the user or of the API key are used up for this minute, or too many of the user's operations are running; try again after `retryAfterSeconds` of the error.",
  LIMIT_EXCEEDED: 'The operation or a file exceeds a limit; for a job, the reply of a model did not end.',
  MODEL_REFUSED: 'The model rejects the request, and will until its API key, name, account or the prompt is changed.',
  UNAVAILABLE:
    'A dependency of the server is down or too slow. The request had no effect and can be repeated, unless `outcome` of the error is UNKNOWN: then repeat it with the same idempotency key.',
  INTERNAL_SERVER_ERROR: 'An unexpected error of the server, which was logged with the request id.',
};

const ErrorCodeEnum = builder.enumType('ErrorCode', {
  description: 'The stable error codes: `extensions.code` of GraphQL errors, and `code` of a Failure.',
  values: Object.fromEntries(ERROR_CODES.map((code) => [code, { description: meanings[code] }])) as Record<
    ErrorCode,
    { description: string }
  >,
});

export const Failure = builder.simpleObject('Failure', {
  description: 'The reason for the failure of background work.',
  fields: (t) => ({
    code: t.field({ type: ErrorCodeEnum, description: 'The error code, for programs.' }),
    message: t.string({ description: 'An explanation for people.' }),
    retryable: t.boolean({ description: 'Whether a retry may succeed.' }),
  }),
});
