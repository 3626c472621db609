import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config.ts';
import type { Services } from '../domain/deps.ts';
import { DomainError, Forbidden, Unauthenticated } from '../domain/errors.ts';
import { statusOf, toPublicError } from './errors.ts';
import { createGraphiqlPage } from './graphiql.ts';
import { createGraphqlDoor } from './graphql.ts';
import type { LiveKeys } from './live-keys.ts';
import type { Metrics } from './metrics.ts';
import { allowsOrigin, corsHeaders } from './origins.ts';
import type { Pipeline } from './pipeline.ts';
import { createProbes } from './probes.ts';
import { replyJson, replyText, retryHeaders, SECURITY_HEADERS } from './reply.ts';
import { addressOf, credentialsOf, type Gatekeeper, requestIdOf } from './request.ts';
import { createTranscriptDoor } from './transcripts.ts';
import { createYogaDoor } from './yoga.ts';
import type { WebSocketDoor } from './websocket.ts';

const HEADERS_TIMEOUT_MS = 5_000;

export type ServerParts = {
  config: Config;
  services: Services;
  pipeline: Pipeline;
  gatekeeper: Gatekeeper;
  liveKeys: LiveKeys;
  metrics: Metrics;
  webSockets: WebSocketDoor;
  version: string;
};

export type HttpServer = {
  url: string;
  /** Ends live sockets and streams, and lets no new ones in; requests are still answered, the probes of readiness with 503. */
  endStreams(): Promise<void>;
  /** Takes no new connections, and lets running requests finish. */
  close(): Promise<void>;
};

/** Opens every door on one port, and answers when it listens. */
export async function startServer(parts: ServerParts): Promise<HttpServer> {
  const { config, services, webSockets } = parts;
  const doors = routesOf(parts);
  // Bodies have timeouts of their own (body.ts): an upload may take minutes, a query may not.
  const server = createServer({ headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: 0, keepAliveTimeout: 65_000 });
  server.on('request', (request, response) => {
    doors.serve(request, response).catch((error: unknown) => fail(request, response, error, services));
  });
  server.on('upgrade', (request, socket, head) => {
    const path = request.url?.split('?')[0];
    const refuse = (status: string) => socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n\r\n`);
    if (path !== '/graphql') refuse('404 Not Found');
    else if (!allowsOrigin(config, request)) refuse('403 Forbidden');
    else if (services.health.isDraining()) refuse('503 Service Unavailable');
    else webSockets.upgrade(request, socket, head);
  });
  await listen(server, config);
  const { port } = server.address() as AddressInfo;
  return {
    url: config.publicUrl ?? `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`,
    async endStreams() {
      doors.endStreams();
      await webSockets.close();
    },
    close: () => closeGently(server),
  };
}

function routesOf({ config, services, pipeline, gatekeeper, liveKeys, metrics, version }: ServerParts) {
  const probe = createProbes(services, version);
  const graphql = createGraphqlDoor(pipeline, gatekeeper, services.log);
  const yoga = createYogaDoor(pipeline, gatekeeper, liveKeys);
  const transcripts = createTranscriptDoor(services, gatekeeper);
  const graphiql = createGraphiqlPage();
  return {
    endStreams: yoga.endStreams,
    async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const url = new URL(request.url ?? '/', 'http://localhost');
      if (probe(url.pathname, response)) return;
      if (!allowsOrigin(config, request)) throw new Forbidden('Requests from this origin are not allowed; list it in CORS_ORIGINS.');
      for (const [name, value] of Object.entries(corsHeaders(config, request))) response.setHeader(name, value);
      if (request.method === 'OPTIONS') return void response.writeHead(204, SECURITY_HEADERS).end();
      if (url.pathname === '/graphql') {
        if (wantsPage(request, url)) return graphiql(request, response);
        if (await graphql(request, response)) return;
        return yoga.serve(request, response);
      }
      if (await transcripts(request, response, url)) return;
      if (url.pathname === '/metrics') return showMetrics(request, response, gatekeeper, metrics);
      if (url.pathname === '/') return void response.writeHead(302, { location: '/graphql', ...SECURITY_HEADERS }).end();
      replyJson(response, 404, { errors: [{ message: 'There is nothing here; the API is at /graphql.' }] });
    },
  };
}

/** A person opens the address in a browser. */
function wantsPage(request: IncomingMessage, url: URL): boolean {
  return request.method === 'GET' && !url.searchParams.has('query') && /\btext\/html\b/.test(request.headers.accept ?? '');
}

async function showMetrics(request: IncomingMessage, response: ServerResponse, gatekeeper: Gatekeeper, metrics: Metrics): Promise<void> {
  const actor = await gatekeeper.admit(credentialsOf(request.headers), { requestId: requestIdOf(request.headers), ip: addressOf(request) });
  if (actor.apiKeyId === null) throw new Unauthenticated();
  if (!actor.scopes.includes('ADMIN')) throw new Forbidden('Metrics take an API key with the scope ADMIN.');
  replyText(response, 200, await metrics.text(), { 'content-type': metrics.contentType });
}

/** Answers outside GraphQL have the form of its errors. */
function fail(request: IncomingMessage, response: ServerResponse, error: unknown, { log }: Services): void {
  const shown = toPublicError(error, requestIdOf(request.headers), log);
  const status = shown.extensions.code === 'NOT_FOUND' ? 404 : statusOf({ errors: [shown] }, false);
  // What is left of the body is not read: the connection ends with the answer.
  const unread = request.readableEnded ? {} : { connection: 'close' };
  replyJson(response, status, { errors: [shown] }, { ...retryHeaders(error instanceof DomainError ? error : undefined), ...unread });
}

const FINISH_WITHIN_MS = 5_000;

async function closeGently(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const deadline = setTimeout(() => server.closeAllConnections(), FINISH_WITHIN_MS);
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
