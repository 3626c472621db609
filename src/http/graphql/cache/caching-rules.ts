import {
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getOperationAST,
  isObjectType,
  Kind,
  OperationTypeNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { CachingOfField, CachingOfType } from '#schema/caching.ts';

/** Returns for how many seconds, at most, an answer to an operation may be cached; 0 if not at all. */
export type CachingRules = (document: DocumentNode, operationName: string | null | undefined) => number;

/** Creates the rules of a schema, whose types and fields declare what may be cached (src/schema/caching.ts). */
export function createCachingRules(schema: GraphQLSchema): CachingRules {
  const known = new WeakMap<DocumentNode, Map<string, number>>();
  return (document, operationName) => {
    const byName = known.get(document) ?? new Map<string, number>();
    known.set(document, byName);
    const name = operationName ?? '';
    const seconds = byName.get(name) ?? computeSeconds(schema, document, operationName);
    byName.set(name, seconds);
    return seconds;
  };
}

/** Counts all fragments, even those that only other operations of the document use. */
function computeSeconds(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
): number {
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== OperationTypeNode.QUERY) return 0;
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const types = new TypeInfo(schema);
  let seconds = Number.POSITIVE_INFINITY;
  const Field = () => {
    seconds = Math.min(seconds, secondsOf(types.getParentType(), types.getFieldDef()));
  };
  visit({ ...document, definitions: [operation, ...fragments] }, visitWithTypeInfo(types, { Field }));
  return Number.isFinite(seconds) ? seconds : 0;
}

/** Returns for how many seconds a field of a type may be cached: 0 if neither declares it. */
export function secondsOf(
  type: GraphQLCompositeType | null | undefined,
  field: GraphQLField<unknown, unknown> | null | undefined,
): number {
  if (field?.name === '__typename') return Number.POSITIVE_INFINITY;
  if (!field || !isObjectType(type)) return 0;
  const { maxAgeSeconds } = type.extensions as Partial<CachingOfType>;
  const { isCacheable = isExposed(field) && maxAgeSeconds !== undefined } = field.extensions as Partial<CachingOfField>;
  if (!isCacheable) return 0;
  return maxAgeSeconds ?? (type.name === 'Query' ? Number.POSITIVE_INFINITY : 0);
}

/** Whether a field is a plain property of its row. */
export const isExposed = ({ resolve, extensions }: GraphQLField<unknown, unknown>): boolean =>
  !resolve || typeof extensions.pothosExposedField === 'string';
