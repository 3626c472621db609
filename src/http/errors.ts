import { GraphQLError, type GraphQLErrorOptions, type GraphQLFormattedError } from 'graphql';
import type { Logger } from '../adapters/log.ts';
import { isOutage } from '../adapters/outages.ts';
import { DomainError, Unavailable } from '../domain/errors.ts';

const INTERNAL = 'INTERNAL_SERVER_ERROR';

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
  if (isUsersFault(error, cause)) return withCode(error as GraphQLError);
  log.error({ err: cause, requestId }, 'unexpected error');
  const message = 'Something went wrong on our side; it is logged under this request id.';
  return new GraphQLError(message, { ...placeOf(error), extensions: { code: INTERNAL, requestId } });
}

/** The error that a resolver threw, or a scalar, or GraphQL itself. */
function rootOf(error: unknown): unknown {
  return isGraphQLError(error) && error.originalError ? rootOf(error.originalError) : error;
}

/** What GraphQL refuses before a resolver runs (no path yet) or while it reads a field's arguments. */
function isUsersFault(error: unknown, cause: unknown): boolean {
  return isGraphQLError(error) && (error.path === undefined || isGraphQLError(cause));
}

// graphql-jit makes errors of its own, which inherit from Error only.
const isGraphQLError = (error: unknown): error is GraphQLError =>
  error instanceof GraphQLError || (error instanceof Error && error.name === 'GraphQLError');

function described({ message, code, details }: DomainError, error: unknown): GraphQLError {
  return new GraphQLError(message, { ...placeOf(error), extensions: { code, ...details } });
}

function withCode(error: GraphQLError): GraphQLError {
  if (error.extensions?.code) return error;
  return new GraphQLError(error.message, { ...placeOf(error), extensions: { code: 'BAD_USER_INPUT' } });
}

type Place = Pick<GraphQLErrorOptions, 'nodes' | 'source' | 'positions' | 'path'>;

function placeOf(error: unknown): Place {
  if (!isGraphQLError(error)) return {};
  const { nodes, source, positions, path } = error;
  return { nodes: nodes ?? null, source: source ?? null, positions: positions ?? null, path: path ?? null };
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
  const status = STATUS[String(error.extensions?.code)];
  if (status) return status;
  const refusedBefore = error.path === undefined;
  return refusedBefore && !legacyJson ? 400 : 200;
}

export function codeOf(error: GraphQLError | GraphQLFormattedError): string {
  return String(error.extensions?.code ?? INTERNAL);
}
