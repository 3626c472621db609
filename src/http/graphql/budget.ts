import type { GraphQLSchema } from 'graphql';
import { createRateLimitError, type RateLimits } from '#http/rate-limits.ts';
import type { RequestContext } from '#http/request.ts';
import { isAnonymous } from '#resolvers/context.ts';
import { type CostedOperation, createCostFunction } from './cost.ts';
import { createLimitExceeded } from './document-limits.ts';

/** Fields times page sizes of one operation. */
const MAX_COST = 5_000;
/** The cost for which an operation takes one point of its key's budget, as on GitHub; it takes one at least. */
const COST_PER_POINT = 50;

/**
 * Creates the function that takes the cost of an operation from its key's budget, and sets the budget of the request.
 * That throws LIMIT_EXCEEDED, RATE_LIMITED.
 */
export function createCharge(schema: GraphQLSchema, limits: RateLimits) {
  const costOf = createCostFunction(schema);
  return async (request: RequestContext, operation: CostedOperation): Promise<void> => {
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
