import * as resolvers from '#resolvers/nodes.ts';
import { builder, Node } from './builder.ts';

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    nullable: true,
    description: "Anything by its id; null where it is missing or somebody else's.",
    args: { id: t.arg.id({ required: true, description: 'From the `id` field of what you mean.' }) },
    resolve: resolvers.node,
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description: "Up to 100 things by their ids, in that order; null for each that is missing or somebody else's.",
    args: { ids: t.arg.idList({ required: true, description: 'From the `id` fields of what you mean.' }) },
    complexity: { field: 1, multiplier: 10 },
    resolve: resolvers.nodes,
  }),
}));
