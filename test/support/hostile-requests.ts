import fc from 'fast-check';
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  OperationTypeNode,
} from 'graphql';
import { makeVtt } from './fixtures.ts';

/** What JSON can write and JSON.stringify cannot: a number that no double holds, and arrays in arrays in arrays. */
const BEYOND_DOUBLES = '@1e400@';
const DEEP = '@deep@';
const LEVELS = 30_000;

export const encodeBody = (request: unknown) =>
  JSON.stringify(request)
    .replaceAll(`"${BEYOND_DOUBLES}"`, '1e400')
    .replaceAll(`"${DEEP}"`, '['.repeat(LEVELS) + ']'.repeat(LEVELS));

export type RootField = {
  type: OperationTypeNode;
  name: string;
  query: string;
  variables: fc.Arbitrary<Record<string, unknown>>;
};

/** Every field of every root, with what to send it: now good, now hostile. `ids` are ids of things by type. */
export function listRootFields(schema: GraphQLSchema, ids: Record<string, string[]>): RootField[] {
  return Object.values(OperationTypeNode).flatMap((type) =>
    Object.values(schema.getRootType(type)?.getFields() ?? {}).map((field) => ({
      type,
      name: field.name,
      query: documentOf(type, field),
      variables: recordOf(
        Object.fromEntries(field.args.map((arg) => [arg.name, valuesOf(arg.type, `${field.name}.${arg.name}`, ids)])),
      ),
    })),
  );
}

/** A document of one field with all its arguments as variables, and what can be read of its result. */
export function documentOf(
  type: OperationTypeNode,
  { name, args, type: result }: GraphQLField<unknown, unknown>,
): string {
  const declared = args.map((arg) => `$${arg.name}: ${arg.type}`).join(', ');
  const given = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const list = (text: string) => (text ? `(${text})` : '');
  return `${type} ${list(declared)} { ${name}${list(given)} ${selectionOf(result, 4)} }`;
}

/** All leaves that take no arguments, and what is inside the rest, as deep as told. */
function selectionOf(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type);
  if (!isCompositeType(named)) return '';
  if (!isObjectType(named) && !isInterfaceType(named)) return '{ __typename }';
  const fields = Object.values(named.getFields()).filter((field) => !field.args.some(isRequiredArgument));
  const inside = fields.flatMap((field) => {
    if (isLeafType(getNamedType(field.type))) return [field.name];
    return depth > 1 && field.args.length === 0
      ? [`${field.name} ${selectionOf(field.type, Math.min(depth - 1, 2))}`]
      : [];
  });
  return `{ ${['__typename', ...inside].join(' ')} }`;
}

function valuesOf(type: GraphQLInputType, place: string, ids: Record<string, string[]>): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return rarely(valuesOf(type.ofType, place, ids), fc.constant(null));
  if (isListType(type)) {
    const item = valuesOf(type.ofType, place, ids);
    return rarely(fc.array(item, { maxLength: 4 }), fc.oneof(item, fc.array(item, { minLength: 101, maxLength: 120 })));
  }
  if (isEnumType(type))
    return rarely(fc.constantFrom(...type.getValues().map(({ name }) => name)), fc.constantFrom('NOPE', '', 1, {}));
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).map(
      (field) => [field.name, valuesOf(field.type, `${place}.${field.name}`, ids)] as const,
    );
    return rarely(recordOf(Object.fromEntries(fields)), fc.constantFrom('x', 1, [], { nope: 1 }));
  }
  return rarely(SCALARS[type.name]?.(place, ids) ?? fc.constant(null), WRONG_TYPES);
}

const rarely = (usual: fc.Arbitrary<unknown>, rare: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 40, arbitrary: usual }, { weight: 1, arbitrary: rare });

/** Some are left out. */
const recordOf = (fields: Record<string, fc.Arbitrary<unknown>>) => fc.record(fields, { requiredKeys: [] });

const WRONG_TYPES = fc.constantFrom<unknown[]>(
  true,
  0,
  -1,
  1.5,
  'x',
  '',
  [],
  [[]],
  {},
  { a: 1 },
  null,
  BEYOND_DOUBLES,
  DEEP,
);

