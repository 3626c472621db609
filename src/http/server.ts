import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { countFor, createTally } from '#adapters/database/tally.ts';
import { Slab } from '#adapters/slab.ts';
import type { Config } from '#config/config.ts';
import { localUrl } from '#local-url.ts';
import { createAddressFinder } from './client-address.ts';
import type { WebSocketTransport } from './graphql/websocket/transport.ts';
import { readRest } from './linger.ts';
import { endWith, type Refusal, refuseMalformed } from './malformed-requests.ts';
import { createOriginCheck, ORIGIN_NOT_LISTED, type OriginCheck } from './origins.ts';
import { pathOf, requestIdOf } from './request.ts';
import { isWebSocketRequest, originFormOf } from './request-form.ts';
import { createRequestLog } from './request-log.ts';
import { createRoutes, type RouteParts } from './routes.ts';
import type { RelayTransport } from './webhooks/relay.ts';

/** The timeout of the headers of a request, after which its connection is closed. */
const HEADERS_TIMEOUT_MS = 5_000;
/** The interval at which Node checks for connections with late headers. */
const CHECK_TIMEOUTS_EVERY_MS = 500;
/**
 * Bodies have their own timeouts (body.ts): an upload may take minutes, a query may not. Requests that Node would reject without a response
 * body are left to `assertRequestForm`.
 */
export const httpOptionsOf = ({ keepAliveMs }: Pick<Config, 'keepAliveMs'>) => ({
  requireHostHeader: false,
  shouldUpgradeCallback: isWebSocketRequest,
  headersTimeout: HEADERS_TIMEOUT_MS,
  connectionsCheckingInterval: CHECK_TIMEOUTS_EVERY_MS,
  requestTimeout: 0,
  keepAliveTimeout: keepAliveMs,
});

/** The dependencies of the server. */
export type ServerParts = RouteParts & { webSockets: WebSocketTransport; relay: RelayTransport | null };

/** A listening server. */
export type HttpServer = {
  /** PUBLIC_URL, or the address at which the server listens. */
  url: string;
  /**
   * Accepts no new sockets and streams, ends the open ones, spread over SHUTDOWN_DELAY_MS, and resolves when the running requests have
   * their responses. Meanwhile, new requests are still served, the readiness probe with 503, and their connections are closed after the
   * response.
   */
  drain(): Promise<void>;
  /** The number of requests without a response. */
  pending(): number;
  /** Closes the server: accepts no new connections, and closes the open ones. */
  close(): Promise<void>;
};

/** The reason for rejecting a WebSocket. */
const NO_SOCKET_HERE: Refusal = {
  status: 404,
  code: 'NOT_FOUND',
  message: 'There is no WebSocket here; that of the API is at /graphql.',
};
const ORIGIN_REFUSED: Refusal = { status: 403, code: 'FORBIDDEN', message: ORIGIN_NOT_LISTED };
const RESTARTING: Refusal = { status: 503, code: 'UNAVAILABLE', message: 'The server is restarting; connect again.' };
const FAILED: Refusal = { status: 500, code: 'INTERNAL_SERVER_ERROR', message: 'Something went wrong on our side.' };

/** Starts all endpoints on one port, and resolves when it listens. Rejects if it cannot. */
export async function startServer(parts: ServerParts): Promise<HttpServer> {
  const { config, services, webSockets, relay } = parts;
  const allowsOrigin = createOriginCheck(config, services.log);
  const routes = createRoutes(parts, allowsOrigin);
  const server = createServer(httpOptionsOf(config));
  const findAddress = createAddressFinder(config.trustedProxies);
  const running = new Slab<ServerResponse>();
  const logRequest = createRequestLog(services.log);
  const upgrade = createUpgrade(parts, allowsOrigin);
  function prepare(request: IncomingMessage): void {
    request.url = originFormOf(request.url ?? '/');
    findAddress(request);
  }
  function serve(request: IncomingMessage, response: ServerResponse): void {
    prepare(request);
    const startedAt = performance.now();
    const tally = createTally(null);
    const forget = running.add(response);
    response.on('close', () => {
      forget();
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
  }
  server.on('request', serve).on('checkExpectation', serve);
  server.on('clientError', (error, socket) => {
    const responding = Array.from(running).some((response) => response.socket === socket && response.headersSent);
    refuseMalformed(error, socket, responding);
  });
  server.on('upgrade', (request, socket, head) => {
    prepare(request);
    upgrade(request, socket, head);
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

/** Returns the function that opens WebSockets of the API and of calls, and rejects others. */
function createUpgrade({ services, webSockets, relay }: ServerParts, allowsOrigin: OriginCheck) {
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const path = pathOf(request);
    const refuse = (refusal: Refusal) => {
      socket.on('error', () => {}); // Node no longer handles its errors, and an error without a listener ends the process
      endWith(socket, refusal);
    };
    const isRelay = relay?.serves(path) ?? false;
    if (path !== '/graphql' && !isRelay) refuse(NO_SOCKET_HERE);
    else if (!allowsOrigin(request)) refuse(ORIGIN_REFUSED);
    else if (services.health.isDraining()) refuse(RESTARTING);
    else if (isRelay) relay?.upgrade(request, socket, head, refuse).catch(() => refuse(FAILED));
    else webSockets.upgrade(request, socket, head);
  };
}

/** How long a stopping server waits for running responses. */
const DRAIN_TIMEOUT_MS = 20_000;

/** Resolves when all of them have ended, or after DRAIN_TIMEOUT_MS. */
async function waitForResponses(running: Iterable<ServerResponse>): Promise<void> {
  const signal = AbortSignal.timeout(DRAIN_TIMEOUT_MS);
  await Promise.all(Array.from(running, (response) => once(response, 'close', { signal }).catch(() => {})));
}

/** How long connections may take to close by themselves. */
const CLOSE_TIMEOUT_MS = 3_000;

/** Accepts no new connections, waits a moment for the open ones to end, and then closes them. */
export async function closeGracefully(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const deadline = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(deadline);
}

/** Resolves when the server listens. Rejects if it cannot. */
export function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
