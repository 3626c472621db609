import type { Plugin } from '@envelop/core';
import type { ExecutionArgs, GraphQLSchema } from 'graphql';
import { isAnonymous } from '../resolvers/context.ts';
import { createCostOf } from './cost.ts';
import { limitExceeded } from './document-limits.ts';
import { type RateLimits, rateLimited } from './rate-limits.ts';
import type { RequestContext } from './request.ts';

const MAX_COST = 5_000;
/** As on GitHub, an operation takes a point for every so much of its cost, and at least one. */
const COST_PER_POINT = 50;

/** Refuses (LIMIT_EXCEEDED, RATE_LIMITED) what costs too much, and takes the rest from the key's budget. */
export function useBudget(schema: GraphQLSchema, limits: RateLimits): Plugin {
  const costOf = createCostOf(schema);
  const check = async ({ document, operationName, variableValues, contextValue }: ExecutionArgs): Promise<void> => {
    const request = contextValue as RequestContext;
    const cost = costOf({ document, operationName, variables: variableValues as Record<string, unknown> });
    if (cost > MAX_COST)
      throw limitExceeded('An operation', MAX_COST, 'points of cost (fields times page sizes)', cost);
    if (isAnonymous(request.actor)) return;
    const budget = await limits.spend(request.actor.apiKeyId as string, Math.max(1, Math.ceil(cost / COST_PER_POINT)));
    request.budget = budget;
    if (budget.exceeded)
      throw rateLimited(`This key has spent its ${budget.limit} points of this minute`, budget.resetSeconds);
  };
  return {
    onExecute: ({ args }) => check(args),
    onSubscribe: ({ args }) => check(args as ExecutionArgs),
  };
}
