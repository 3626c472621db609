import { hash } from 'node:crypto';
import { complexityFromQuery } from '@pothos/plugin-complexity';
import {
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  type TypeNode,
  type VariableDefinitionNode,
} from 'graphql';
import type { Params } from '#http/graphql/params.ts';

/** What the cost of an operation depends on. */
export type CostedOperation = Pick<Params, 'variables' | 'operationName'> & { document: DocumentNode };

/** Bounds the costs that are kept of one operation, about 150 bytes each: clients choose the sizes of pages. */
const COSTS_KEPT_PER_OPERATION = 50;

/** An operation, and what it cost by the sizes that its variables give. */
type Costs = { document: DocumentNode; sizing: readonly VariableDefinitionNode[]; bySizes: Map<string, number> };

/**
 * Creates the function that computes what an operation costs: its fields, times the sizes of the pages they are in.
 * That depends on the declared variables of whole numbers and of lists, as they are coerced; costs are kept by a hash of
 * those. The function throws GraphQLError where variables do not fit.
 */
export function createCostFunction(schema: GraphQLSchema): (operation: CostedOperation) => number {
  const known = new WeakMap<OperationDefinitionNode, Costs>();
  return ({ document, operationName, variables }) => {
    const operation = getOperationAST(document, operationName);
    if (!operation) return 0; // the executor says which operations there are
    const costs = known.get(operation) ?? costsOf(operation, document);
    known.set(operation, costs);
    const key = sizesKey(schema, costs.sizing, variables ?? {});
    const before = key === null ? undefined : costs.bySizes.get(key);
    if (before !== undefined) return before;
    const cost = complexityFromQuery(costs.document, { schema, variables: variables ?? {} }).complexity;
    if (key === null) return cost;
    if (costs.bySizes.size === COSTS_KEPT_PER_OPERATION) costs.bySizes.clear();
    costs.bySizes.set(key, cost);
    return cost;
  };
}

function costsOf(operation: OperationDefinitionNode, document: DocumentNode): Costs {
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  return {
    document: { ...document, definitions: [operation, ...fragments] },
    sizing: operation.variableDefinitions?.filter(({ type }) => isSizing(type)) ?? [],
    bySizes: new Map(),
  };
}

function isSizing(type: TypeNode): boolean {
  if (type.kind === Kind.NON_NULL_TYPE) return isSizing(type.type);
  return type.kind === Kind.LIST_TYPE || type.name.value === 'Int';
}

/** Null where the variables do not fit. */
function sizesKey(
  schema: GraphQLSchema,
  sizing: readonly VariableDefinitionNode[],
  variables: Record<string, unknown>,
): string | null {
  if (sizing.length === 0) return '';
  const { coerced } = getVariableValues(schema, sizing, variables);
  if (!coerced) return null;
  const sizes = sizing.map(({ variable }) => {
    const value = coerced[variable.name.value];
    return Array.isArray(value) ? value.length : value;
  });
  return hash('sha1', sizes.map(String).join(), 'base64');
}
