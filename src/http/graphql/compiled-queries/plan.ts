import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLFieldResolver,
  GraphQLID,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLString,
  getArgumentValues,
  getOperationAST,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  TypeNameMetaFieldDef,
  type ValueNode,
  visit,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';

/** All that is known of a query before it runs: what to read, in which order, and what becomes of it. */
export type QueryPlan = {
  schema: GraphQLSchema;
  operation: OperationDefinitionNode;
  fragments: Record<string, FragmentDefinitionNode>;
  selection: Selection;
};

/** What is asked of an object of one type. */
export type Selection = {
  type: GraphQLObjectType;
  /** Its keys in order, all null: a copy has the shape of the answer from the start. */
  template: Readonly<Record<string, unknown>>;
  fields: readonly FieldPlan[];
};

/** One field of an answer, by its key there. */
export type FieldPlan = {
  key: string;
  name: string;
  nodes: readonly FieldNode[];
  parentType: GraphQLObjectType;
  definition: GraphQLField<unknown, unknown>;
  /** Which property of its object it shows; undefined where `resolve` finds its value. */
  property: string | undefined;
  resolve: GraphQLFieldResolver<unknown, unknown>;
  takesInfo: boolean;
  /** Undefined where they depend on variables. */
  args: Record<string, unknown> | undefined;
  value: ValuePlan;
};

/** How a value becomes part of the answer, by its type. */
export type ValuePlan = {
  type: GraphQLOutputType;
  isNullable: boolean;
  /** Whether a text stands in the answer as it is. */
  isText: boolean;
} & (
  | { kind: 'leaf'; leaf: GraphQLLeafType }
  | { kind: 'list'; item: ValuePlan }
  | { kind: 'object'; selection: Selection }
  | { kind: 'abstract'; selectionOf: (type: GraphQLObjectType) => Selection }
);

type Parts = Pick<QueryPlan, 'schema' | 'fragments'> & { variables: Readonly<Record<string, unknown>> };

/**
 * Plans a query. Of its variables it takes only those that `findConditions` names: the plan holds on to them. Null for introspection,
 * which nobody asks for again and again.
 */
export function planQuery(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Readonly<Record<string, unknown>>,
): QueryPlan | null {
  const operation = getOperationAST(document, operationName);
  const type = schema.getQueryType();
  if (!operation || !type) return null;
  const fragments = Object.fromEntries(
    document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [])),
  );
  const parts = { schema, fragments, variables };
  const nodes = collectFields(schema, fragments, variables, type, operation.selectionSet);
  if (Array.from(nodes.values()).some(([node]) => INTROSPECTION.has(node?.name.value ?? ''))) return null;
  return { schema, operation, fragments, selection: planSelection(parts, type, nodes) };
}

const INTROSPECTION = new Set(['__schema', '__type']);

/** Returns the names of the variables that say whether fields are in the answer at all, in `@skip` and `@include`. */
export function findConditions(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: ({ arguments: given = [] }) => {
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}

function planSelection(
  parts: Parts,
  type: GraphQLObjectType,
  nodes: ReadonlyMap<string, readonly FieldNode[]>,
): Selection {
  const fields = Array.from(nodes, ([key, found]) => planField(parts, type, key, found)).filter(
    (field) => field !== null,
  );
  return { type, fields, template: Object.fromEntries(fields.map(({ key }) => [key, null])) };
}

/** Null for a field that its type does not have. */
function planField(
  parts: Parts,
  parentType: GraphQLObjectType,
  key: string,
  nodes: readonly FieldNode[],
): FieldPlan | null {
  const node = nodes[0] as FieldNode;
  const name = node.name.value;
  const isTypename = name === TypeNameMetaFieldDef.name;
  const definition = isTypename ? TypeNameMetaFieldDef : parentType.getFields()[name];
  if (!definition) return null;
  const resolve = isTypename ? (_object: unknown) => parentType.name : definition.resolve;
  return {
    key,
    name,
    nodes,
    parentType,
    definition,
    property: resolve ? exposedProperty(definition) : name,
    resolve: resolve ?? (() => undefined),
    takesInfo: resolve !== undefined && (resolve.length === 0 || resolve.length > INFO_PLACE),
    args: dependsOnVariables(node) ? undefined : getArgumentValues(definition, node),
    value: planValue(parts, definition.type, nodes),
  };
}

/** Where `info` stands among the parameters of a resolver: most take none, so that it is not made for them. */
const INFO_PLACE = 3;

/** Returns the property that a field exposes under another name, where nothing, as a check of scopes, is done beside it. */
function exposedProperty({ extensions }: GraphQLField<unknown, unknown>): string | undefined {
  const { pothosExposedField, pothosResolveWrapped } = extensions;
  return typeof pothosExposedField === 'string' && !pothosResolveWrapped ? pothosExposedField : undefined;
}

function dependsOnVariables({ arguments: given = [] }: FieldNode): boolean {
  let found = false;
  const Variable = () => {
    found = true;
  };
  for (const { value } of given) visit<ValueNode>(value, { Variable });
  return found;
}

function planValue(parts: Parts, type: GraphQLOutputType, nodes: readonly FieldNode[]): ValuePlan {
  if (isNonNullType(type)) return { ...planValue(parts, type.ofType, nodes), isNullable: false };
  const selectionOf = (object: GraphQLObjectType) => planSelection(parts, object, subfields(parts, object, nodes));
  const base = { type, isNullable: true, isText: type === GraphQLString || type === GraphQLID };
  if (isLeafType(type)) return { ...base, kind: 'leaf', leaf: type };
  if (isListType(type)) return { ...base, kind: 'list', item: planValue(parts, type.ofType, nodes) };
  if (isAbstractType(type)) return { ...base, kind: 'abstract', selectionOf: remember(selectionOf) };
  return { ...base, kind: 'object', selection: selectionOf(type) };
}

const subfields = ({ schema, fragments, variables }: Parts, type: GraphQLObjectType, nodes: readonly FieldNode[]) =>
  collectSubfields(schema, fragments, variables, type, nodes);

function remember<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const cache = new Map<Key, Value>();
  return (key) => {
    const value = cache.get(key) ?? make(key);
    cache.set(key, value);
    return value;
  };
}
