import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { isOutage, isShareTimeout } from '#adapters/database/outages.ts';
import { StoreUnavailable } from '#adapters/files/file-store.ts';
import type { Logger } from '#adapters/log.ts';
import { DomainError, type ErrorCode, Unavailable } from '#domain/core/errors.ts';
import { globalId, type NodeType } from '#domain/core/global-ids.ts';
import { createRateLimitError } from './rate-limits.ts';
import type { Headers } from './reply.ts';
import { refusedField } from './variable-errors.ts';

const INTERNAL: ErrorCode = 'INTERNAL_SERVER_ERROR';

/** A request that is rejected before GraphQL, with an HTTP status that is more specific than the code. */
export class HttpError extends DomainError {
  readonly status: number;
  readonly headers: Headers;

  constructor(
    status: number,
    code: ErrorCode,
    message: string,
    { details = {}, headers = {} }: { details?: Record<string, unknown>; headers?: Headers } = {},
  ) {
    super(code, message, details);
    this.status = status;
    this.headers = headers;
  }
}

const published = new WeakSet<GraphQLError>();

/**
 * Returns any error in its public form: domain errors and GraphQL's own errors with their messages, all others masked and logged.
 * Idempotent.
 */
export function toPublicError(error: unknown, requestId: string | null, log: Logger): GraphQLError {
  if (error instanceof GraphQLError && published.has(error)) return error;
  const shown = publicError(error, requestId, log);
  published.add(shown);
  return shown;
}

function publicError(error: unknown, requestId: string | null, log: Logger): GraphQLError {
  const cause = findRootCause(error);
  if (cause instanceof DomainError) return describeError(cause, error);
  if (isShareTimeout(cause))
    return describeError(createRateLimitError('Your requests wait for one another; send fewer at once', 1), error);
  if (isOutage(cause) || cause instanceof StoreUnavailable) {
    log.warn({ err: cause, requestId }, 'a dependency is out of reach');
    return describeError(new Unavailable(), error);
  }
  if (isClientError(error, cause)) {
    const field = refusedField(error.message);
    return replaceError(error, error.message, { code: 'BAD_USER_INPUT', ...(field && { field }) });
  }
  log.error({ err: cause, requestId }, 'unexpected error');
  const message = 'Something went wrong on our side; it is logged under this request id.';
  return replaceError(error, message, { code: INTERNAL, requestId });
}

/** Returns the original error of a resolver, of a scalar or of GraphQL. */
function findRootCause(error: unknown): unknown {
  return isGraphQLError(error) && error.originalError ? findRootCause(error.originalError) : error;
}

/**
 * Whether GraphQL rejected the operation before a resolver ran (the error has no path yet), or while coercing arguments (its cause has
 * document nodes; the cause of a serialization error, which is a server fault, has none).
 */
function isClientError(error: unknown, cause: unknown): error is GraphQLError {
  return isGraphQLError(error) && (error.path === undefined || (isGraphQLError(cause) && cause.nodes !== undefined));
}

const isGraphQLError = (error: unknown): error is GraphQLError => error instanceof GraphQLError;

function describeError({ message, code, details }: DomainError, error: unknown): GraphQLError {
  const extensions = Object.entries(details).map(([name, value]) => [name, toPublicDetail(name, value)]);
  return replaceError(error, message, { code, ...Object.fromEntries(extensions) });
}

/** Details with row ids of the domain, for which clients know global ids. */
const ROW_IDS: Record<string, NodeType> = {
  jobId: 'Job',
  messageId: 'Message',
  episodeId: 'Episode',
  leadId: 'Lead',
  callId: 'Call',
};

function toPublicDetail(name: string, value: unknown): unknown {
  const type = ROW_IDS[name];
  return type && typeof value === 'string' ? globalId(type, value) : value;
}

/** Returns a new error with the same document locations and result path. */
function replaceError(error: unknown, message: string, extensions: Record<string, unknown>): GraphQLError {
  if (!isGraphQLError(error)) return new GraphQLError(message, { extensions });
  const { nodes = null, source = null, positions = null, path = null } = error;
  return new GraphQLError(message, { nodes, source, positions, path, extensions });
}

const STATUS: Record<string, number> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  USER_SUSPENDED: 403,
  LIMIT_EXCEEDED: 400,
  RATE_LIMITED: 429,
  FILE_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA: 415,
  PERSISTED_QUERY_NOT_SUPPORTED: 200,
  PERSISTED_QUERY_NOT_FOUND: 200,
  UNAVAILABLE: 503,
  [INTERNAL]: 500,
};

type Result = { data?: unknown; errors?: readonly (GraphQLError | GraphQLFormattedError)[] | undefined };

/**
 * Returns the HTTP status of a result. With data, even partial, it is 200. For an operation rejected before execution, it is 400, but 200
 * for `application/json`, as required by the GraphQL-over-HTTP specification.
 */
export function statusOf({ data, errors }: Result, legacyJson: boolean): number {
  const [error] = errors ?? [];
  if (!error || data != null) return 200;
  const status = STATUS[codeOf(error)];
  if (status) return status;
  const refusedBefore = error.path === undefined;
  return refusedBefore && !legacyJson ? 400 : 200;
}

/** Returns the code of an error that has been through `toPublicError`. */
export function codeOf(error: GraphQLError | GraphQLFormattedError): string {
  return String(error.extensions?.code ?? INTERNAL);
}
