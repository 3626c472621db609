import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '#domain/core/errors.ts';
import { NODE_TYPES } from '#domain/core/global-ids.ts';

/** As `npm run schema` prints it; `npm run check` sees to it that the code says the same. */
const schema = buildSchema(fileText('schema.graphql'));

type Described = { path: string; description: string | null | undefined };

/** Everything that can have a description, by its path as `Query.node(id)`. */
function describedParts(schema: GraphQLSchema): Described[] {
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
  return types.flatMap((type) => {
    const named = ({ name, description }: { name: string; description?: string | null | undefined }) => ({
      path: `${type.name}.${name}`,
      description,
    });
    const parts = [{ path: type.name, description: type.description }];
    if (isEnumType(type)) return [...parts, ...type.getValues().map(named)];
    if (isInputObjectType(type)) return [...parts, ...Object.values(type.getFields()).map(named)];
    if (!isObjectType(type) && !isInterfaceType(type)) return parts;
    const fields = Object.values(type.getFields()).flatMap((field) => [
      named(field),
      ...field.args.map((arg) => named({ name: `${field.name}(${arg.name})`, description: arg.description })),
    ]);
    return [...parts, ...fields];
  });
}

/** What is wrong with a description: the printed schema is sorted, so that each has to make sense alone. */
function fault({ path, description }: Described): string[] {
  if (!description) return [`${path} has no description`];
  const words = description.match(/\p{L}[\p{L}\p{N}'’_-]*|\p{N}+/gu) ?? [];
  const isWhole = words.length >= 3 && /[.…]$/.test(description);
  const pointsElsewhere = /^(It|Its|They|Their|Those|These|That|The same)\b/.test(description);
  return isWhole && !pointsElsewhere ? [] : [`${path}: ${description}`];
}

const SECRET_IS_SHOWN_ONCE = ['createApiKey', 'rotateApiKey', 'createWebhook', 'rotateWebhookSecret'];

/** What is wrong with a mutation. */
function mutationFaults({ name, args, description }: GraphQLField<unknown, unknown>): string[] {
  const input = args.find((arg) => arg.name === 'input');
  if (!input || args.length > 1) return [`${name} takes something else than one input`];
  const fields = (getNamedType(input.type) as GraphQLInputObjectType).getFields();
  const takesKey = 'idempotencyKey' in fields;
  const errors = errorsIn(description);
  const unnamedIds = Object.values(fields).filter(
    (field) => String(field.type).startsWith('ID') && !isNamedByType(field.name),
  );
  return [
    ...(takesKey === SECRET_IS_SHOWN_ONCE.includes(name) ? [`${name}: idempotencyKey`] : []),
    ...(errors?.every((code) => ERROR_CODES.includes(code as ErrorCode)) ? [] : [`${name}: no "Errors: CODE."`]),
    ...(takesKey === errors?.includes('IDEMPOTENCY_CONFLICT') ? [] : [`${name}: IDEMPOTENCY_CONFLICT`]),
    ...unnamedIds.map((field) => `${name}: the id ${field.name} is not named by its type`),
  ];
}

/** The codes of "Errors: NOT_FOUND, CONFLICT (why)." at the end of a description. */
function errorsIn(description: string | null | undefined): string[] | undefined {
  return / ?Errors: (.+)\.$/s
    .exec(description ?? '')?.[1]
    ?.replaceAll(/ \([^)]*\)/g, '')
    .split(', ');
}

/** As `memoryId`, or `sourceMessageId`. */
function isNamedByType(field: string): boolean {
  return NODE_TYPES.some((type) => field.toLowerCase().endsWith(`${type.toLowerCase()}id`));
}

const mutations = (schema: GraphQLSchema) => Object.values(schema.getMutationType()?.getFields() ?? {});

describe('the schema', () => {
  it('describes every type, field, argument, input field and enum value so that a stranger understands it alone', () => {
    expect(describedParts(schema).flatMap(fault)).toEqual([]);
  });

  it('has mutations that can be repeated, name the errors they give, and name every id by its type', () => {
    expect(mutations(schema).flatMap(mutationFaults)).toEqual([]);
  });

  it('says the codes that every operation can give once', () => {
    const everywhere = errorsOfAll(schema.getMutationType()?.description);
    expect(everywhere.length).toBeGreaterThan(3);
    expect(ERROR_CODES).toEqual(expect.arrayContaining(everywhere));
  });

  it('shows a moment that it would return itself', () => {
    const [, example = ''] = /`([^`]+)`/.exec(schema.getType('DateTime')?.description ?? '') ?? [];
    expect(new Date(example).toISOString()).toBe(example);
  });

  it('would not pass with faults', () => {
    const faulty = buildSchema(`
      "What can be read."
      type Query { "Which." node("The id." id: ID): Int }
      "What can be changed."
      type Mutation { "Its title changes. Errors: OOPS." rename(input: RenameInput!): Int }
      input RenameInput { id: ID! }
    `);
    expect(describedParts(faulty).flatMap(fault)).toEqual([
      'Query.node: Which.',
      'Query.node(id): The id.',
      'Mutation.rename: Its title changes. Errors: OOPS.',
      'Mutation.rename(input) has no description',
      'RenameInput has no description',
      'RenameInput.id has no description',
    ]);
    expect(mutations(faulty).flatMap(mutationFaults)).toEqual([
      'rename: idempotencyKey',
      'rename: no "Errors: CODE."',
      'rename: the id id is not named by its type',
    ]);
  });
});

/** All codes in a text. */
function errorsOfAll(text: string | null | undefined): string[] {
  return text?.match(/\b[A-Z]+(?:_[A-Z]+)+\b|\b(?:UNAUTHENTICATED|FORBIDDEN|UNAVAILABLE)\b/g) ?? [];
}

it('docs/errors.md says what every code means', () => {
  const explained = [...fileText('docs/errors.md').matchAll(/^\| ([A-Z_, ]+) \|/gm)].flatMap(
    ([, codes]) => codes?.split(', ') ?? [],
  );
  expect(explained.toSorted()).toEqual(ERROR_CODES.toSorted());
});

function fileText(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}
