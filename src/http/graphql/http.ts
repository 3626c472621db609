import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ExecutionResult, OperationTypeNode } from 'graphql';
import type { Logger } from '#adapters/log.ts';
import type { Actor } from '#domain/core/actor.ts';
import { DomainError, Unavailable } from '#domain/core/errors.ts';
import { readBody } from '#http/body.ts';
import { addressOf } from '#http/client-address.ts';
import { HttpError, statusOf } from '#http/errors.ts';
import type { KeyWatch } from '#http/key-watch.ts';
import { EVENT_STREAM, isJson, LEGACY_JSON, negotiateResponseType, type ResponseType } from '#http/media-types.ts';
import { type Headers, rateLimitHeaders, replyPieces, replyText, retryHeaders } from '#http/reply.ts';
import {
  type Gatekeeper,
  payerOf,
  pointsOf,
  type RequestContext,
  readCredentials,
  requestIdOf,
} from '#http/request.ts';
import { EVENT_MAX_BYTES } from '#loaders/answer-meter.ts';
import { readRequestedExtensions } from './answer-extensions.ts';
import type { CachedResponse } from './cache/cached-response.ts';
import { replyEvents, STALL_TIMEOUT_MS } from './event-stream.ts';
import { type Events, isStream } from './events.ts';
import { jsonPieces } from './json-pieces.ts';
import type { Hold } from './limits/held-bytes.ts';
import type { SendBudget } from './limits/send-budget.ts';
import { createOpenStreams } from './open-streams.ts';
import { type Params, parseBody, parseSearch, readSearch } from './params.ts';
import type { Pipeline } from './pipeline.ts';
import { prepareOperation } from './prepare-operation.ts';

/** Bytes of a request's body at most; larger files are uploaded (src/http/uploads). */
const MAX_BODY_BYTES = 256 * 1024;

/** The dependencies of the endpoint. */
export type GraphqlParts = { pipeline: Pipeline; gatekeeper: Gatekeeper; keyWatch: KeyWatch; log: Logger };

/** The endpoint /graphql, except for WebSockets. */
export type GraphqlEndpoint = {
  /** Responds to a request. Throws errors that occur before GraphQL begins. */
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Refuses new event streams, and ends the open ones, spread over a time: their clients resume elsewhere. */
  endStreams(spreadMs: number): Promise<void>;
};

/**
 * Creates GraphQL over HTTP (https://graphql.github.io/graphql-over-http): POST of JSON, GET, and server-sent events by
 * either.
 */
export function createGraphqlEndpoint({ pipeline, gatekeeper, keyWatch, log }: GraphqlParts): GraphqlEndpoint {
  const streams = createOpenStreams(keyWatch, pipeline.metrics);

  function countConnection(response: ServerResponse, actor: Actor): void {
    const closed = pipeline.connections.open(payerOf(actor));
    if (response.destroyed) closed();
    else response.on('close', closed);
  }

  /** Returns the body of a POST, or the query string of a GET. */
  async function readInput(request: IncomingMessage, context: RequestContext, held: Hold): Promise<Buffer | string> {
    if (request.method === 'GET') {
      const search = readSearch(request.url ?? '');
      held.add(search.length);
      return search;
    }
    const body = await readBody(request, {
      maxBytes: MAX_BODY_BYTES,
      tooLarge: () => createTooLarge(request),
      count: (bytes) => held.add(bytes),
    });
    await gatekeeper.charge(context, pointsOf(body.length));
    return body;
  }

  /** Reads the operation of a request; `cached` is its cached response, if there is one. Nothing of the body outlives this function. */
  async function begin(request: IncomingMessage, type: ResponseType, context: RequestContext, held: Hold) {
    const input = await readInput(request, context, held);
    const lookup = type === EVENT_STREAM ? null : pipeline.responseCache.lookUp(context, input);
    const cached = await lookup?.find();
    if (cached) return { lookup, cached };
    const operation = await prepareOperation(pipeline, parseParams(input), context, log);
    if (!('errors' in operation)) assertTransportFits(operation.prepared.type, request, type);
    return { lookup, operation };
  }

  return {
    async serve(request, response) {
      const type = requireResponseType(request);
      if (type === EVENT_STREAM && streams.isEnding())
        throw new Unavailable('The server is restarting; connect again.');
      const requestId = requestIdOf(request.headers);
      const actor = await gatekeeper.admit(readCredentials(request.headers), { requestId, ip: addressOf(request) });
      const context: RequestContext = {
        requestId,
        actor,
        traceParent: request.headers.traceparent as string | undefined,
        extensions: readRequestedExtensions(request.headers, 'http'),
        isAbandoned: () => response.destroyed,
      };
      if (type === EVENT_STREAM) context.maxAnswerBytes = EVENT_MAX_BYTES;
      const held = pipeline.requestBytes.open(payerOf(actor));
      const release = () => {
        held.release();
        context.release?.();
      };
      response.on('close', release);
      await gatekeeper.charge(context, pointsOf(0));
      if (type === EVENT_STREAM) countConnection(response, actor);
      const { lookup, cached, operation } = await begin(request, type, context, held);
      if (cached) return replyCached(response, type, cached, context, lookup?.status);
      const result = 'errors' in operation ? operation : await (lookup?.run(operation) ?? operation.run());
      if (response.destroyed) release();
      if ('bytes' in result) return replyCached(response, type, result, context, lookup?.status);
      if (isStream(result)) release(); // from now on it counts as a subscription
      if (type === EVENT_STREAM) streams.watch(request, response, actor);
      await reply(response, type, result, context, pipeline.sendBudget, lookup?.status);
    },
    endStreams: streams.end,
  };
}

