import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '#config/config.ts';
import { isAdmin } from '#domain/core/actor.ts';
import type { Services } from '#domain/core/deps.ts';
import { DomainError, Forbidden, Unauthenticated } from '#domain/core/errors.ts';
import { HttpError, statusOf, toPublicError } from './errors.ts';
import { createGraphiqlPage } from './graphiql/graphiql.ts';
import { createGraphqlEndpoint } from './graphql/http.ts';
import type { KeyWatch } from './graphql/key-watch.ts';
import type { Pipeline } from './graphql/pipeline.ts';
import { LEGACY_JSON, negotiateErrorType, prefersPage } from './media-types.ts';
import type { Metrics } from './ops/metrics.ts';
import { createProbes } from './ops/probes.ts';
import { allowsOrigin, corsHeaders } from './origins.ts';
import { replyEmpty, replyJson, replyText, retryHeaders } from './reply.ts';
import { addressOf, type Gatekeeper, pathOf, readCredentials, requestIdOf, searchOf } from './request.ts';
import { createTranscriptEndpoint } from './uploads/transcripts.ts';

/** What the endpoints are made of. */
export type RouteParts = {
  config: Config;
  services: Services;
  pipeline: Pipeline;
  gatekeeper: Gatekeeper;
  keyWatch: KeyWatch;
  metrics: Metrics;
  version: string;
};

/** All endpoints of the server. */
export type Routes = {
  /** Responds to a request, to one that fails with an error. Never rejects. */
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Ends the streams, and begins no more of them. */
  endStreams(): void;
};

/** Creates the endpoints: probes, GraphQL, GraphiQL, uploads and metrics. */
export function createRoutes({
  config,
  services,
  pipeline,
  gatekeeper,
  keyWatch,
  metrics,
  version,
}: RouteParts): Routes {
  const probe = createProbes(services, version);
  const graphql = createGraphqlEndpoint({ pipeline, gatekeeper, keyWatch, log: services.log });
  const transcripts = createTranscriptEndpoint(services, gatekeeper);
  const graphiql = createGraphiqlPage();

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request);
    if (probe(path, request, response)) return;
    if (!allowsOrigin(config, request)) {
      throw new Forbidden('Requests from this origin are not allowed; list it in CORS_ORIGINS.');
    }
    for (const [name, value] of Object.entries(corsHeaders(config, request))) response.setHeader(name, value);
    if (request.method === 'OPTIONS') return replyEmpty(response, 204);
    if (path === '/graphql') {
      if (!wantsPage(request)) return graphql.serve(request, response);
      response.setHeader('x-request-id', requestIdOf(request.headers));
      return graphiql(request, response);
    }
    if (await transcripts(request, response, path)) return;
    if (path === '/metrics') return serveMetrics(request, response, gatekeeper, metrics);
    if (path === '/') return replyEmpty(response, 302, { location: '/graphql' });
    throw createNotFound();
  }

  return {
    endStreams: graphql.endStreams,
    async serve(request, response) {
      request.headers['x-request-id'] = requestIdOf(request.headers); // the same wherever it is read
      await route(request, response).catch((error: unknown) => replyError(request, response, error, services));
    },
  };
}

const createNotFound = () => new DomainError('NOT_FOUND', 'There is nothing here; the API is at /graphql.');

/** Whether a person opens the address in a browser. */
function wantsPage(request: IncomingMessage): boolean {
  return request.method === 'GET' && !searchOf(request).has('query') && prefersPage(request);
}

async function serveMetrics(
  request: IncomingMessage,
  response: ServerResponse,
  gatekeeper: Gatekeeper,
  metrics: Metrics,
): Promise<void> {
  const actor = await gatekeeper.admit(readCredentials(request.headers), {
    requestId: requestIdOf(request.headers),
    ip: addressOf(request),
  });
  if (actor.apiKeyId === null) throw new Unauthenticated();
  if (!isAdmin(actor)) throw new Forbidden('Metrics take an API key of an ADMIN, with the scope ADMIN.');
  replyText(response, 200, await metrics.text(), { 'content-type': metrics.contentType });
}

/** Sends an error in the form that GraphQL has for it. */
function replyError(request: IncomingMessage, response: ServerResponse, error: unknown, { log }: Services): void {
  const shown = toPublicError(error, requestIdOf(request.headers), log);
  const httpError = error instanceof HttpError ? error : null;
  const status =
    httpError?.status ?? (shown.extensions.code === 'NOT_FOUND' ? 404 : statusOf({ errors: [shown] }, false));
  const type = pathOf(request) === '/graphql' ? negotiateErrorType(request) : LEGACY_JSON;
  const headers = { 'content-type': type, ...retryHeaders(shown), ...httpError?.headers };
  replyJson(response, status, { errors: [shown] }, headers);
}