const TEXTS = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a title', 'שלום', makeVtt(5)) },
  fc.constantFrom(
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    'x\udc00y',
    '🏃‍♀️',
    "'; DROP TABLE users; --",
    '%_\\',
    '\\',
    '{}',
    '"',
  ),
  fc.constantFrom(
    'x'.repeat(300),
    'x'.repeat(100_000),
    '\u202e',
    '../../etc/passwd',
    '__proto__',
    '-1',
    'null',
    '\r\n\r\n',
  ),
  fc.constantFrom(
    'WEBVTT\n\n00:00.000 --> 99999999:00.000\nx',
    '1\n00:00:00,000 --> 00:00:01,000\na\0b\n',
    '{"segments":[]}',
    '[1e400]',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

/** Mostly new ones: what has been used for another mutation is refused before anything else happens. */
const IDEMPOTENCY_KEYS = fc.oneof({ weight: 4, arbitrary: fc.uuid() }, TEXTS);

const BROKEN_IDS = fc.oneof(
  fc.constantFrom(
    '',
    'x',
    '\0',
    '\ud800',
    '0',
    '💥',
    'x'.repeat(10_000),
    globalIdOf('Nope', '00000000-0000-0000-0000-000000000000'),
  ),
  fc.constantFrom(
    globalIdOf('Conversation', 'not-a-uuid'),
    globalIdOf('Conversation', ''),
    globalIdOf('Job', "1' OR '1'='1"),
    7,
    -0,
  ),
  fc.uuid().map((id) => globalIdOf('Conversation', id)),
);

function globalIdOf(type: string, id: string): string {
  return Buffer.from(`${type}:${id}`).toString('base64url');
}

const WHOLE = fc.constantFrom<unknown[]>(
  0,
  1,
  2,
  3,
  5,
  20,
  100,
  101,
  -1,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 31,
  2 ** 53,
  BEYOND_DOUBLES,
);
const DATES = fc.constantFrom<unknown[]>(
  '2026-01-31T09:30:00.000Z',
  '2030-01-31T09:30:00+02:00',
  '9999-12-31T23:59:59.999Z',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '2026-01-31T24:00:00Z',
  '2026-01-31',
  'now',
  '',
  8.64e15,
  -8.64e15,
  1e300,
  BEYOND_DOUBLES,
);

const JSONS = fc.oneof(
  fc.constantFrom<unknown[]>(
    { a: [1, 'x', null] },
    'text',
    '\0',
    { '\0': '\0' },
    { x: '\ud800' },
    { __proto__: null, constructor: 1 },
  ),
  fc.constantFrom<unknown[]>(1e308, 2 ** 64, BEYOND_DOUBLES, { n: [BEYOND_DOUBLES] }, DEEP),
  fc.jsonValue(),
);

const SCALARS: Record<string, (place: string, ids: Record<string, string[]>) => fc.Arbitrary<unknown>> = {
  String: (place) => {
    if (/after|before/.test(place)) return fc.oneof(TEXTS, fc.constant('AAAAAAAAAAAAAAAAW10'));
    return place.endsWith('.idempotencyKey') ? IDEMPOTENCY_KEYS : TEXTS;
  },
  ID: (place, ids) => {
    const wanted = Object.keys(ids).find((type) => place.toLowerCase().includes(type.toLowerCase()));
    const fitting = fc.constantFrom(...(wanted ? (ids[wanted] as string[]) : Object.values(ids).flat()));
    const any = fc.constantFrom(...Object.values(ids).flat());
    return fc.oneof(
      { weight: 6, arbitrary: fitting },
      { weight: 1, arbitrary: any },
      { weight: 2, arbitrary: BROKEN_IDS },
    );
  },
  Int: () => WHOLE,
  SafeInt: () => WHOLE,
  Float: () => fc.oneof(WHOLE, fc.double()),
  Boolean: () => fc.boolean(),
  DateTime: () => DATES,
  JSON: () => JSONS,
};
