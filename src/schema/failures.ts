import { ERROR_CODES, type ErrorCode } from '#domain/core/errors.ts';
import { builder } from './builder.ts';

const meanings: Record<ErrorCode, string> = {
  UNAUTHENTICATED: 'The request came without a valid API key: it is missing, wrong, expired or revoked.',
  FORBIDDEN: 'The API key lacks the scope that this takes, or the browser is on an origin that is not allowed.',
  NOT_FOUND: 'What an id names is missing or belongs to somebody else: nobody can tell which.',
  BAD_USER_INPUT: 'The input is not what the field takes; `field` of the error names the part that is wrong.',
  CONFLICT: 'What was asked for contradicts what is there, as a status; the message says how.',
  IDEMPOTENCY_CONFLICT: 'The idempotency key was used before, with another input.',
  SLOT_TAKEN: 'The time that was asked for is booked already.',
  NOT_ELIGIBLE: 'The rules for calls do not allow this person to be called now.',
  QUEUE_FULL: 'As many long jobs wait as may, of the user or of everybody; try again when some have finished.',
  QUOTA_EXCEEDED: 'The storage that a user may fill would be exceeded.',
  FILE_TOO_LARGE: 'The uploaded file is larger than a file may be; `limit` of the error is the limit in bytes.',
  UNSUPPORTED_MEDIA: 'The uploaded file is of a type that is not taken.',
  PERSISTED_QUERY_NOT_SUPPORTED: 'The document was named by its hash only; send the whole document.',
  PERSISTED_QUERY_NOT_FOUND: 'No document of the server has the id; send the whole document.',
  PERSISTED_QUERY_ONLY: 'The server runs only the documents of its list; this is none of them.',
  RATE_LIMITED:
    'The user has spent the points of this minute, or the API key what it may spend of them, or too much of the user is under way at once; `retryAfterSeconds` of the error says when to go on.',
  LIMIT_EXCEEDED: 'The operation is larger than an operation may be; of a job, the reply of a model does not end.',
  MODEL_REFUSED: 'The model refuses until its key, its name, its account or the question is changed.',
  UNAVAILABLE: 'A part of the server is down or too slow; the request is safe to repeat.',
  INTERNAL_SERVER_ERROR: 'The server made a mistake, which it has logged.',
};

const ErrorCodeEnum = builder.enumType('ErrorCode', {
  description: 'The stable codes of errors: `extensions.code` of GraphQL errors, and `code` of a Failure.',
  values: Object.fromEntries(ERROR_CODES.map((code) => [code, { description: meanings[code] }])) as Record<
    ErrorCode,
    { description: string }
  >,
});

export const Failure = builder.simpleObject('Failure', {
  description: 'Why something failed that runs in the background.',
  fields: (t) => ({
    code: t.field({ type: ErrorCodeEnum, description: 'What sort of failure it is, for programs.' }),
    message: t.string({ description: 'Why it failed, in words for the owner.' }),
    retryable: t.boolean({ description: 'Whether trying the same again may help.' }),
  }),
});
