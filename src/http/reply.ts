import type { ServerResponse } from 'node:http';
import { nextTurn } from '#domain/core/time-slices.ts';
import { isSending, readRest } from './linger.ts';
import type { Budget } from './rate-limits.ts';

/** Headers of every response. */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** The `www-authenticate` header that a 401 requires (RFC 9110, section 11.6.1). */
const CHALLENGE = { 'www-authenticate': 'Bearer' } as const;

/** Headers of one response, by lower-case name. */
export type Headers = Record<string, string | number>;

/** Starts a response that must not be cached. Returns false if the client has disconnected, or the response was already started. */
export function beginReply(response: ServerResponse, status: number, headers: Headers): boolean {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return false;
  }
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'cache-control': 'no-store',
    'x-request-id': response.req.headers['x-request-id'] as string, // always present: set by routes.ts
    ...(status === 401 ? CHALLENGE : {}),
    ...headers,
  });
  return true;
}

/** Up to this length, a response is sent together with its headers; joining a longer one would copy it. */
const MAX_JOINED_LENGTH = 4_096;

/** Sends a whole response, unless the client has disconnected. */
export function replyText(response: ServerResponse, status: number, text: string | Buffer, headers: Headers): void {
  const body = typeof text === 'string' && text.length > MAX_JOINED_LENGTH ? Buffer.from(text) : text;
  if (beginReply(response, status, { 'content-length': Buffer.byteLength(body), ...headers })) endReply(response, body);
}

/** Ends a response; if the client is still sending, after it has finished. */
function endReply(response: ServerResponse, text: string | Buffer): void {
  const { req: request } = response;
  if (!isSending(request)) return void endTogether(response, text);
  response.write(text);
  void readRest(request).then(() => (request.complete ? response.end() : response.destroy()));
}

let ending: { response: ServerResponse; text: string | Buffer }[] = [];

/**
 * Ends a response together with all others of this turn of the event loop. If each is written when it is ready, each write wakes a client
 * or proxy on the same machine, which sleeps again in between: half of the CPU time of a small request.
 */
function endTogether(response: ServerResponse, text: string | Buffer): void {
  if (ending.push({ response, text }) === 1) setImmediate(endAll);
}

function endAll(): void {
  const responses = ending;
  ending = [];
  for (const { response, text } of responses) response.end(text);
}

/** The number of bytes of a long response that are written per turn of the event loop. */
const SLICE_LENGTH = 256 * 1024;

/** Sends a long response in pieces, with backpressure and yielding to other requests, unless the client has disconnected. */
export async function replyPieces(
  response: ServerResponse,
  status: number,
  pieces: Iterable<string>,
  headers: Headers,
): Promise<void> {
  if (!beginReply(response, status, headers)) return;
  let slice = '';
  for (const piece of pieces) {
    slice += piece;
    if (slice.length < SLICE_LENGTH) continue;
    if (!response.write(slice)) await waitForDrain(response);
    if (response.destroyed) return;
    await nextTurn();
    slice = '';
  }
  response.end(slice);
}

/** Resolves when the buffer has drained, or the client has disconnected. */
export function waitForDrain(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
    if (response.destroyed) done();
  });
}

/** Sends a response without a body, unless the client has disconnected. */
export function replyEmpty(response: ServerResponse, status: number, headers: Headers = {}): void {
  if (beginReply(response, status, headers)) response.end();
}

/** Sends a whole JSON response, unless the client has disconnected. */
export function replyJson(response: ServerResponse, status: number, body: unknown, headers: Headers = {}): void {
  replyText(response, status, JSON.stringify(body), { 'content-type': 'application/json; charset=utf-8', ...headers });
}

/** Returns the headers of draft-ietf-httpapi-ratelimit-headers for a budget; none without one. */
export function rateLimitHeaders(budget: Budget | undefined): Headers {
  if (!budget) return {};
  return {
    'ratelimit-policy': `"points";q=${budget.limit};w=60`,
    ratelimit: `"points";r=${budget.remaining};t=${budget.resetSeconds}`,
  };
}

/** Returns `retry-after` for an error with a time to retry; no headers for others. */
export function retryHeaders(error: { extensions?: Record<string, unknown> } | undefined): Headers {
  const seconds = error?.extensions?.retryAfterSeconds;
  return typeof seconds === 'number' ? { 'retry-after': seconds } : {};
}
