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
import { inSlices, nextTurn } from '#domain/core/time-slices.ts';
import type { Params } from './params.ts';

/** What the answer to introspection depends on. */
type IntrospectingOperation = Pick<Params, 'variables' | 'operationName'> & { document: DocumentNode };

/** The fields of the root by which a query reads the schema: all others read data. */
const ROOTS: ReadonlyMap<string, GraphQLField<unknown, unknown>> = new Map(
  [SchemaMetaFieldDef, TypeMetaFieldDef].map((field) => [field.name, field]),
);

/** How many fields of introspection an answer has. */
export type IntrospectedFields = {
  all: number;
  /** Those that are completed without a pause: of one type in the list of all types, or of everything outside that list. */
  atOnce: number;
};

/** Whether there are more fields of a kind than `max` allows. */
const exceeds = ({ all, atOnce }: IntrospectedFields, max: IntrospectedFields) => all > max.all || atOnce > max.atOnce;

/** How many fields are counted without a pause, in about 2 ms. */
const COUNTED_AT_ONCE = 1_500;

/** Selections on an object of the schema, and the fields that are counted with them. */
type Selected = {
  type: GraphQLObjectType;
  selections: readonly SelectionNode[];
  source: unknown;
  piece: { fields: number };
};

/**
 * Counts the fields of introspection in the answer of an operation, without regard to `@skip` and `@include`; none if it only reads data.
 * Counting ends when there are more than `max`. It leaves the event loop to others, and before it goes on tells `onCounted` how many there
 * are so far. Rejects with GraphQLError if variables do not match their types, and with what `onCounted` rejects with.
 */
export async function countIntrospectedFields(
  schema: GraphQLSchema,
  { document, operationName, variables }: IntrospectingOperation,
  { max, onCounted }: { max: IntrospectedFields; onCounted(fields: number): Promise<void> },
): Promise<IntrospectedFields> {
  const count = { all: 0, atOnce: 0 };
  const operation = getOperationAST(document, operationName);
  const queryType = schema.getQueryType();
  if (!operation || !queryType) return count;
  const selectionsOf = createSelections(document);
  const info = { schema } as GraphQLResolveInfo; // all that the resolvers of introspection read of it
  let values: Record<string, unknown> | undefined;
  const { selections } = operation.selectionSet;
  const waiting: Selected[] = [{ type: queryType, selections, source: undefined, piece: { fields: 0 } }];

  function coercedVariables(): Record<string, unknown> {
    values ??= coerceVariables(schema, operation?.variableDefinitions ?? [], variables ?? {});
    return values;
  }

  function countSelections(selected: Selected): void {
    for (const selection of selected.selections)
      if (selection.kind === Kind.FIELD) countField(selected, selection);
      else waiting.push({ ...selected, selections: selectionsOf(selection) });
  }

  function countField({ type, source, piece }: Selected, node: FieldNode): void {
    const name = node.name.value;
    const field = type === queryType ? ROOTS.get(name) : type.getFields()[name];
    if (!field && type === queryType) return;
    count.all += 1;
    piece.fields += 1;
    count.atOnce = Math.max(count.atOnce, piece.fields);
    if (!field || !node.selectionSet) return;
    const value = field.resolve?.(source, getArgumentValues(field, node, coercedVariables()), undefined, info);
    const inner = { type: getNamedType(field.type) as GraphQLObjectType, selections: node.selectionSet.selections };
    for (const object of Array.isArray(value) ? value : [value])
      if (object) waiting.push({ ...inner, source: object, piece: isListOfTypes(type, name) ? { fields: 0 } : piece });
  }

  let told = 0;
  for (let next = waiting.pop(); next && !exceeds(count, max); next = waiting.pop()) {
    countSelections(next);
    if (count.all - told < COUNTED_AT_ONCE) continue;
    told = count.all;
    await onCounted(told);
    await nextTurn();
  }
  return count;
}

/** Whether a field is the list that `paceIntrospection` completes with pauses. */
const isListOfTypes = (type: GraphQLObjectType, name: string) => type.name === '__Schema' && name === 'types';

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
