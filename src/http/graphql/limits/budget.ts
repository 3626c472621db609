import { type GraphQLSchema, OperationTypeNode } from 'graphql';
import { countIntrospectedFields } from '#http/graphql/introspection.ts';
import type { Gatekeeper, RequestContext } from '#http/request.ts';
import { type CostedOperation, createCostFunction } from './cost.ts';
import { createLimitExceeded } from './document-limits.ts';

/**
 * The maximum cost of one operation: fields times page sizes. Fifty episodes with twenty clips each cost 16,000 with all of their scalar
 * fields, and take 30 ms for 0.5 MB of JSON.
 */
export const MAX_COST = 20_000;
/** The cost per point of the user's budget, as on GitHub. Every operation takes at least one point. */
export const COST_PER_POINT = 50;

/** The maximum number of fields of introspection in one answer: twice those that tools ask for, with all of their options. */
const MAX_INTROSPECTED_FIELDS = 50_000;
/** They take 1.5 µs each, a quarter of what a field of data takes. */
const INTROSPECTED_FIELDS_PER_POINT = 200;

/** The points that a mutation takes at least: it writes, and leaves an audit entry, a change and often a job behind. */
const LEAST_POINTS: Record<OperationTypeNode, number> = {
  [OperationTypeNode.QUERY]: 1,
  [OperationTypeNode.MUTATION]: 5,
  [OperationTypeNode.SUBSCRIPTION]: 1,
};

/**
 * Creates the function that charges for an operation and returns its cost. The function throws LIMIT_EXCEEDED, RATE_LIMITED, GraphQLError.
 */
export function createCharge(schema: GraphQLSchema, gatekeeper: Gatekeeper) {
  const costOf = createCostFunction(schema);
  return async (request: RequestContext, type: OperationTypeNode, operation: CostedOperation): Promise<number> => {
    const cost = costOf(operation);
    if (cost > MAX_COST) {
      throw createLimitExceeded('An operation', MAX_COST, 'points of cost (fields times page sizes)', cost);
    }
    const introspected = countIntrospectedFields(schema, operation, MAX_INTROSPECTED_FIELDS);
    const points = Math.ceil(cost / COST_PER_POINT + introspected / INTROSPECTED_FIELDS_PER_POINT);
    await gatekeeper.charge(request, Math.max(LEAST_POINTS[type], points)); // also what is refused next: counting has taken its time
    if (introspected > MAX_INTROSPECTED_FIELDS)
      throw createLimitExceeded('An operation', MAX_INTROSPECTED_FIELDS, 'fields of introspection');
    return Math.min(MAX_COST, cost + introspected);
  };
}
