import type { DocumentNode, GraphQLSchema } from 'graphql';
import { type RateLimits, rateLimited } from '#http/rate-limits.ts';
import type { RequestContext } from '#http/request.ts';
import { isAnonymous } from '#resolvers/context.ts';
import { createCostOf } from './cost.ts';
import { limitExceeded } from './document-limits.ts';

const MAX_COST = 5_000;
/** As on GitHub, an operation takes a point for every so much of its cost, and at least one. */
const COST_PER_POINT = 50;

type Asked = { document: DocumentNode; operationName: string | null; variables: Record<string, unknown> | null };

/** Takes what an operation costs from its key's budget, which the request then knows. Throws LIMIT_EXCEEDED, RATE_LIMITED. */
export function createBudgets(schema: GraphQLSchema, limits: RateLimits) {
  const costOf = createCostOf(schema);
  return async (request: RequestContext, operation: Asked): Promise<void> => {
    const cost = costOf(operation);
    if (cost > MAX_COST) {
      throw limitExceeded('An operation', MAX_COST, 'points of cost (fields times page sizes)', cost);
    }
    if (isAnonymous(request.actor)) return;
    const points = Math.max(1, Math.ceil(cost / COST_PER_POINT));
    request.budget = await limits.spend(request.actor.apiKeyId as string, points);
    const { exceeded, limit, resetSeconds } = request.budget;
    if (exceeded) throw rateLimited(`This key has spent its ${limit} points of this minute`, resetSeconds);
  };
}
