import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '#config/config.ts';
import type { Services } from '#domain/core/deps.ts';
import { DomainError, Forbidden } from '#domain/core/errors.ts';
import { createExportDownloads } from './downloads/exports.ts';
import { createSalesDownloads } from './downloads/sales.ts';
import { createTranscriptDownloads } from './downloads/transcripts.ts';
import { endWithKey } from './end-with-key.ts';
import { HttpError, statusOf, toPublicError } from './errors.ts';
import { createGraphiqlPage } from './graphiql/graphiql.ts';
import { createGraphqlEndpoint } from './graphql/http.ts';
import type { Pipeline } from './graphql/pipeline.ts';
import type { KeyWatch } from './key-watch.ts';
import { createChaptersEndpoint } from './media/chapters.ts';
import { createMediaEndpoint } from './media/media.ts';
import { createWaveformEndpoint } from './media/waveforms.ts';
import { LEGACY_JSON, negotiateErrorType, prefersPage } from './media-types.ts';
import type { Metrics } from './ops/metrics.ts';
import { createMetricsEndpoint } from './ops/metrics-endpoint.ts';
import { createProbes } from './ops/probes.ts';
import { createStatsEndpoints } from './ops/stats-endpoints.ts';
import { corsHeaders, ORIGIN_NOT_LISTED, type OriginCheck } from './origins.ts';
import { replyEmpty, replyJson, retryHeaders } from './reply.ts';
import { type Gatekeeper, pathOf, requestIdOf, searchOf } from './request.ts';
import { assertRequestForm } from './request-form.ts';
import { createConversationEndpoint } from './uploads/conversations.ts';
import { createLeadImportEndpoint } from './uploads/lead-imports.ts';
import { createLeadEndpoint } from './uploads/leads.ts';
import { createTranscriptEndpoint } from './uploads/transcripts.ts';
import { createTusEndpoint, tusOptions } from './uploads/tus.ts';
import { createTwilioEndpoint } from './webhooks/twilio.ts';

/** The dependencies of the endpoints. */
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
  /** Responds to a request, with an error if it fails. Never rejects. */
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Returns the name of the endpoint of a path, for metrics; null if there is none. */
  nameOf(path: string): string | null;
  /** Accepts no new streams, ends the open ones, spread over a time, and then the uploads. */
  endStreams(spreadMs: number): Promise<void>;
};

/** A named handler of some paths, which returns false for all others. */
type Endpoint = {
  name: string;
  /** Whether a signature authorizes its requests, whatever key they have beside it. */
  isSigned?: boolean;
  serve(request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean>;
};

/** Creates the endpoints: probes, GraphQL, GraphiQL, uploads, media, webhooks and metrics. */
export function createRoutes(
  { config, services, pipeline, gatekeeper, keyWatch, metrics, version }: RouteParts,
  allowsOrigin: OriginCheck,
): Routes {
  const probe = createProbes(services, version);
  const graphql = createGraphqlEndpoint({ pipeline, gatekeeper, keyWatch, log: services.log });
  const metricsEndpoint = createMetricsEndpoint(config, gatekeeper, metrics);
  const { twilio } = config.telephony;
  const tus = createTusEndpoint(services, gatekeeper);
  const stats = createStatsEndpoints(services, gatekeeper);
  const downloads = createSalesDownloads(services, gatekeeper);
  const endpoints: Endpoint[] = [
    { name: '/episodes', serve: createTranscriptEndpoint(services, gatekeeper) },
    { name: '/episodes', serve: createTranscriptDownloads(services, gatekeeper) },
    { name: '/conversations', serve: createConversationEndpoint(services, gatekeeper, metrics) },
    { name: '/leads', serve: createLeadEndpoint(services, gatekeeper, metrics) },
    { name: '/leads', serve: createLeadImportEndpoint(services, gatekeeper, metrics) },
    { name: '/leads.csv', serve: downloads },
    { name: '/calls.csv', serve: downloads },
    { name: '/exports', serve: createExportDownloads(services, gatekeeper) },
    { name: '/uploads', serve: tus.serve },
    { name: '/media', isSigned: true, serve: createMediaEndpoint(services, keyWatch) },
    { name: '/media', isSigned: true, serve: createChaptersEndpoint(services) },
    { name: '/media', isSigned: true, serve: createWaveformEndpoint(services) },
    { name: '/storage', serve: stats },
    { name: '/queue', serve: stats },
    ...(twilio ? [{ name: '/webhooks', isSigned: true, serve: createTwilioEndpoint(twilio, services) }] : []),
  ];
  const names = [...new Set(['/graphql', '/health', '/metrics', ...endpoints.map(({ name }) => name)])];
  const graphiql = createGraphiqlPage();

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request);
    if (probe(path, request, response)) return;
    if (!allowsOrigin(request)) throw new Forbidden(ORIGIN_NOT_LISTED);
    for (const [name, value] of Object.entries(corsHeaders(config, request))) response.setHeader(name, value);
    if (request.method === 'OPTIONS') return replyEmpty(response, 204, tusOptions(path, services));
    if (path === '/graphql') {
      if (!wantsPage(request)) return graphql.serve(request, response);
      response.setHeader('x-request-id', requestIdOf(request.headers));
      return graphiql(request, response);
    }
    const found = endpoints.filter(({ name }) => isUnder(name, path));
    if (found.some(({ isSigned }) => !isSigned)) endWithKey(keyWatch, request, response);
    for (const { serve } of found) if (await serve(request, response, path)) return;
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
    nameOf: (path) => names.find((name) => isUnder(name, path)) ?? null,
  };
}

type Serve = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Creates the function that routes and responds to a request, with an error if it fails. It never rejects. */
export function createServe(route: Serve, services: Pick<Services, 'log'>): Serve {
  return async (request, response) => {
    request.headers['x-request-id'] = requestIdOf(request.headers); // the same id wherever it is read
    try {
      assertRequestForm(request);
      await route(request, response);
    } catch (error) {
      replyError(request, response, error, services);
    }
  };
}

const isUnder = (name: string, path: string) => path === name || path.startsWith(`${name}/`);

const createNotFound = () => new DomainError('NOT_FOUND', 'There is nothing here; the API is at /graphql.');

/** Whether a person opens the address in a browser. */
function wantsPage(request: IncomingMessage): boolean {
  return request.method === 'GET' && !searchOf(request).has('query') && prefersPage(request);
}

/** Sends an error in the form of GraphQL errors. */
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
