import type { ServerResponse } from 'node:http';
import type { Budget } from './rate-limits.ts';

/** On every answer of every door. */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
} as const;

export type Headers = Record<string, string | number>;

/** Begins an answer that nobody may keep. False where there is nobody to answer, or it has begun before. */
export function beginReply(response: ServerResponse, status: number, headers: Headers): boolean {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return false;
  }
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'cache-control': 'no-store',
    'x-request-id': response.req.headers['x-request-id'] as string, // there always is one: server.ts sees to it
    ...headers,
  });
  return true;
}

export function replyText(response: ServerResponse, status: number, text: string, headers: Headers): void {
  if (beginReply(response, status, { 'content-length': Buffer.byteLength(text), ...headers })) response.end(text);
}

export function replyEmpty(response: ServerResponse, status: number, headers: Headers = {}): void {
  if (beginReply(response, status, headers)) response.end();
}

export function replyJson(response: ServerResponse, status: number, body: unknown, headers: Headers = {}): void {
  replyText(response, status, JSON.stringify(body), { 'content-type': 'application/json; charset=utf-8', ...headers });
}

/** As in draft-ietf-httpapi-ratelimit-headers. */
export function rateLimitHeaders(budget: Budget | undefined): Headers {
  if (!budget) return {};
  return {
    'ratelimit-policy': `"points";q=${budget.limit};w=60`,
    ratelimit: `"points";r=${budget.remaining};t=${budget.resetSeconds}`,
  };
}

export function retryHeaders(error: { extensions?: Record<string, unknown> } | undefined): Headers {
  const seconds = error?.extensions?.retryAfterSeconds;
  return typeof seconds === 'number' ? { 'retry-after': seconds } : {};
}
