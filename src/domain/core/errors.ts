/** The stable codes that clients may rely on: of GraphQL errors and of failed jobs. What each means is in docs/errors.md. */
export const ERROR_CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
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

/** An error that its reader can do something about: the message says what, the details are for programs. */
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

/** Missing, or somebody else's: nobody can tell which. */
export class NotFound extends DomainError {
  constructor(what: string) {
    super('NOT_FOUND', `There is no such ${what}, or it is not yours.`);
  }
}

/** What was sent is not allowed; `field` is its path, as `input.messages.3.content`. */
export class BadUserInput extends DomainError {
  constructor(field: string, message: string, details: Record<string, unknown> = {}) {
    super('BAD_USER_INPUT', message, { field, ...details });
  }
}

/** What is asked for cannot be done in the present state; the details name what it conflicts with. */
export class Conflict extends DomainError {
  constructor(message: string, details: Record<string, unknown> = {}) {
    super('CONFLICT', message, details);
  }
}

/** The idempotency key was used for something else. */
export class IdempotencyConflict extends DomainError {
  constructor() {
    super(
      'IDEMPOTENCY_CONFLICT',
      'This idempotency key was used before with another input; send a new key with a new request.',
    );
  }
}

/** The lead may not be called now; `reasons` are all that are against it, as `callEligibility` has them. */
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

/** As many jobs wait as may: of the user, or of everybody. */
export class QueueFull extends DomainError {
  constructor(limitOf: keyof typeof QUEUE_FULL, limit: number) {
    super('QUEUE_FULL', QUEUE_FULL[limitOf](limit), { limit, limitOf });
  }
}

/** A dependency is down or too slow. Safe to repeat, except OutcomeUnknown. */
export class Unavailable extends DomainError {
  /** What the dependency itself asks for, where it does. */
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

/** What only jobs need, as a transcriber or room on the disk, is not there: mostly for minutes, so a job waits longer each time. */
export class LongOutage extends Unavailable {}

/** A program or service that this needs is not set up on this server: the message says what its operator can do. Not retried by itself. */
export class NotSetUp extends DomainError {
  constructor(message: string) {
    super('UNAVAILABLE', message);
  }
}

/** What a file holds cannot be used; the message is for its owner. */
export class UnsupportedMedia extends DomainError {
  constructor(message: string) {
    super('UNSUPPORTED_MEDIA', message);
  }
}

/** What is to be changed is being changed by another request, which takes long. Nothing was done; safe to repeat. */
export class RowsLocked extends Unavailable {
  constructor() {
    super('Another request is changing the same at the moment; nothing was changed by this one, try again shortly.');
  }
}

/** The database broke off while it stored a change, or never said that it has: nobody knows whether it has. */
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

/** The model does not do it, and will not before somebody changes something: the message says what. */
export class ModelRefused extends DomainError {
  constructor(message: string) {
    super('MODEL_REFUSED', message);
  }
}

/** What the model was sent is longer than it can read: less of it may do. */
export class ContextTooLong extends ModelRefused {}
