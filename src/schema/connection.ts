import type { ObjectRef } from '@pothos/core';
import type { Connection, Edge } from '#resolvers/connections.ts';
import { builder } from './builder.ts';

type SchemaTypes = typeof builder.$inferSchemaTypes;

/** Defines `XConnection` and `XEdge` for a type; `items` is what the list holds, as `conversations`. */
export function connectionType<Row extends object>(type: ObjectRef<SchemaTypes, Row>, name: string, items: string) {
  const edge = builder.objectRef<Edge<Row>>(`${name}Edge`).implement({
    description: `One place in a page of ${items}.`,
    fields: (t) => ({
      cursor: t.exposeString('cursor', {
        description: `Marks this place in the list of ${items}; give it as \`after\` or \`before\` to read on from here.`,
      }),
      node: t.field({
        type,
        description: `What stands at this place in the list of ${items}.`,
        resolve: (parent) => parent.node as never,
      }),
    }),
  });
  return builder.objectRef<Connection<Row>>(`${name}Connection`).implement({
    description: `A page of a list of ${items}.`,
    fields: (t) => ({
      // The connection itself has been multiplied by its page size already.
      edges: t.field({
        type: [edge],
        description: `The ${items} of this page, in the order of the list, each with its cursor.`,
        complexity: { field: 0, multiplier: 1 },
        resolve: (parent) => parent.edges,
      }),
      pageInfo: t.field({
        type: builder.pageInfoRef(),
        description: `Where this page stands in the list of ${items}.`,
        resolve: (parent) => parent.pageInfo,
      }),
      totalCount: t.int({
        description: `How many ${items} the whole list has, on all pages together; counted only when it is asked for.`,
        resolve: (parent) => parent.totalCount(),
      }),
    }),
  });
}
