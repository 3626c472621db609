import { complexityFromQuery } from '@pothos/plugin-complexity';
import { type DocumentNode, type GraphQLSchema, getOperationAST, Kind } from 'graphql';
import type { Params } from './params.ts';

/** What the cost of an operation depends on. */
export type CostedOperation = Omit<Params, 'query'> & { document: DocumentNode };

/** Bounds the costs that are kept of one document, whose number of page sizes clients choose. */
const COSTS_KEPT_PER_DOCUMENT = 200;

/**
 * Creates the function that computes what an operation costs: its fields, times the sizes of the pages they are in.
 * Only numbers among the variables can change that, so it keeps costs by document, operation and those. It throws
 * GraphQLError where variables do not fit.
 */
export function createCostFunction(schema: GraphQLSchema): (operation: CostedOperation) => number {
  const costs = new WeakMap<DocumentNode, Map<string, number>>();
  return ({ document, operationName, variables }) => {
    const known = costs.get(document) ?? new Map<string, number>();
    const key = `${operationName ?? ''}${pageSizeKey(variables)}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const cost = computeCost(schema, document, operationName, variables ?? {});
    if (known.size === COSTS_KEPT_PER_DOCUMENT) known.clear();
    costs.set(document, known.set(key, cost));
    return cost;
  };
}

function pageSizeKey(variables: CostedOperation['variables']): string {
  let sizes = '';
  for (const name in variables) if (typeof variables[name] === 'number') sizes += `;${name}=${variables[name]}`;
  return sizes;
}

function computeCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null,
  variables: Record<string, unknown>,
): number {
  const operation = getOperationAST(document, operationName);
  if (!operation) return 0; // the executor says which operations there are
  const one: DocumentNode = {
    ...document,
    definitions: [operation, ...document.definitions.filter((d) => d.kind === Kind.FRAGMENT_DEFINITION)],
  };
  return complexityFromQuery(one, { schema, variables }).complexity;
}
