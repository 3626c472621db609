import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { createGunzip } from 'node:zlib';
import fresh from 'fresh';
import Negotiator from 'negotiator';
import { SECURITY_HEADERS } from '#http/reply.ts';
import type { BuiltPage } from './page-process.ts';

type Encoding = 'br' | 'gzip' | 'identity';

/** Creates the endpoint of GraphiQL. The page is built on the first request, and needs no API key to load. */
export function createGraphiqlPage() {
  let built: Promise<BuiltPage> | undefined;
  const page = () => {
    built ??= buildPage().catch((error: unknown) => {
      built = undefined;
      throw error;
    });
    return built;
  };
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { contentSecurityPolicy, hash, ...bytes } = await page();
    const encoding = smallestEncoding(request);
    const etag = `"${hash}-${encoding}"`;
    for (const [name, value] of Object.entries(createHeaders(contentSecurityPolicy, etag)))
      response.setHeader(name, value);
    response.appendHeader('vary', 'Accept, Accept-Encoding');
    if (fresh(request.headers, { etag })) return void response.writeHead(304).end();
    response.setHeader('content-type', 'text/html; charset=utf-8');
    if (encoding === 'identity') return void createGunzip().end(bytes.gzip).pipe(response);
    response.writeHead(200, { 'content-encoding': encoding, 'content-length': bytes[encoding].byteLength });
    response.end(bytes[encoding]);
  };
}

/** Runs in a process of its own: reading and joining 9 MB here would block other requests for 130 ms. */
async function buildPage(): Promise<BuiltPage> {
  const child = fork(new URL('./page-process.ts', import.meta.url), { execArgv: [], serialization: 'advanced' });
  const ended = once(child, 'exit').then(() =>
    Promise.reject(new Error('The process that builds GraphiQL has ended.')),
  );
  const [page] = (await Promise.race([once(child, 'message'), ended])) as [BuiltPage];
  return page;
}

function createHeaders(contentSecurityPolicy: string, etag: string): Record<string, string> {
  return {
    ...SECURITY_HEADERS,
    'content-security-policy': contentSecurityPolicy,
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': 'no-cache',
    etag,
  };
}

/** Returns the smallest encoding that the client accepts. */
function smallestEncoding(request: IncomingMessage): Encoding {
  const readable = new Negotiator(request).encodings(['br', 'gzip']);
  return (['br', 'gzip'] as const).find((encoding) => readable.includes(encoding)) ?? 'identity';
}
