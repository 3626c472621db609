import type { IncomingMessage } from 'node:http';
import { HttpError } from './errors.ts';

/**
 * Asserts rules that Node would enforce without a response body: exactly one Host (RFC 9112, section 3.2), and no expectation other than
 * 100-continue (RFC 9110, section 10.1.1). Throws HttpError (400, 417).
 */
export function assertRequestForm({ headers, httpVersion, rawHeaders }: IncomingMessage): void {
  const hosts = countHosts(rawHeaders);
  if (hosts > 1 || (hosts === 0 && httpVersion !== '1.0'))
    throw new HttpError(400, 'BAD_USER_INPUT', 'Send one header `host`, as HTTP/1.1 has it.');
  const { expect } = headers;
  if (expect !== undefined && expect.toLowerCase() !== '100-continue')
    throw new HttpError(417, 'BAD_USER_INPUT', 'Send no `expect`, or `100-continue`.');
}

/** `headers` contains only the first of repeated headers. */
function countHosts(rawHeaders: readonly string[]): number {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts;
}

/** Returns the path with its query, also of a request in absolute form (RFC 9112, section 3.2.2). */
export function originFormOf(url: string): string {
  if (url.startsWith('/')) return url;
  const [, rest] = /^https?:\/\/[^/?#]+(.*)$/is.exec(url) ?? [];
  if (rest === undefined) return url;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/**
 * Whether a request is a WebSocket upgrade. Upgrades to other protocols, such as `h2c` of HTTP/2 clients, are ignored, and the request is
 * handled normally (RFC 9110, section 7.8).
 */
export const isWebSocketRequest = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
