import { GraphQLScalarType } from 'graphql';
import { DateTimeResolver, JSONResolver, SafeIntResolver } from 'graphql-scalars';
import { builder } from './builder.ts';

builder.addScalarType('DateTime', DateTimeResolver, {
  description: 'A moment in UTC, as `2026-01-31T09:30:00.000Z` (RFC 3339).',
});
builder.addScalarType('JSON', JSONResolver, { description: 'Any JSON value; it comes back as it was sent.' });

/** PostgreSQL's bigint columns come as bigint. */
const SafeInt = new GraphQLScalarType({
  ...SafeIntResolver.toConfig(),
  serialize: (value) => SafeIntResolver.serialize(typeof value === 'bigint' ? Number(value) : value),
});
builder.addScalarType('SafeInt', SafeInt as GraphQLScalarType<number, number>, {
  description: 'Whole number, exact up to 2^53.',
});
