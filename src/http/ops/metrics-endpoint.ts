import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '#config/config.ts';
import { isAdmin } from '#domain/core/actor.ts';
import { Forbidden, Unauthenticated } from '#domain/core/errors.ts';
import { addressOf } from '#http/client-address.ts';
import { replyText } from '#http/reply.ts';
import { type Gatekeeper, pointsOf, readCredentials, requestIdOf } from '#http/request.ts';
import type { Metrics } from './metrics.ts';

/** Creates the endpoint GET /metrics, for METRICS_TOKEN and, with a gatekeeper, for ADMINs. Throws Unauthenticated, Forbidden. */
export function createMetricsEndpoint(config: Config, gatekeeper: Gatekeeper | null, metrics: Metrics) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!hasMetricsToken(request, config)) {
      if (!gatekeeper) throw new Unauthenticated();
      await assertAdmin(request, gatekeeper);
    }
    replyText(response, 200, await metrics.text(), { 'content-type': metrics.contentType });
  };
}

/** Whether a request has METRICS_TOKEN. A collector of metrics should not need the key of an ADMIN, which permits too much. */
function hasMetricsToken({ headers }: IncomingMessage, { metricsToken }: Config): boolean {
  return metricsToken !== undefined && isEqualSecret(headers.authorization ?? '', `Bearer ${metricsToken}`);
}

/** Compares in constant time. */
function isEqualSecret(given: string, expected: string): boolean {
  const [first, second] = [given, expected].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(first as Buffer, second as Buffer);
}

async function assertAdmin(request: IncomingMessage, gatekeeper: Gatekeeper): Promise<void> {
  const requestId = requestIdOf(request.headers);
  const actor = await gatekeeper.admit(readCredentials(request.headers), { requestId, ip: addressOf(request) });
  await gatekeeper.charge({ requestId, actor }, pointsOf(0));
  if (actor.apiKeyId === null) throw new Unauthenticated();
  if (!isAdmin(actor)) throw new Forbidden('Metrics take an API key of an ADMIN, with the scope ADMIN.');
}
