import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Cleanup } from './cleanup.ts';

/** Gives the key of a session, as `server/keys.ts` of docs/front-end.md does. */
type Keys = { keyOf(session: { id: string; userId: string }): Promise<unknown> };

const TYPES: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript' };

/** Starts the server of an application: static pages, a session by cookie, and the key of its user. Returns its port. */
export async function startApplication(pages: string, keys: Keys, cleanup: Cleanup): Promise<number> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://application');
    if (pathname === '/sign-in') return signIn(response, searchParams);
    if (pathname === '/key') return void replyKey(request, response, keys);
    response.setHeader('content-type', TYPES[extname(pathname)] ?? 'application/octet-stream');
    createReadStream(join(pages, pathname))
      .on('error', () => response.writeHead(404).end())
      .pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanup.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function signIn(response: ServerResponse, params: URLSearchParams): void {
  const headers = {
    'set-cookie': `user=${params.get('user')}; HttpOnly; SameSite=Strict`,
    location: `/${params.get('page')}`,
  };
  response.writeHead(302, headers).end();
}

async function replyKey({ headers, method }: IncomingMessage, response: ServerResponse, keys: Keys): Promise<void> {
  const userId = /user=([\w-]+)/.exec(headers.cookie ?? '')?.[1];
  if (method !== 'POST' || !userId) return void response.writeHead(401).end();
  try {
    const key = await keys.keyOf({ id: userId, userId });
    response
      .writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      .end(JSON.stringify(key));
  } catch {
    response.writeHead(503).end();
  }
}
