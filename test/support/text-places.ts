import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  OperationTypeNode,
} from 'graphql';
import { documentOf } from './hostile-requests.ts';

/** A place of the API that takes a text: its name, and the request that brings one there, all else being harmless. */
export type TextPlace = {
  name: string;
  type: OperationTypeNode;
  request(text: string): { query: string; variables: Record<string, unknown> };
};

type Ids = Record<string, string[]>;

/** Every argument and every field of an input, of any root or of what is inside of it, that takes a String. */
export function listTextPlaces(schema: GraphQLSchema, ids: Ids): TextPlace[] {
  return [...rootPlaces(schema, ids), ...nestedPlaces(schema, ids)];
}

function* rootPlaces(schema: GraphQLSchema, ids: Ids): Generator<TextPlace> {
  for (const type of Object.values(OperationTypeNode)) {
    for (const field of Object.values(schema.getRootType(type)?.getFields() ?? {})) {
      for (const arg of field.args) {
        for (const { path, put } of textsIn(arg.type, `${field.name}.${arg.name}`, ids)) {
          yield {
            name: path,
            type,
            request: (text) => ({
              query: documentOf(type, field),
              variables: { ...harmlessArgs(field.args, field.name, ids), [arg.name]: put(text) },
            }),
          };
        }
      }
    }
  }
}

/** Of each type of object once, by the shortest way to one. */
function* nestedPlaces(schema: GraphQLSchema, ids: Ids): Generator<TextPlace> {
  const query = schema.getQueryType() as GraphQLObjectType;
  const seen = new Set<GraphQLObjectType>([query]);
  const open: { type: GraphQLObjectType; wrap: (inside: string) => string }[] = [
    { type: query, wrap: (inside) => inside },
  ];
  for (let at = open.shift(); at; at = open.shift()) {
    for (const field of Object.values(at.type.getFields())) {
      const { wrap } = at;
      for (const arg of at.type === query ? [] : field.args.filter((each) => String(each.type) === 'String')) {
        const inside = isObjectType(getNamedType(field.type)) ? '{ __typename }' : '';
        yield {
          name: `${at.type.name}.${field.name}.${arg.name}`,
          type: OperationTypeNode.QUERY,
          request: (text) => ({
            query: `query ($text: String) { ${wrap(`${field.name}(${arg.name}: $text) ${inside}`)} }`,
            variables: { text },
          }),
        };
      }
      const type = getNamedType(field.type);
      if (!isObjectType(type) || seen.has(type)) continue;
      seen.add(type);
      open.push({ type, wrap: (inside) => wrap(`${field.name}${literalArgs(field, ids)} { ${inside} }`) });
    }
  }
}

function literalArgs({ name, args }: GraphQLField<unknown, unknown>, ids: Ids): string {
  const given = Object.entries(harmlessArgs(args, name, ids)).map(([arg, value]) => `${arg}: ${JSON.stringify(value)}`);
  return given.length > 0 ? `(${given.join(', ')})` : '';
}

type Text = { path: string; put(text: string): unknown };

function textsIn(type: GraphQLInputType, path: string, ids: Ids): Text[] {
  if (isNonNullType(type)) return textsIn(type.ofType, path, ids);
  if (isListType(type)) {
    return textsIn(type.ofType, `${path}.0`, ids).map(({ path: inside, put }) => ({
      path: inside,
      put: (text) => [put(text)],
    }));
  }
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    return fields.flatMap((field) =>
      textsIn(field.type, `${path}.${field.name}`, ids).map(({ path: inside, put }) => ({
        path: inside,
        put: (text) => ({ ...harmlessFields(fields, path, ids), [field.name]: put(text) }),
      })),
    );
  }
  return String(type) === 'String' ? [{ path, put: (text) => text }] : [];
}

const harmlessArgs = (args: readonly GraphQLArgument[], path: string, ids: Ids) =>
  Object.fromEntries(
    args.filter(isRequiredArgument).map((arg) => [arg.name, harmless(arg.type, `${path}.${arg.name}`, ids)]),
  );

const harmlessFields = (fields: readonly GraphQLInputField[], path: string, ids: Ids) =>
  Object.fromEntries(
    fields
      .filter(isRequiredInputField)
      .map((field) => [field.name, harmless(field.type, `${path}.${field.name}`, ids)]),
  );

const HARMLESS: Record<string, unknown> = {
  String: 'a text',
  Int: 1,
  SafeInt: 1,
  Float: 1,
  Boolean: true,
  DateTime: '2036-01-31T09:30:00.000Z',
  JSON: {},
};

function harmless(type: GraphQLInputType, path: string, ids: Ids): unknown {
  if (isNonNullType(type)) return harmless(type.ofType, path, ids);
  if (isListType(type)) return [harmless(type.ofType, path, ids)];
  if (isInputObjectType(type)) return harmlessFields(Object.values(type.getFields()), path, ids);
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (String(type) !== 'ID') return HARMLESS[String(type)];
  const wanted = Object.keys(ids).find((name) => path.toLowerCase().includes(name.toLowerCase()));
  return (wanted ? ids[wanted] : Object.values(ids).flat())?.[0];
}
