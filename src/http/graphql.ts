import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ExecutionResult, getOperationAST, type GraphQLError, OperationTypeNode } from 'graphql';
import type { Logger } from '../adapters/log.ts';
import { DomainError } from '../domain/errors.ts';
import { readBody } from './body.ts';
import { statusOf, toPublicError } from './errors.ts';
import type { Pipeline } from './pipeline.ts';
import { rateLimitHeaders, replyText, retryHeaders } from './reply.ts';
import { addressOf, credentialsOf, type Gatekeeper, type RequestContext, requestIdOf } from './request.ts';

const MAX_BODY_BYTES = 256 * 1024;
const LEGACY_JSON = 'application/json; charset=utf-8';
const RESPONSE_JSON = 'application/graphql-response+json; charset=utf-8';

type Params = { query: string; variables?: Record<string, unknown> | null; operationName?: string | null };

/**
 * The JSON door: POST of `application/json`, answered without Yoga's request layer (which costs more than all the rest
 * of a small query). What it does not know, as GET and SSE, it leaves to Yoga: false.
 */
export function createGraphqlDoor(pipeline: Pipeline, gatekeeper: Gatekeeper, log: Logger) {
  return async function graphqlDoor(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const mediaType = acceptedMediaType(request.headers.accept);
    const isJson = /^application\/json\b/i.test(request.headers['content-type'] ?? '');
    if (request.method !== 'POST' || !isJson || !mediaType) return false;
    const requestId = requestIdOf(request.headers);
    const reply = (result: ExecutionResult, status: number, context?: RequestContext) =>
      replyText(response, status, JSON.stringify(result), {
        'content-type': mediaType,
        'x-request-id': requestId,
        ...rateLimitHeaders(context?.budget),
        ...retryHeaders(result.errors?.[0]),
      });
    const shown = (error: unknown) => toPublicError(error, requestId, log);
    const failed = (error: unknown): ExecutionResult => ({ errors: [shown(error)] });
    let context: RequestContext;
    let params: Params;
    try {
      const actor = await gatekeeper.admit(credentialsOf(request.headers), { requestId, ip: addressOf(request) });
      context = { requestId, actor };
      params = paramsOf(await readBody(request, MAX_BODY_BYTES));
    } catch (error) {
      const result = failed(error);
      reply(result, statusOf(result, false));
      return true;
    }
    const result = await run(pipeline, params, context, shown).catch(failed);
    reply(result, statusOf(result, mediaType === LEGACY_JSON), context);
    return true;
  };
}

async function run(
  pipeline: Pipeline,
  params: Params,
  context: RequestContext,
  shown: (error: unknown) => GraphQLError,
): Promise<ExecutionResult> {
  const { schema, parse, validate, contextFactory, execute } = pipeline.getEnveloped(context);
  const document = parse(params.query);
  const errors = validate(schema, document) as readonly GraphQLError[];
  const [first] = errors;
  if (first) return { errors: errors };
  if (getOperationAST(document, params.operationName)?.operation === OperationTypeNode.SUBSCRIPTION) {
    throw new DomainError('BAD_USER_INPUT', 'Subscriptions run over WebSocket (graphql-transport-ws), or with `accept: text/event-stream`.');
  }
  return execute({
    schema,
    document,
    contextValue: await contextFactory(),
    variableValues: params.variables,
    operationName: params.operationName,
  }) as Promise<ExecutionResult>;
}

function paramsOf(body: Buffer): Params {
  const refuse = (message: string) => new DomainError('BAD_USER_INPUT', message);
  let params: unknown;
  try {
    params = JSON.parse(body.toString('utf8'));
  } catch {
    throw refuse('The body is no valid JSON.');
  }
  if (Array.isArray(params)) throw refuse('Batches are not taken; send one operation a request.');
  if (typeof params !== 'object' || params === null) throw refuse('The body is a JSON object with `query`.');
  const { query, variables, operationName, extensions } = params as Record<string, unknown>;
  if (typeof query !== 'string' || query === '') throw refuse('`query` is a GraphQL document, as text.');
  if (!isMapOrNothing(variables)) throw refuse('`variables` is a JSON object.');
  if (!isMapOrNothing(extensions)) throw refuse('`extensions` is a JSON object.');
  if (operationName != null && typeof operationName !== 'string') throw refuse('`operationName` is text.');
  return { query, variables: variables ?? null, operationName: operationName ?? null };
}

function isMapOrNothing(value: unknown): value is Record<string, unknown> | null | undefined {
  return value == null || (typeof value === 'object' && !Array.isArray(value));
}

/** The first of the two JSON types that the client lists; null where it wants neither, as for SSE. */
function acceptedMediaType(accept: string | undefined): string | null {
  if (!accept) return LEGACY_JSON;
  for (const part of accept.split(',')) {
    const type = part.split(';')[0]?.trim().toLowerCase();
    if (type === 'application/graphql-response+json') return RESPONSE_JSON;
    if (type === 'application/json' || type === 'application/*' || type === '*/*') return LEGACY_JSON;
    if (type === 'text/event-stream' || type === 'multipart/mixed') return null;
  }
  return null;
}
