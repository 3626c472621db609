import {
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  getNamedType,
  Kind,
  type SelectionSetNode,
} from 'graphql';

/** Of a field of a type whose rows are not always read whole: which fields of its row it reads. */
export type ReadsOfField = { reads: readonly string[] };

type Fragments = GraphQLResolveInfo['fragments'];

/** What is known of a page, by where a document asks for it. */
const known = new WeakMap<FieldNode, boolean>();

/** Whether all that is asked of the rows of a page can be said by these fields of them. */
export function needsOnly(
  rowFields: ReadonlySet<string>,
  { fieldNodes, returnType, fragments }: GraphQLResolveInfo,
): boolean {
  const [node, ...others] = fieldNodes;
  if (!node || others.length > 0) return false; // a page that is asked for in several places
  const before = known.get(node);
  if (before !== undefined) return before;
  const rowType = typeOf(typeOf(returnType, 'edges'), 'node');
  const rows = [node].flatMap(select('edges', fragments)).flatMap(select('node', fragments));
  const asked = rows.flatMap(({ selectionSet }) => fieldsIn(selectionSet, fragments));
  const isEnough = asked.every(({ name }) => readsOf(rowType, name.value)?.every((field) => rowFields.has(field)));
  known.set(node, isEnough);
  return isEnough;
}

const typeOf = (type: GraphQLOutputType, field: string): GraphQLOutputType =>
  (getNamedType(type) as GraphQLObjectType).getFields()[field]?.type as GraphQLOutputType;

const select = (name: string, fragments: Fragments) => (node: FieldNode) =>
  fieldsIn(node.selectionSet, fragments).filter((field) => field.name.value === name);

function fieldsIn(selectionSet: SelectionSetNode | undefined, fragments: Fragments): FieldNode[] {
  return (selectionSet?.selections ?? []).flatMap((each) => {
    if (each.kind === Kind.FIELD) return [each];
    const inside = each.kind === Kind.FRAGMENT_SPREAD ? fragments[each.name.value] : each;
    return fieldsIn(inside?.selectionSet, fragments);
  });
}

/** Undefined for a field that may read all of its row. */
function readsOf(rowType: GraphQLOutputType, name: string): readonly string[] | undefined {
  if (name === '__typename') return [];
  const extensions = (getNamedType(rowType) as GraphQLObjectType).getFields()[name]?.extensions ?? {};
  const { reads, pothosExposedField } = extensions as Partial<ReadsOfField> & { pothosExposedField?: string };
  return reads ?? (pothosExposedField === undefined ? undefined : [pothosExposedField]);
}
