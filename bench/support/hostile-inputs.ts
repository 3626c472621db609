import {
  buildClientSchema,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getIntrospectionQuery,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  OperationTypeNode,
} from 'graphql';
import { documentOf } from '../../test/support/hostile-requests.ts';

/** One place where a user's text or JSON goes into an operation. */
export type HostileInput = {
  name: string;
  document: string;
  /** The same, of which nothing is read, for where all of it is more than may be asked for. */
  shortDocument: string;
  /** What makes a valid call of it. */
  example: unknown;
  kind: 'text' | 'texts' | 'word' | 'json';
  /** UTF-16 units that are taken at most, where the schema says so. */
  limit: number | null;
  variables(value: unknown): Record<string, unknown>;
};

type Walked = { path: string[]; type: GraphQLInputType; description: string };

/** What makes a call valid: values by path, by field, by scalar, and what goes together. */
export type Examples = {
  of(path: readonly string[], scalar: string): unknown;
  with: Record<string, Record<string, unknown>>;
};

export async function readSchema(ask: (query: string) => Promise<unknown>): Promise<GraphQLSchema> {
  const answer = await ask(getIntrospectionQuery({ inputValueDeprecation: true }));
  return buildClientSchema(answer as Parameters<typeof buildClientSchema>[0]);
}

/** What ends something that the others need. */
const ENDING = /^(?:delete|erase|revoke|rotate|cancel|archive)/;

/** Every String and JSON, wherever in the arguments of a query or mutation it is. */
export function listHostileInputs(schema: GraphQLSchema, examples: Examples): HostileInput[] {
  const inputs = [OperationTypeNode.QUERY, OperationTypeNode.MUTATION].flatMap((type) =>
    Object.values(schema.getRootType(type)?.getFields() ?? {}).flatMap((field) => inputsOf(type, field, examples)),
  );
  return [...inputs.filter(({ name }) => !ENDING.test(name)), ...inputs.filter(({ name }) => ENDING.test(name))];
}

function inputsOf(type: OperationTypeNode, field: GraphQLField<unknown, unknown>, examples: Examples): HostileInput[] {
  const isOperators = /Requires scope ADMIN/.test(field.description ?? '');
  return field.args
    .flatMap((arg) => leavesOf(arg.type, [arg.name], arg.description ?? ''))
    .filter(({ path }) => !(isOperators && path.at(-1) === 'idempotencyKey'))
    .map((leaf) => ({
      name: [field.name, ...leaf.path].join('.'),
      document: documentOf(type, field),
      shortDocument: documentOf(type, field).replace(/(?<=^.*?\) \{ \w+\([^)]*\)) \{.*$/s, ' { __typename } }'),
      example: exampleOf(leaf, field.name, examples),
      kind: kindOf(leaf),
      limit: limitOf(leaf.description),
      variables: (value) => variablesOf(field, leaf.path, value, examples),
    }));
}

function leavesOf(type: GraphQLInputType, path: string[], description: string): Walked[] {
  const named = getNamedType(type);
  if (['String', 'JSON', 'ID', 'DateTime'].includes(named.name)) return [{ path, type, description }];
  if (!isInputObjectType(named)) return [];
  return Object.values(named.getFields()).flatMap((field) =>
    leavesOf(field.type, [...path, field.name], field.description ?? ''),
  );
}

/** Keys, ids and times are read in one place each, whatever the call: a few texts are enough for each of them. */
function kindOf({ type, path }: Walked): HostileInput['kind'] {
  const { name } = getNamedType(type);
  if (name === 'JSON') return 'json';
  if (name !== 'String' || path.at(-1) === 'idempotencyKey') return 'word';
  return isListType(isNonNullType(type) ? type.ofType : type) ? 'texts' : 'text';
}

function exampleOf({ type, path }: Walked, field: string, examples: Examples): unknown {
  const example = examples.of([field, ...path], getNamedType(type).name);
  return kindOf({ type, path, description: '' }) === 'texts' ? [example] : example;
}

function limitOf(description: string): number | null {
  const [limit] = [...description.matchAll(/([\d,]+) (?:characters|letters)/g)].map(([, digits]) => digits).slice(-1);
  return limit ? Number(limit.replaceAll(',', '')) : null;
}

function variablesOf(
  field: GraphQLField<unknown, unknown>,
  [first, ...rest]: readonly string[],
  value: unknown,
  examples: Examples,
): Record<string, unknown> {
  const given = field.args.filter(
    (arg) => arg.name === first || (isNonNullType(arg.type) && arg.defaultValue === undefined),
  );
  return Object.fromEntries(
    given.map((arg) => [
      arg.name,
      fill(arg.type, [field.name, arg.name], arg.name === first ? rest : null, value, examples),
    ]),
  );
}

/** An example of a type, in which the value is at `target` where that is below here. */
function fill(
  type: GraphQLInputType,
  path: string[],
  target: readonly string[] | null,
  value: unknown,
  examples: Examples,
): unknown {
  if (target?.length === 0) return value;
  if (isNonNullType(type)) return fill(type.ofType, path, target, value, examples);
  if (isListType(type)) return [fill(type.ofType, path, target, value, examples)];
  if (isEnumType(type)) return examples.of(path, 'enum') ?? type.getValues()[0]?.name;
  if (!isInputObjectType(type)) return examples.of(path, type.name);
  const together =
    examples.with[[...path, target?.[0]].slice(-2).join('.')] ?? examples.with[`${path[0]}.${target?.[0]}`] ?? {};
  const fields = Object.values(type.getFields()).filter(
    (field) => field.name === target?.[0] || (isRequiredInputField(field) && !(field.name in together)),
  );
  const filled = fields.map((field) => [
    field.name,
    fill(field.type, [...path, field.name], field.name === target?.[0] ? target.slice(1) : null, value, examples),
  ]);
  return { ...together, ...Object.fromEntries(filled) };
}
