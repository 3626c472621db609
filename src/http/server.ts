import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { countFor, createTally } from '#adapters/database/tally.ts';
import type { Config } from '#config/config.ts';
import { localUrl } from '#local-url.ts';
import { createAddressFinder } from './client-address.ts';
import type { WebSocketTransport } from './graphql/websocket/transport.ts';
import { readRest } from './linger.ts';
import { refuseMalformed } from './malformed-requests.ts';
import { createOriginCheck } from './origins.ts';
import { pathOf, requestIdOf } from './request.ts';
import { createRequestLog } from './request-log.ts';
import { createRoutes, type RouteParts } from './routes.ts';
import type { RelayTransport } from './webhooks/relay.ts';

/** How long the headers of a request may take to arrive; then its connection is closed. */
const HEADERS_TIMEOUT_MS = 5_000;
/** How often Node looks for connections whose headers are late. */
const CHECK_TIMEOUTS_EVERY_MS = 500;
/** Bodies have timeouts of their own (body.ts): an upload may take minutes, a query may not. */
export const timeoutsOf = ({ keepAliveMs }: Pick<Config, 'keepAliveMs'>) => ({
  headersTimeout: HEADERS_TIMEOUT_MS,
  connectionsCheckingInterval: CHECK_TIMEOUTS_EVERY_MS,
  requestTimeout: 0,
  keepAliveTimeout: keepAliveMs,
});

/** What the server is made of. */
export type ServerParts = RouteParts & { webSockets: WebSocketTransport; relay: RelayTransport | null };

/** A server that listens. */
export type HttpServer = {
  /** PUBLIC_URL, or else the address at which it listens. */
  url: string;
  /**
   * Lets no new sockets and streams in, ends those there are, spread over SHUTDOWN_DELAY_MS, and resolves when the requests that
   * were running then have their responses. New requests still get theirs meanwhile, the probe of readiness with 503, and their
   * connections end with them.
   */
  drain(): Promise<void>;
  /** How many requests have no response yet. */
  pending(): number;
  /** Closes the server: no new connections, and an end of those there are. */
  close(): Promise<void>;
};

/** Starts every endpoint on one port, and resolves when it listens. Rejects where it cannot. */
export async function startServer(parts: ServerParts): Promise<HttpServer> {
  const { config, services, webSockets, relay } = parts;
  const allowsOrigin = createOriginCheck(config, services.log);
  const routes = createRoutes(parts, allowsOrigin);
  const server = createServer(timeoutsOf(config));
  const findAddress = createAddressFinder(config.trustedProxies);
  const running = new Set<ServerResponse>();
  const logRequest = createRequestLog(services.log);
  server.on('request', (request, response) => {
    findAddress(request);
    const startedAt = performance.now();
    const tally = createTally(null);
    running.add(response);
    response.on('close', () => {
      running.delete(response);
      parts.metrics.observeRequest(routes.nameOf(pathOf(request)), response.statusCode, performance.now() - startedAt);
      logRequest({
        requestId: requestIdOf(request.headers),
        method: request.method ?? '',
        path: pathOf(request),
        status: response.headersSent ? response.statusCode : null,
        startedAt,
        tally,
      });
      if (!request.complete) void readRest(request).then(() => request.destroy());
    });
    if (services.health.isDraining()) response.setHeader('connection', 'close');
    void countFor([tally], () => routes.serve(request, response));
  });
  server.on('clientError', (error, socket) => {
    const responding = Array.from(running).some((response) => response.socket === socket && response.headersSent);
    refuseMalformed(error, socket, responding);
  });
  server.on('upgrade', (request, socket, head) => {
    findAddress(request);
    const path = pathOf(request);
    const refuse = (status: string) => {
      socket.on('error', () => {}); // Node no longer handles its errors, and one without a listener ends the process
      socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n\r\n`);
    };
    const isRelay = relay?.serves(path) ?? false;
    if (path !== '/graphql' && !isRelay) refuse('404 Not Found');
    else if (!allowsOrigin(request)) refuse('403 Forbidden');
    else if (services.health.isDraining()) refuse('503 Service Unavailable');
    else if (isRelay) relay?.upgrade(request, socket, head, refuse).catch(() => refuse('500 Internal Server Error'));
    else webSockets.upgrade(request, socket, head);
  });
  await listen(server, config.host, config.port);
  const { port } = server.address() as AddressInfo;
  return {
    url: config.publicUrl ?? localUrl({ host: config.host, port }),
    async drain() {
      const { shutdownDelayMs } = config;
      await Promise.all([
        routes.endStreams(shutdownDelayMs),
        webSockets.close(shutdownDelayMs),
        relay?.close(shutdownDelayMs),
      ]);
      await waitForResponses(running);
    },
    pending: () => [...running].filter(({ destroyed }) => !destroyed).length,
    close: () => closeGracefully(server),
  };
}

/** How long a stopping server waits for the responses that are under way. */
const DRAIN_TIMEOUT_MS = 20_000;

/** Resolves when all of them have ended, or DRAIN_TIMEOUT_MS have passed. */
async function waitForResponses(running: Iterable<ServerResponse>): Promise<void> {
  const signal = AbortSignal.timeout(DRAIN_TIMEOUT_MS);
  await Promise.all(Array.from(running, (response) => once(response, 'close', { signal }).catch(() => {})));
}

/** How long connections get to end by themselves. */
const CLOSE_TIMEOUT_MS = 3_000;

/** Takes no new connections, lets those there are end, and ends them after a moment. */
export async function closeGracefully(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const deadline = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(deadline);
}

/** Resolves when the server listens. Rejects where it cannot. */
export function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
