import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import SimpleObjectsPlugin from '@pothos/plugin-simple-objects';
import { globalId, type NodeType } from '#domain/core/global-ids.ts';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '#domain/core/paging.ts';
import type PrismaTypes from '#generated/pothos.ts';
import { getDatamodel } from '#generated/pothos.ts';
import type { Context } from '#resolvers/context.ts';
import AuthScopesPlugin from './auth-scopes.ts';
import { CACHED_WITH_CONTENTS } from './caching.ts';

type SchemaTypes = {
  Context: Context;
  PrismaTypes: PrismaTypes;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: false;
  DefaultNodeNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    JSON: { Input: unknown; Output: unknown };
    SafeInt: { Input: number; Output: number | bigint };
  };
};

export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [AuthScopesPlugin, ComplexityPlugin, RelayPlugin, SimpleObjectsPlugin, PrismaPlugin],
  defaultFieldNullability: false,
  relay: {
    cursorType: 'String',
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    nodeTypeOptions: { description: 'An object with a global id, by which it can be fetched with `node` and `nodes`.' },
    idFieldOptions: {
      description: 'Opaque id of the object, unique across all types; it never changes.',
    },
    clientMutationId: 'omit',
    relayMutationFieldOptions: { nullable: true },
    mutationInputArgOptions: { description: 'The input of the mutation; see the input type.' },
    pageInfoTypeOptions: {
      description: 'The position of a page in its list, as specified for Relay connections.',
      extensions: CACHED_WITH_CONTENTS,
    },
    firstArgOptions: {
      description: `The number of items from the beginning of the list, or after the cursor \`after\`: 0 to ${MAX_PAGE_SIZE}. Default: ${DEFAULT_PAGE_SIZE}, unless \`last\` is given.`,
    },
    afterArgOptions: { description: 'A cursor of this list: return only items after it.' },
    lastArgOptions: {
      description: `The number of items from the end of the list, or before the cursor \`before\`: 0 to ${MAX_PAGE_SIZE}. Cannot be combined with \`first\`.`,
    },
    beforeArgOptions: { description: 'A cursor of this list: return only items before it.' },
    hasNextPageFieldOptions: { description: 'Whether the list has items after this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether the list has items before this page.' },
    startCursorFieldOptions: { description: 'The cursor of the first item on this page; null for an empty page.' },
    endCursorFieldOptions: { description: 'The cursor of the last item on this page; null for an empty page.' },
  },
  // Loaders read the rows; the plugin contributes the types of the models, and checks exposed columns against them.
  prisma: {
    client: () => {
      throw new Error('Rows are read by loaders (src/loaders), not by the Prisma plugin.');
    },
    dmmf: getDatamodel(),
  },
});

builder.queryType({
  description: "Reads data. Requires scope READ. Returns only the viewer's own data unless a field says otherwise.",
  authScopes: { read: true },
});
builder.mutationType({
  description: `Changes data. Requires scope WRITE. Every mutation is atomic: it has its full effect or none.

The description of each mutation lists its error codes (\`extensions.code\`). In addition, every mutation can fail with UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, RATE_LIMITED, LIMIT_EXCEEDED, UNAVAILABLE and INTERNAL_SERVER_ERROR.`,
  authScopes: { write: true },
});
builder.subscriptionType({
  description: 'Follows live changes, over WebSocket or server-sent events. Requires scope READ.',
  authScopes: { read: true },
});

export const Node = builder.nodeInterfaceRef();

/** The `id` field of a type that is a Node. */
export const idOf = (type: NodeType) => (row: { id: string }) => globalId(type, row.id);

/** What a page costs: its fields times its size. */
export const pageCost = (args: { first?: number | null | undefined; last?: number | null | undefined }) => ({
  field: 1,
  multiplier: Math.max(0, args.first ?? args.last ?? DEFAULT_PAGE_SIZE),
});
