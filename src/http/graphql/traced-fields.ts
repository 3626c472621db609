import { defaultFieldResolver, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { inSpan } from '#adapters/tracing.ts';

/** Creates a span for every field of queries and mutations, as a child of the operation's span. */
export function traceRootFields(schema: GraphQLSchema): void {
  for (const type of [schema.getQueryType(), schema.getMutationType()]) if (type) traceFields(type);
}

function traceFields(type: GraphQLObjectType): void {
  for (const field of Object.values(type.getFields())) {
    const resolve = field.resolve ?? defaultFieldResolver;
    field.resolve = (...args) => inSpan(`${type.name}.${field.name}`, {}, async () => resolve(...args));
  }
}
