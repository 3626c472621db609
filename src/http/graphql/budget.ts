import type { DocumentNode, GraphQLSchema } from 'graphql';
import { createRateLimitError, type RateLimits } from '#http/rate-limits.ts';
import type { RequestContext } from '#http/request.ts';
import { isAnonymous } from '#resolvers/context.ts';
import { createCostFunction } from './cost.ts';
import { createLimitExceeded } from './document-limits.ts';

const MAX_COST = 5_000;
/** As on GitHub, an operation takes a point for every so much of its cost, and at least one. */
const COST_PER_POINT = 50;

type ChargedOperation = {
  document: DocumentNode;
  operationName: string | null;
  variables: Record<string, unknown> | null;
};

/** Takes what an operation costs from its key's budget, which the request then knows. Throws LIMIT_EXCEEDED, RATE_LIMITED. */
export function createCharge(schema: GraphQLSchema, limits: RateLimits) {
  const costOf = createCostFunction(schema);
  return async (request: RequestContext, operation: ChargedOperation): Promise<void> => {
    const cost = costOf(operation);
    if (cost > MAX_COST) {
      throw createLimitExceeded('An operation', MAX_COST, 'points of cost (fields times page sizes)', cost);
    }
    if (isAnonymous(request.actor)) return;
    const points = Math.max(1, Math.ceil(cost / COST_PER_POINT));
    request.budget = await limits.spend(request.actor.apiKeyId as string, points);
    const { exceeded, limit, resetSeconds } = request.budget;
    if (exceeded) throw createRateLimitError(`This key has spent its ${limit} points of this minute`, resetSeconds);
  };
}
