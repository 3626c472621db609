import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { isOutage } from '#adapters/database/outages.ts';
import type { Logger } from '#adapters/log.ts';
import { DomainError, type ErrorCode, Unavailable } from '#domain/core/errors.ts';
import { globalId, type NodeType } from '#resolvers/global-ids.ts';

const INTERNAL: ErrorCode = 'INTERNAL_SERVER_ERROR';

/** What a door refuses before GraphQL begins, where the HTTP status says more than the code. */
export class HttpError extends DomainError {
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    code: ErrorCode,
    message: string,
    { details = {}, headers = {} }: { details?: Record<string, unknown>; headers?: Record<string, string> } = {},
  ) {
    super(code, message, details);
    this.status = status;
    this.headers = headers;
  }
}

const published = new WeakSet<GraphQLError>();

/**
 * Whatever went wrong, as its reader may see it: our own errors in words, what GraphQL found wrong, the rest masked.
 * What has been through here stays as it is.
 */
export function toPublicError(error: unknown, requestId: string | null, log: Logger): GraphQLError {
  if (error instanceof GraphQLError && published.has(error)) return error;
  const shown = publicError(error, requestId, log);
  published.add(shown);
  return shown;
}

function publicError(error: unknown, requestId: string | null, log: Logger): GraphQLError {
  const cause = rootOf(error);
  if (cause instanceof DomainError) return described(cause, error);
  if (isOutage(cause)) {
    log.warn({ err: cause, requestId }, 'a dependency is out of reach');
    return described(new Unavailable(), error);
  }
  if (isUsersFault(error, cause)) return placed(error, error.message, { code: 'BAD_USER_INPUT' });
  log.error({ err: cause, requestId }, 'unexpected error');
  const message = 'Something went wrong on our side; it is logged under this request id.';
  return placed(error, message, { code: INTERNAL, requestId });
}

/** The error that a resolver threw, or a scalar, or GraphQL itself. */
function rootOf(error: unknown): unknown {
  return isGraphQLError(error) && error.originalError ? rootOf(error.originalError) : error;
}

/**
 * What GraphQL refuses before a resolver runs (it has no path yet), or while it reads a field's arguments (its cause
 * stands somewhere in the document; one of a value that cannot be answered, which is our fault, does not).
 */
function isUsersFault(error: unknown, cause: unknown): error is GraphQLError {
  return isGraphQLError(error) && (error.path === undefined || (isGraphQLError(cause) && cause.nodes !== undefined));
}

const isGraphQLError = (error: unknown): error is GraphQLError => error instanceof GraphQLError;

function described({ message, code, details }: DomainError, error: unknown): GraphQLError {
  const named = Object.entries(details).map(([name, value]) => [name, asClientsKnowIt(name, value)]);
  return placed(error, message, { code, ...Object.fromEntries(named) });
}

/** The domain speaks of rows by their own ids. */
const ROW_IDS: Record<string, NodeType> = { jobId: 'Job', messageId: 'Message' };

function asClientsKnowIt(name: string, value: unknown): unknown {
  const type = ROW_IDS[name];
  return type && typeof value === 'string' ? globalId(type, value) : value;
}

/** A new error in the place of an old one. */
function placed(error: unknown, message: string, extensions: Record<string, unknown>): GraphQLError {
  if (!isGraphQLError(error)) return new GraphQLError(message, { extensions });
  const { nodes = null, source = null, positions = null, path = null, locations } = error;
  const shown = new GraphQLError(message, { nodes, source, positions, path, extensions });
  // Those of graphql-jit know their locations, but not the nodes that GraphQLError takes them from.
  if (locations && !shown.locations) Object.defineProperty(shown, 'locations', { value: locations });
  return shown;
}

const STATUS: Record<string, number> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  LIMIT_EXCEEDED: 400,
  RATE_LIMITED: 429,
  FILE_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA: 415,
  UNAVAILABLE: 503,
  [INTERNAL]: 500,
};

type Result = { data?: unknown; errors?: readonly (GraphQLError | GraphQLFormattedError)[] | undefined };

/**
 * The HTTP status of a whole answer. With data, even in part, it is 200. What was refused before execution is 400, except
 * for clients of `application/json`, which the GraphQL-over-HTTP specification answers 200 then.
 */
export function statusOf({ data, errors }: Result, legacyJson: boolean): number {
  const [error] = errors ?? [];
  if (!error || data != null) return 200;
  const status = STATUS[codeOf(error)];
  if (status) return status;
  const refusedBefore = error.path === undefined;
  return refusedBefore && !legacyJson ? 400 : 200;
}

export function codeOf(error: GraphQLError | GraphQLFormattedError): string {
  return String(error.extensions?.code ?? INTERNAL);
}
