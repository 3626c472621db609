import { defaultFieldResolver, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { inSpan } from '#adapters/tracing.ts';

/** Makes a span of every field of queries and mutations, below that of the operation. */
export function traceRootFields(schema: GraphQLSchema): void {
  for (const type of [schema.getQueryType(), schema.getMutationType()]) if (type) traceFields(type);
}

function traceFields(type: GraphQLObjectType): void {
  for (const field of Object.values(type.getFields())) {
    const resolve = field.resolve ?? defaultFieldResolver;
    field.resolve = (...args) => inSpan(`${type.name}.${field.name}`, {}, async () => resolve(...args));
  }
}
