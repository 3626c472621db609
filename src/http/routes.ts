import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '#config/config.ts';
import type { Services } from '#domain/core/deps.ts';
import { DomainError, Forbidden } from '#domain/core/errors.ts';
import { createSalesDownloads } from './downloads/sales.ts';
import { HttpError, statusOf, toPublicError } from './errors.ts';
import { createGraphiqlPage } from './graphiql/graphiql.ts';
import { createGraphqlEndpoint } from './graphql/http.ts';
import type { KeyWatch } from './graphql/key-watch.ts';
import type { Pipeline } from './graphql/pipeline.ts';
import { createChaptersEndpoint } from './media/chapters.ts';
import { createMediaEndpoint } from './media/media.ts';
import { createWaveformEndpoint } from './media/waveforms.ts';
import { LEGACY_JSON, negotiateErrorType, prefersPage } from './media-types.ts';
import type { Metrics } from './ops/metrics.ts';
import { createMetricsEndpoint } from './ops/metrics-endpoint.ts';
import { createProbes } from './ops/probes.ts';
import { createStatsEndpoints } from './ops/stats-endpoints.ts';
import { corsHeaders, type OriginCheck } from './origins.ts';
import { replyEmpty, replyJson, retryHeaders } from './reply.ts';
import { type Gatekeeper, pathOf, requestIdOf, searchOf } from './request.ts';
import { createConversationEndpoint } from './uploads/conversations.ts';
import { createLeadImportEndpoint } from './uploads/lead-imports.ts';
import { createLeadEndpoint } from './uploads/leads.ts';
import { createTranscriptEndpoint } from './uploads/transcripts.ts';
import { createTusEndpoint, tusOptions } from './uploads/tus.ts';
import { createTwilioEndpoint } from './webhooks/twilio.ts';

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
  /** Begins no more streams, ends those there are, spread over a time, and then the uploads. */
  endStreams(spreadMs: number): Promise<void>;
};

/** Creates the endpoints: probes, GraphQL, GraphiQL, uploads, media, webhooks and metrics. */
export function createRoutes(
  { config, services, pipeline, gatekeeper, keyWatch, metrics, version }: RouteParts,
  allowsOrigin: OriginCheck,
): Routes {
  const probe = createProbes(services, version);
  const graphql = createGraphqlEndpoint({ pipeline, gatekeeper, keyWatch, log: services.log });
  const transcripts = createTranscriptEndpoint(services, gatekeeper);
  const conversations = createConversationEndpoint(services, gatekeeper, metrics);
  const metricsEndpoint = createMetricsEndpoint(config, gatekeeper, metrics);
  const leads = createLeadEndpoint(services, gatekeeper, metrics);
  const leadImports = createLeadImportEndpoint(services, gatekeeper, metrics);
  const downloads = createSalesDownloads(services, gatekeeper);
  const { twilio } = config.telephony;
  const webhooks = twilio ? createTwilioEndpoint(twilio, services) : null;
  const tus = createTusEndpoint(services, gatekeeper);
  const media = createMediaEndpoint(services);
  const chapters = createChaptersEndpoint(services);
  const waveforms = createWaveformEndpoint(services);
  const stats = createStatsEndpoints(services, gatekeeper);
  const graphiql = createGraphiqlPage();

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request);
    if (probe(path, request, response)) return;
    if (!allowsOrigin(request)) {
      throw new Forbidden('Requests from this origin are not allowed; list it in CORS_ORIGINS.');
    }
    for (const [name, value] of Object.entries(corsHeaders(config, request))) response.setHeader(name, value);
    if (request.method === 'OPTIONS') return replyEmpty(response, 204, tusOptions(path, services));
    if (path === '/graphql') {
      if (!wantsPage(request)) return graphql.serve(request, response);
      response.setHeader('x-request-id', requestIdOf(request.headers));
      return graphiql(request, response);
    }
    if (await transcripts(request, response, path)) return;
    if (await conversations(request, response, path)) return;
    if (await leads(request, response, path)) return;
    if (await leadImports(request, response, path)) return;
    if (await tus.serve(request, response, path)) return;
    if (await media(request, response, path)) return;
    if (await chapters(request, response, path)) return;
    if (await waveforms(request, response, path)) return;
    if (await stats(request, response, path)) return;
    if (await downloads(request, response, path)) return;
    if (await webhooks?.(request, response, path)) return;
    if (path === '/metrics') return metricsEndpoint(request, response);
    if (path === '/') return replyEmpty(response, 302, { location: '/graphql' });
    throw createNotFound();
  }

  return {
    async endStreams(spreadMs) {
      await graphql.endStreams(spreadMs);
      tus.stop();
    },
    serve: createServe(route, services),
  };
}

type Serve = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Creates what responds to a request by its route, to one that fails with an error. It never rejects. */
export function createServe(route: Serve, services: Pick<Services, 'log'>): Serve {
  return async (request, response) => {
    request.headers['x-request-id'] = requestIdOf(request.headers); // the same wherever it is read
    await route(request, response).catch((error: unknown) => replyError(request, response, error, services));
  };
}

const createNotFound = () => new DomainError('NOT_FOUND', 'There is nothing here; the API is at /graphql.');

/** Whether a person opens the address in a browser. */
function wantsPage(request: IncomingMessage): boolean {
  return request.method === 'GET' && !searchOf(request).has('query') && prefersPage(request);
}

/** Sends an error in the form that GraphQL has for it. */
function replyError(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  { log }: Pick<Services, 'log'>,
): void {
  const shown = toPublicError(error, requestIdOf(request.headers), log);
  const httpError = error instanceof HttpError ? error : null;
  const status =
    httpError?.status ?? (shown.extensions.code === 'NOT_FOUND' ? 404 : statusOf({ errors: [shown] }, false));
  const type = pathOf(request) === '/graphql' ? negotiateErrorType(request) : LEGACY_JSON;
  const headers = { 'content-type': type, ...retryHeaders(shown), ...httpError?.headers };
  replyJson(response, status, { errors: [shown] }, headers);
}