/** For clients of the GraphQL multipart request specification. */
const WHERE_FILES_GO =
  'Files do not come with operations: send a recording to the address that `createEpisode` returns, a transcript to PUT /episodes/:id/transcript or POST /episodes?title=…, conversations to POST /conversations, leads to POST /leads.';

/**
 * Returns the media type of the response. Throws HttpError if this is no GraphQL request, or if the client accepts none of the media
 * types.
 */
function requireResponseType(request: IncomingMessage): ResponseType {
  const { method } = request;
  if (method !== 'POST' && method !== 'GET') {
    throw new HttpError(405, 'BAD_USER_INPUT', 'Send POST, or GET for queries.', { headers: { allow: 'GET, POST' } });
  }
  if (method === 'POST' && !isJson(request)) {
    const isForm = request.headers['content-type']?.startsWith('multipart/');
    const files = isForm ? ` ${WHERE_FILES_GO}` : '';
    throw new DomainError('UNSUPPORTED_MEDIA', `Send the operation as application/json.${files}`);
  }
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new DomainError('UNSUPPORTED_MEDIA', 'Send the operation as it is, without `content-encoding`.');
  }
  const type = negotiateResponseType(request);
  if (type) return type;
  const types = 'application/graphql-response+json, application/json or text/event-stream';
  throw new HttpError(406, 'UNSUPPORTED_MEDIA', `Answers are ${types}; \`accept\` one of them.`);
}

function createTooLarge({ headers }: IncomingMessage): HttpError {
  return new HttpError(413, 'LIMIT_EXCEEDED', `A request may have at most ${MAX_BODY_BYTES} bytes. ${WHERE_FILES_GO}`, {
    details: { limit: MAX_BODY_BYTES, limited: 'bytes', actual: Number(headers['content-length']) || undefined },
  });
}

function assertTransportFits(operation: OperationTypeNode, { method }: IncomingMessage, type: ResponseType): void {
  if (operation === OperationTypeNode.MUTATION && method === 'GET') {
    throw new HttpError(405, 'BAD_USER_INPUT', 'Send mutations by POST.', { headers: { allow: 'POST' } });
  }
  if (operation === OperationTypeNode.SUBSCRIPTION && type !== EVENT_STREAM) {
    throw new DomainError(
      'BAD_USER_INPUT',
      'Subscriptions run over WebSocket (graphql-transport-ws), or with `accept: text/event-stream`.',
    );
  }
}

const parseParams = (input: Buffer | string): Params =>
  typeof input === 'string' ? parseSearch(new URLSearchParams(input)) : parseBody(input);

/** Returns the response cache's headers for a request; none if it was not consulted. */
const cacheHeaders = (status: string | null | undefined): Headers => (status ? { 'cache-status': status } : {});

function replyCached(
  response: ServerResponse,
  type: ResponseType,
  { bytes }: CachedResponse,
  { budget }: RequestContext,
  status: string | null | undefined,
): void {
  response.setTimeout(STALL_TIMEOUT_MS, () => response.destroy());
  replyText(response, 200, bytes, { 'content-type': type, ...rateLimitHeaders(budget), ...cacheHeaders(status) });
}

async function reply(
  response: ServerResponse,
  type: ResponseType,
  result: ExecutionResult | Events,
  context: RequestContext,
  sendBudget: SendBudget,
  cacheStatus: string | null | undefined,
): Promise<void> {
  const limits = { ...rateLimitHeaders(context.budget), ...cacheHeaders(cacheStatus) };
  if (isStream(result)) return replyEvents(response, 200, result, { headers: limits, sendBudget });
  const headers: Headers = { ...limits, ...retryHeaders(result.errors?.[0]) };
  if (type === EVENT_STREAM) return replyEvents(response, statusOf(result, true), result, { headers, sendBudget });
  response.setTimeout(STALL_TIMEOUT_MS, () => response.destroy());
  const status = statusOf(result, type === LEGACY_JSON);
  if (context.isLarge) await replyPieces(response, status, jsonPieces(result), { 'content-type': type, ...headers });
  else replyText(response, status, JSON.stringify(result), { 'content-type': type, ...headers });
}
