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

/** What a document asks of a page. */
export type RequestedFields = {
  /** The fields of its rows by which all can be said that is asked of them; null where it may take any of them. */
  rowFields: readonly string[] | null;
  hasPageInfo: boolean;
  /** Whether it shows the place of a row in the list. */
  hasCursors: boolean;
};

/** Pages, by where their documents ask for them. */
const known = new WeakMap<FieldNode, RequestedFields>();

/** Returns what is asked of the page that a field returns: at least that, whatever is skipped. */
export function requestedFieldsOfPage({ fieldNodes, returnType, fragments }: GraphQLResolveInfo): RequestedFields {
  const [node, ...others] = fieldNodes;
  if (!node || others.length > 0) return ALL_FIELDS; // one page that is asked for in several places
  const before = known.get(node);
  if (before) return before;
  const inPage = fieldsIn(node.selectionSet, fragments);
  const inEdges = inPage.flatMap(select('edges', fragments));
  const rows = inEdges.flatMap(select('node', fragments));
  const rowType = typeOf(typeOf(returnType, 'edges'), 'node');
  const reads = rows.map(({ name }) => readsOf(rowType, name.value));
  const requested = {
    rowFields: reads.includes(undefined) ? null : reads.flatMap((fields) => fields ?? []),
    hasPageInfo: inPage.some(isNamed('pageInfo')),
    hasCursors: inPage.some(isNamed('pageInfo')) || inEdges.some(isNamed('cursor')),
  };
  known.set(node, requested);
  return requested;
}

/** Said of a page of which nothing else is known. */
export const ALL_FIELDS: RequestedFields = { rowFields: null, hasPageInfo: true, hasCursors: true };

const isNamed = (name: string) => (node: FieldNode) => node.name.value === name;

const typeOf = (type: GraphQLOutputType, field: string): GraphQLOutputType =>
  (getNamedType(type) as GraphQLObjectType).getFields()[field]?.type as GraphQLOutputType;

/** Returns what selects the fields that are asked of the field `name`. */
const select = (name: string, fragments: Fragments) => (node: FieldNode) =>
  node.name.value === name ? fieldsIn(node.selectionSet, fragments) : [];

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
