import type { ObjectRef } from '@pothos/core';
import type { Connection, Edge } from '#resolvers/connections.ts';
import type { Context } from '#resolvers/context.ts';
import { builder } from './builder.ts';
import { KEPT, KEPT_WITH_CONTENTS } from './caching.ts';

type SchemaTypes = typeof builder.$inferSchemaTypes;

/** Defines `XConnection`, and `XEdge` as its `edge`, for a type; `items` is what the list holds, such as `conversations`. */
export function connectionType<Row extends object>(type: ObjectRef<SchemaTypes, Row>, name: string, items: string) {
  const edge = builder.objectRef<Edge<Row>>(`${name}Edge`).implement({
    description: `One place in a page of ${items}.`,
    extensions: KEPT_WITH_CONTENTS,
    fields: (t) => ({
      cursor: t.exposeString('cursor', {
        description: `Marks this place in the list of ${items}; give it as \`after\` or \`before\` to read on from here.`,
      }),
      node: t.expose('node', {
        type,
        description: `What stands at this place in the list of ${items}.`,
      } as never),
    }),
  });
  const connection = builder.objectRef<Connection<Row>>(`${name}Connection`).implement({
    description: `A page of a list of ${items}.`,
    extensions: KEPT_WITH_CONTENTS,
    fields: (t) => ({
      // The connection itself has been multiplied by its page size already.
      edges: t.expose('edges', {
        type: [edge],
        description: `The ${items} of this page, in the order of the list, each with its cursor.`,
        complexity: { field: 0, multiplier: 1 },
      }),
      pageInfo: t.expose('pageInfo', {
        type: builder.pageInfoRef(),
        // There is one a page, though it is multiplied by the page's size like all in the connection.
        complexity: { field: 1, multiplier: 0 },
        description: `Where this page stands in the list of ${items}.`,
      }),
      totalCount: t.int({
        description: `How many ${items} the whole list has, on all pages together; counted only when it is asked for.`,
        extensions: KEPT,
        resolve: (parent) => parent.totalCount(),
      }),
    }),
  });
  return Object.assign(connection, { edge });
}

/**
 * The field of a payload that has a node of it as an edge of the list `list`, which clients put into the pages that they hold.
 * `what` names the node, where the payload has more than one of its type.
 */
export function payloadEdge<Payload, Row extends object>(
  t: PothosSchemaTypes.ObjectFieldBuilder<SchemaTypes, Payload>,
  edge: ObjectRef<SchemaTypes, Edge<Row>>,
  list: string,
  resolve: (payload: Payload, args: unknown, ctx: Context) => Edge<Row>,
  what = edge.name.replace(/Edge$/, ''),
) {
  return t.field({
    type: edge,
    description: `The ${what} as an edge of \`${list}\`, at its place in the default order, to be put into a page that is held already.`,
    resolve,
  });
}
