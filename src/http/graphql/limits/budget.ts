import { type GraphQLSchema, OperationTypeNode } from 'graphql';
import type { Gatekeeper, RequestContext } from '#http/request.ts';
import { type CostedOperation, createCostFunction } from './cost.ts';
import { createLimitExceeded } from './document-limits.ts';

/**
 * Fields times page sizes of one operation: fifty episodes with twenty clips each have 16,000 with all that is plain of them,
 * and take 30 ms as JSON of 0.5 MB.
 */
export const MAX_COST = 20_000;
/** The cost for which an operation takes one point of its user's budget, as on GitHub; it takes one at least. */
export const COST_PER_POINT = 50;

/** A mutation takes more at least: it writes, and leaves an entry of the audit, a change and often a job behind. */
const LEAST_POINTS: Record<OperationTypeNode, number> = {
  [OperationTypeNode.QUERY]: 1,
  [OperationTypeNode.MUTATION]: 5,
  [OperationTypeNode.SUBSCRIPTION]: 1,
};

/** Creates the function that charges for an operation, and returns its cost. It throws LIMIT_EXCEEDED, RATE_LIMITED, GraphQLError. */
export function createCharge(schema: GraphQLSchema, gatekeeper: Gatekeeper) {
  const costOf = createCostFunction(schema);
  return async (request: RequestContext, type: OperationTypeNode, operation: CostedOperation): Promise<number> => {
    const cost = costOf(operation);
    if (cost > MAX_COST) {
      throw createLimitExceeded('An operation', MAX_COST, 'points of cost (fields times page sizes)', cost);
    }
    await gatekeeper.charge(request, Math.max(LEAST_POINTS[type], Math.ceil(cost / COST_PER_POINT)));
    return cost;
  };
}
