import type { ObjectRef } from '@pothos/core';
import type { Connection, Edge } from '#resolvers/connections.ts';
import { builder } from './builder.ts';

type SchemaTypes = typeof builder.$inferSchemaTypes;

/** Defines `XConnection` and `XEdge` for a type. */
export function connectionType<Row extends object>(type: ObjectRef<SchemaTypes, Row>, name: string, what: string) {
  const edge = builder.objectRef<Edge<Row>>(`${name}Edge`).implement({
    description: `One of the ${what} of a page.`,
    fields: (t) => ({
      cursor: t.exposeString('cursor', { description: 'Give it as `after` or `before` to read on from here.' }),
      node: t.field({ type, description: 'What stands at this position.', resolve: (parent) => parent.node as never }),
    }),
  });
  return builder.objectRef<Connection<Row>>(`${name}Connection`).implement({
    description: `A page of ${what}.`,
    fields: (t) => ({
      // The connection itself has been multiplied by its page size already.
      edges: t.field({
        type: [edge],
        description: 'The page.',
        complexity: { field: 0, multiplier: 1 },
        resolve: (parent) => parent.edges,
      }),
      pageInfo: t.field({
        type: builder.pageInfoRef(),
        description: 'Where this page stands in the list.',
        resolve: (parent) => parent.pageInfo,
      }),
      totalCount: t.int({
        description: 'How many there are in all; counted only when asked for.',
        resolve: (parent) => parent.totalCount(),
      }),
    }),
  });
}
