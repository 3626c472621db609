import { type GraphQLSchema, OperationTypeNode } from 'graphql';
import { countIntrospectedFields, type IntrospectedFields } from '#http/graphql/introspection.ts';
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

/**
 * The maximum number of fields of introspection in one answer: twice those that tools ask for, with all of their options, and three times
 * those that they ask for of one type, 1,600.
 */
const MAX_INTROSPECTED: IntrospectedFields = { all: 50_000, atOnce: 5_000 };
const WHICH_FIELDS: Record<keyof IntrospectedFields, string> = {
  all: 'fields of introspection',
  atOnce: 'fields of introspection of one type, or outside the list of types',
};
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
    const charge = (fields: number) => {
      const points = Math.ceil(cost / COST_PER_POINT + fields / INTROSPECTED_FIELDS_PER_POINT);
      return gatekeeper.charge(request, Math.max(LEAST_POINTS[type], points));
    };
    const counting = { max: MAX_INTROSPECTED, onCounted: charge };
    const introspected = await countIntrospectedFields(schema, operation, counting);
    await charge(introspected.all); // also what is refused next: counting has taken its time
    for (const which of ['all', 'atOnce'] as const)
      if (introspected[which] > MAX_INTROSPECTED[which])
        throw createLimitExceeded('An operation', MAX_INTROSPECTED[which], WHICH_FIELDS[which]);
    return Math.min(MAX_COST, cost + introspected.all);
  };
}
