import type { ServerResponse } from 'node:http';
import { DomainError } from '../domain/errors.ts';
import type { Budget } from './rate-limits.ts';

/** On every answer of every door. */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
} as const;

type Headers = Record<string, string | number>;

/** Answers JSON that nobody may keep. */
export function replyJson(response: ServerResponse, status: number, body: unknown, headers: Headers = {}): void {
  replyText(response, status, JSON.stringify(body), { 'content-type': 'application/json; charset=utf-8', ...headers });
}

export function replyText(response: ServerResponse, status: number, text: string, headers: Headers): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

/** As in draft-ietf-httpapi-ratelimit-headers. */
export function rateLimitHeaders(budget: Budget | undefined): Headers {
  if (!budget) return {};
  return {
    'ratelimit-policy': `"points";q=${budget.limit};w=60`,
    ratelimit: `"points";r=${budget.remaining};t=${budget.resetSeconds}`,
  };
}

export function retryHeaders(error: { extensions?: Record<string, unknown> } | DomainError | undefined): Headers {
  const details = error instanceof DomainError ? error.details : error?.extensions;
  const seconds = details?.retryAfterSeconds;
  return typeof seconds === 'number' ? { 'retry-after': seconds } : {};
}
