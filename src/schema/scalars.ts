import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { DateTimeResolver, JSONResolver, SafeIntResolver } from 'graphql-scalars';
import { isInCommonYears } from '#domain/core/calendar-days.ts';
import { isoTime } from '#domain/core/iso-time.ts';
import { assertStorableJson, MAX_JSON_DEPTH, parseNumber } from '#domain/core/json.ts';
import { builder } from './builder.ts';

/** Throws TypeError, which says how a DateTime is written: the library's own errors do not. */
function readDateTime(parse: () => Date): Date {
  const moment = tryParse(parse);
  if (!moment)
    throw new TypeError(
      'Write a DateTime with its time and offset: 2026-01-31T09:30:00Z, or 2026-01-31T11:30:00+02:00.',
    );
  if (!isInCommonYears(moment)) throw new TypeError('DateTime reaches from the year 0001 to the year 9999.');
  return moment;
}

function tryParse(parse: () => Date): Date | null {
  try {
    return parse();
  } catch {
    return null;
  }
}

const DateTime: GraphQLScalarType = new GraphQLScalarType({
  ...DateTimeResolver.toConfig(),
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
  parseValue: (value) => readDateTime(() => DateTimeResolver.parseValue(value)),
  parseLiteral: (node) => readDateTime(() => DateTimeResolver.parseLiteral(node)),
  // As text, which JSON.stringify would make of it in more time.
  serialize: (value) => isoTime(value instanceof Date ? value : DateTimeResolver.serialize(value)),
});
builder.addScalarType('DateTime', DateTime as GraphQLScalarType<Date, Date>, {
  description:
    'A date and time in RFC 3339 format, from the year 0001 to 9999. Returned in UTC, such as `2026-01-31T09:30:00.000Z`; inputs may have any offset.',
});

/** Numbers keep the spelling that they have in the document. */
function parseLiteral(node: ValueNode, variables: Record<string, unknown> | null | undefined): unknown {
  switch (node.kind) {
    case Kind.INT:
    case Kind.FLOAT:
      return parseNumber(node.value);
    case Kind.LIST:
      return node.values.map((value) => parseLiteral(value, variables));
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map(({ name, value }) => [name.value, parseLiteral(value, variables)]));
    default:
      return JSONResolver.parseLiteral(node, variables);
  }
}

const Json = new GraphQLScalarType({
  ...JSONResolver.toConfig(),
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  parseValue: (value) => assertStorableJson(JSONResolver.parseValue(value)),
  parseLiteral: (node, variables) => assertStorableJson(parseLiteral(node, variables)),
});
builder.addScalarType('JSON', Json, {
  description: `Any JSON value, up to ${MAX_JSON_DEPTH} levels deep. Values are returned exactly as sent: numbers keep their notation and precision, also beyond 2^53, such as 1.10, 1e400 and -0.`,
});

/** PostgreSQL's bigint columns come as bigint. */
const SafeInt = new GraphQLScalarType({
  ...SafeIntResolver.toConfig(),
  serialize: (value) => SafeIntResolver.serialize(typeof value === 'bigint' ? Number(value) : value),
});
builder.addScalarType('SafeInt', SafeInt as GraphQLScalarType<number, number>, {
  description:
    'An integer from -(2^53 - 1) to 2^53 - 1, the range of integers that a JavaScript number represents exactly.',
});
