import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '#config/config.ts';
import type { WebSocketTransport } from './graphql/websocket.ts';
import { allowsOrigin } from './origins.ts';
import { createRoutes, type RouteParts } from './routes.ts';

const HEADERS_TIMEOUT_MS = 5_000;
const CHECK_TIMEOUTS_EVERY_MS = 500;
const LINGER_MS = 2_000;

export type ServerParts = RouteParts & { webSockets: WebSocketTransport };

export type HttpServer = {
  url: string;
  /**
   * Ends live sockets and streams, lets no new ones in, and resolves when the requests that were running are answered.
   * New ones still are meanwhile, the probes of readiness with 503, and their connections end with the answer.
   */
  drain(): Promise<void>;
  /** Takes no new connections. */
  close(): Promise<void>;
};

/** Opens every door on one port, and answers when it listens. */
export async function startServer(parts: ServerParts): Promise<HttpServer> {
  const { config, services, webSockets } = parts;
  const routes = createRoutes(parts);
  // Bodies have timeouts of their own (body.ts): an upload may take minutes, a query may not.
  const server = createServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    connectionsCheckingInterval: CHECK_TIMEOUTS_EVERY_MS,
    requestTimeout: 0,
    keepAliveTimeout: 65_000,
  });
  const running = new Set<ServerResponse>();
  server.on('request', (request, response) => {
    running.add(response);
    response.on('close', () => {
      running.delete(response);
      if (!request.complete) drainBody(request);
    });
    if (services.health.isDraining()) response.setHeader('connection', 'close');
    void routes.serve(request, response);
  });
  server.on('upgrade', (request, socket, head) => {
    const path = request.url?.split('?')[0];
    const refuse = (status: string) => {
      socket.on('error', () => {}); // it is nobody's any more, and would end the process
      socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n\r\n`);
    };
    if (path !== '/graphql') refuse('404 Not Found');
    else if (!allowsOrigin(config, request)) refuse('403 Forbidden');
    else if (services.health.isDraining()) refuse('503 Service Unavailable');
    else webSockets.upgrade(request, socket, head);
  });
  await listen(server, config);
  const { port } = server.address() as AddressInfo;
  return {
    url: config.publicUrl ?? `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`,
    async drain() {
      routes.endStreams();
      await Promise.all([webSockets.close(), waitForResponses(running)]);
    },
    close: () => closeGracefully(server),
  };
}

/** What is left of a body after its answer is taken for a moment: a client that is cut while it sends never sees the answer. */
function drainBody(request: IncomingMessage): void {
  const cut = setTimeout(() => request.destroy(), LINGER_MS);
  request.on('close', () => clearTimeout(cut));
}

const ANSWER_WITHIN_MS = 20_000;

/** Resolves when all of them have ended, or have had their time. */
async function waitForResponses(running: Iterable<ServerResponse>): Promise<void> {
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  await Promise.all(Array.from(running, (response) => once(response, 'close', { signal }).catch(() => {})));
}

const CLOSE_WITHIN_MS = 3_000;

async function closeGracefully(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const deadline = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(deadline);
}

function listen(server: Server, { host, port }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
