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

/** The number of costs that are cached per operation, at about 150 bytes each: clients choose the page sizes. */
const COSTS_KEPT_PER_OPERATION = 50;

/** An operation, and its costs by the page sizes in its variables. */
type Costs = { document: DocumentNode; sizing: readonly VariableDefinitionNode[]; bySizes: Map<string, number> };

/**
 * Creates the function that computes the cost of an operation: its fields, times the sizes of the pages they are in. The cost depends on
 * the coerced values of variables that are whole numbers or lists, and is cached by a hash of them. The function throws GraphQLError if
 * variables do not match their types.
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

/** Null if the variables do not match their types. */
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
