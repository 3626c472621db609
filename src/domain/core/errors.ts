/** The stable codes of GraphQL errors and failed jobs, which clients may rely on. docs/errors.md explains each. */
export const ERROR_CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'USER_SUSPENDED',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'CONFLICT',
  'IDEMPOTENCY_CONFLICT',
  'SLOT_TAKEN',
  'NOT_ELIGIBLE',
  'QUEUE_FULL',
  'QUOTA_EXCEEDED',
  'FILE_TOO_LARGE',
  'UNSUPPORTED_MEDIA',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_ONLY',
  'RATE_LIMITED',
  'LIMIT_EXCEEDED',
  'MODEL_REFUSED',
  'UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** An error that its reader can act on: the message says how, the details are for programs. */
export class DomainError extends Error {
  override name = 'DomainError';
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** No key, or a wrong, expired or revoked one. */
export class Unauthenticated extends DomainError {
  constructor(message = 'Send a valid API key as `Authorization: Bearer prl_…`.') {
    super('UNAUTHENTICATED', message);
  }
}

/** The key lacks the scope, or its user the role. */
export class Forbidden extends DomainError {
  constructor(message: string) {
    super('FORBIDDEN', message);
  }
}

/** An ADMIN has suspended the user of the key, or the one that it acts for. */
export class UserSuspended extends DomainError {
  constructor() {
    super('USER_SUSPENDED', 'This user is suspended; an administrator of this server has to lift that first.');
  }
}

/** The object is missing or somebody else's; the error does not reveal which. */
export class NotFound extends DomainError {
  constructor(what: string) {
    super('NOT_FOUND', `There is no such ${what}, or it is not yours.`);
  }
}

/** An input is invalid; `field` is its path, such as `input.messages.3.content`. */
export class BadUserInput extends DomainError {
  constructor(field: string, message: string, details: Record<string, unknown> = {}) {
    super('BAD_USER_INPUT', message, { field, ...details });
  }
}

/** The request conflicts with the present state; the details name what it conflicts with. */
export class Conflict extends DomainError {
  constructor(message: string, details: Record<string, unknown> = {}) {
    super('CONFLICT', message, details);
  }
}

/** The idempotency key was already used with another input. */
export class IdempotencyConflict extends DomainError {
  constructor() {
    super(
      'IDEMPOTENCY_CONFLICT',
      'This idempotency key was used before with another input; send a new key with a new request.',
    );
  }
}

/** The lead may not be called now; `reasons` lists everything against it, as `callEligibility` does. */
export class NotEligible extends DomainError {
  constructor(reasons: readonly { code: string; message: string; until: Date | null }[], nextAllowedAt: Date | null) {
    super('NOT_ELIGIBLE', `The lead may not be called now: ${reasons.map(({ message }) => message).join(' ')}`, {
      reasons,
      nextAllowedAt,
    });
  }
}

const QUEUE_FULL = {
  user: (limit: number) =>
    `${limit} of your jobs are waiting already, as many as one user's may; wait until some have finished, or cancel some.`,
  everybody: (limit: number) =>
    `${limit} jobs of all users are waiting already, as many as may; try again when some have finished.`,
};

/** The queue is full: the user's share of it, or all of it. */
export class QueueFull extends DomainError {
  constructor(limitOf: keyof typeof QUEUE_FULL, limit: number) {
    super('QUEUE_FULL', QUEUE_FULL[limitOf](limit), { limit, limitOf });
  }
}

/** A dependency is down or too slow. Safe to repeat, except OutcomeUnknown. */
export class Unavailable extends DomainError {
  /** How long the dependency itself asks to be left alone, if it says so. */
  readonly retryAfterMs: number | null;

  constructor(
    message = 'A part of the server is down or too slow at the moment; try again shortly.',
    retryAfterMs: number | null = null,
    details: Record<string, unknown> = {},
  ) {
    super('UNAVAILABLE', message, details);
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Something that only jobs need is missing, such as a transcriber or disk space. That usually takes minutes, so a job waits longer each
 * time.
 */
export class LongOutage extends Unavailable {}

/** A required program or service is not set up on this server; the message tells the operator what to do. Not retried automatically. */
export class NotSetUp extends DomainError {
  constructor(message: string) {
    super('UNAVAILABLE', message);
  }
}

/** The content of a file cannot be used; the message is for its owner. */
export class UnsupportedMedia extends DomainError {
  constructor(message: string) {
    super('UNSUPPORTED_MEDIA', message);
  }
}

/** Another request, which takes long, is changing the same rows. Nothing was done; safe to repeat. */
export class RowsLocked extends Unavailable {
  constructor() {
    super('Another request is changing the same at the moment; nothing was changed by this one, try again shortly.');
  }
}

/** The connection to the database broke during a commit, or the commit was never confirmed: it may or may not have happened. */
export class OutcomeUnknown extends Unavailable {
  constructor() {
    super(
      'The database did not say in time whether this was stored: it may have been. Repeat it with the same ' +
        'idempotency key, which stores it once; without a key, look before you repeat it.',
      null,
      { outcome: 'UNKNOWN' },
    );
  }
}

/** The model refuses, and will until somebody changes something: the message says what. */
export class ModelRefused extends DomainError {
  constructor(message: string) {
    super('MODEL_REFUSED', message);
  }
}

/** The prompt is longer than the model's context; a shorter one may work. */
export class ContextTooLong extends ModelRefused {}
