import * as resolvers from '#resolvers/nodes.ts';
import { builder, Node } from './builder.ts';
import { NOT_CACHED } from './caching.ts';

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    nullable: true,
    description: 'An object of any type by id; null if it does not exist or belongs to another user.',
    args: { id: t.arg.id({ required: true, description: 'The `id` of the object.' }) },
    extensions: NOT_CACHED,
    resolve: resolvers.node,
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description:
      'Objects of any types in the order of their ids; null for each that does not exist or belongs to another user.',
    args: {
      ids: t.arg.idList({ required: true, description: `The \`id\` of each object, at most ${resolvers.MAX_IDS}.` }),
    },
    complexity: ({ ids }) => ({ field: 1, multiplier: ids.length }),
    extensions: NOT_CACHED,
    resolve: resolvers.nodes,
  }),
}));
