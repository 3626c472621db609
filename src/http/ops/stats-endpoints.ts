import type { IncomingMessage, ServerResponse } from 'node:http';
import { isAdmin } from '#domain/core/actor.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import { Forbidden, Unauthenticated } from '#domain/core/errors.ts';
import { measureStorage } from '#domain/episodes/media/files/storage.ts';
import { queueStats, queueStatsOf } from '#domain/jobs/queue-stats.ts';
import { addressOf } from '#http/client-address.ts';
import { HttpError } from '#http/errors.ts';
import { readParameters } from '#http/query-parameters.ts';
import { rateLimitHeaders, replyJson } from '#http/reply.ts';
import { type Gatekeeper, pointsOf, type RequestContext, readCredentials, requestIdOf } from '#http/request.ts';
import { isAnonymous } from '#resolvers/context.ts';

const STATS: Record<string, (deps: Deps) => Promise<object>> = {
  '/storage/stats': readStorage,
  '/queue/stats': readQueue,
};

/**
 * Creates the endpoints `GET /storage/stats` and `GET /queue/stats`, which answer with what the queries `storage` and `queueStats`
 * do. They return false for other paths, and throw HttpError (405), Unauthenticated, Forbidden, BadUserInput, RATE_LIMITED.
 */
export function createStatsEndpoints(services: Services, gatekeeper: Gatekeeper) {
  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> => {
    const read = Object.hasOwn(STATS, path) ? STATS[path] : undefined;
    if (!read) return false;
    if (request.method !== 'GET')
      throw new HttpError(405, 'BAD_USER_INPUT', 'Send GET.', { headers: { allow: 'GET, OPTIONS' } });
    const requestId = requestIdOf(request.headers);
    const actor = await gatekeeper.admit(readCredentials(request.headers), { requestId, ip: addressOf(request) });
    const context: RequestContext = { requestId, actor };
    await gatekeeper.charge(context, pointsOf(0));
    if (isAnonymous(actor)) throw new Unauthenticated();
    if (!actor.scopes.includes('READ')) throw new Forbidden('This takes an API key with the scope READ.');
    readParameters(request, {});
    replyJson(response, 200, await read({ ...services, actor }), rateLimitHeaders(context.budget));
    return true;
  };
}

async function readStorage(deps: Deps): Promise<object> {
  const { files, ...bytes } = await measureStorage(deps);
  const numbers = Object.fromEntries(Object.entries(bytes).map(([name, value]) => [name, Number(value)]));
  return { ...numbers, files, maxFileBytes: deps.limits.maxFileBytes };
}

async function readQueue(deps: Deps): Promise<object> {
  const { maxConcurrentJobs: maxConcurrent, maxQueueSize: maxQueued, maxQueuedPerUser } = deps.limits;
  const stats = isAdmin(deps.actor) ? await queueStats(deps) : (await queueStatsOf(deps, [deps.actor.userId]))[0];
  return { ...stats, maxConcurrent, maxQueued, maxQueuedPerUser };
}
