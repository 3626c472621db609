import type { ObjectRef } from '@pothos/core';
import type { Connection, Edge } from '#resolvers/connections.ts';
import type { Context } from '#resolvers/context.ts';
import { builder } from './builder.ts';
import { CACHED, CACHED_WITH_CONTENTS } from './caching.ts';

type SchemaTypes = typeof builder.$inferSchemaTypes;

/** Defines `XConnection`, and `XEdge` as its `edge`, for a type; `items` is what the list holds, such as `conversations`. */
export function connectionType<Row extends object>(type: ObjectRef<SchemaTypes, Row>, name: string, items: string) {
  const edge = builder.objectRef<Edge<Row>>(`${name}Edge`).implement({
    description: `One item in a page of ${items}, with its cursor.`,
    extensions: CACHED_WITH_CONTENTS,
    fields: (t) => ({
      cursor: t.exposeString('cursor', {
        description: `Opaque position in the list of ${items}. Pass it as \`after\` or \`before\` to read on from here.`,
      }),
      node: t.expose('node', {
        type,
        description: `The item at this position in the list of ${items}.`,
      } as never),
    }),
  });
  const connection = builder.objectRef<Connection<Row>>(`${name}Connection`).implement({
    description: `One page of a list of ${items}.`,
    extensions: CACHED_WITH_CONTENTS,
    fields: (t) => ({
      // The connection itself has been multiplied by its page size already.
      edges: t.expose('edges', {
        type: [edge],
        description: `The ${items} of this page with their cursors, in the order of the list.`,
        complexity: { field: 0, multiplier: 1 },
      }),
      pageInfo: t.expose('pageInfo', {
        type: builder.pageInfoRef(),
        // There is one a page, though it is multiplied by the page's size like all in the connection.
        complexity: { field: 1, multiplier: 0 },
        description: `The position of this page in the list of ${items}.`,
      }),
      totalCount: t.int({
        description: `The number of ${items} in the whole list, on all pages together. Counted only if requested.`,
        extensions: CACHED,
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
    description: `The ${what} as an edge of \`${list}\` in its default order, for adding it to a page that the client has loaded.`,
    resolve,
  });
}
