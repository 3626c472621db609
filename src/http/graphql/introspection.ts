import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  getOperationAST,
  getVariableValues,
  Kind,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  type VariableDefinitionNode,
} from 'graphql';
import { inSlices } from '#domain/core/time-slices.ts';
import type { Params } from './params.ts';

/** What the answer to introspection depends on. */
type IntrospectingOperation = Pick<Params, 'variables' | 'operationName'> & { document: DocumentNode };

/** The fields of the root by which a query reads the schema: all others read data. */
const ROOTS: ReadonlyMap<string, GraphQLField<unknown, unknown>> = new Map(
  [SchemaMetaFieldDef, TypeMetaFieldDef].map((field) => [field.name, field]),
);

/**
 * Returns the number of fields of introspection in the answer of an operation, without regard to `@skip` and `@include`; 0 if it only reads
 * data. Counting ends when there are more than `max`. Throws GraphQLError if variables do not match their types.
 */
export function countIntrospectedFields(
  schema: GraphQLSchema,
  { document, operationName, variables }: IntrospectingOperation,
  max: number,
): number {
  const operation = getOperationAST(document, operationName);
  const queryType = schema.getQueryType();
  if (!operation || !queryType) return 0;
  const selectionsOf = createSelections(document);
  const info = { schema } as GraphQLResolveInfo; // all that the resolvers of introspection read of it
  let values: Record<string, unknown> | undefined;
  let count = 0;

  function coercedVariables(): Record<string, unknown> {
    values ??= coerceVariables(schema, operation?.variableDefinitions ?? [], variables ?? {});
    return values;
  }

  function countSelections(type: GraphQLObjectType, selections: readonly SelectionNode[], source: unknown): void {
    for (const selection of selections) {
      if (count > max) return;
      if (selection.kind === Kind.FIELD) countField(type, selection, source);
      else countSelections(type, selectionsOf(selection), source);
    }
  }

  function countField(type: GraphQLObjectType, node: FieldNode, source: unknown): void {
    const name = node.name.value;
    const field = type === queryType ? ROOTS.get(name) : type.getFields()[name];
    if (field || type !== queryType) count += 1;
    if (!field || !node.selectionSet) return;
    const value = field.resolve?.(source, getArgumentValues(field, node, coercedVariables()), undefined, info);
    const inner = getNamedType(field.type) as GraphQLObjectType;
    for (const object of Array.isArray(value) ? value : [value])
      if (object) countSelections(inner, node.selectionSet.selections, object);
  }

  countSelections(queryType, operation.selectionSet.selections, undefined);
  return count;
}

/** Returns the values of variables, with their defaults. Throws GraphQLError. */
function coerceVariables(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
  variables: Record<string, unknown>,
): Record<string, unknown> {
  const { coerced, errors } = getVariableValues(schema, definitions, variables);
  if (!coerced) throw errors[0];
  return coerced;
}

type Fragment = Exclude<SelectionNode, FieldNode>;

/** Creates the function that returns what a fragment selects, wherever it is defined. */
function createSelections({ definitions }: DocumentNode): (fragment: Fragment) => readonly SelectionNode[] {
  const named = new Map<string, SelectionSetNode>(
    definitions
      .filter((each): each is FragmentDefinitionNode => each.kind === Kind.FRAGMENT_DEFINITION)
      .map(({ name, selectionSet }) => [name.value, selectionSet]),
  );
  return (fragment) => {
    const found = fragment.kind === Kind.INLINE_FRAGMENT ? fragment.selectionSet : named.get(fragment.name.value);
    return found?.selections ?? [];
  };
}

/**
 * Returns the schema to execute introspection with: its list of types, which may take a tenth of a second to complete, leaves the event
 * loop to others after each slice of time.
 */
export function paceIntrospection(schema: GraphQLSchema): GraphQLSchema {
  return Object.assign(Object.create(schema), {
    getType: (name: string) => schema.getType(name),
    getTypeMap() {
      let previous: Promise<unknown> = Promise.resolve();
      return Object.values(schema.getTypeMap()).map((type) => {
        previous = previous.then(() => inSlices(() => type));
        return previous;
      });
    },
  });
}
