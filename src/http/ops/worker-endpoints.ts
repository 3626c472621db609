import { createServer } from 'node:http';
import type { Config } from '#config/config.ts';
import type { Services } from '#domain/core/deps.ts';
import { DomainError } from '#domain/core/errors.ts';
import { refuseMalformed } from '#http/malformed-requests.ts';
import { pathOf } from '#http/request.ts';
import { createServe } from '#http/routes.ts';
import { closeGracefully, httpOptionsOf, listen } from '#http/server.ts';
import { createMetrics } from './metrics.ts';
import { createMetricsEndpoint } from './metrics-endpoint.ts';
import { createProbes } from './probes.ts';
import { addServiceMetrics } from './service-metrics.ts';

/**
 * Serves probes and, with METRICS_TOKEN, metrics of a process without other endpoints, on HOST and `port`. Resolves with a function that
 * stops it, once it listens. Rejects if it cannot listen.
 */
export async function startWorkerEndpoints(
  config: Config,
  services: Services,
  port: number,
  version: string,
): Promise<() => Promise<void>> {
  const metrics = createMetrics();
  addServiceMetrics(metrics, services);
  const probe = createProbes(services, version);
  const metricsEndpoint = createMetricsEndpoint(config, null, metrics);
  const serve = createServe(async (request, response) => {
    if (probe(pathOf(request), request, response)) return;
    if (pathOf(request) !== '/metrics') throw new DomainError('NOT_FOUND', 'A worker has probes and /metrics.');
    await metricsEndpoint(request, response);
  }, services);
  const server = createServer(httpOptionsOf(config), (request, response) => void serve(request, response));
  server.on('checkExpectation', (request, response) => void serve(request, response));
  server.on('clientError', (error, socket) => refuseMalformed(error, socket, false));
  await listen(server, config.host, port);
  return () => closeGracefully(server);
}
