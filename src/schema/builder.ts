import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import SimpleObjectsPlugin from '@pothos/plugin-simple-objects';
import { isAdmin } from '#domain/core/actor.ts';
import { Forbidden, Unauthenticated } from '#domain/core/errors.ts';
import { DEFAULT_PAGE_SIZE } from '#domain/core/paging.ts';
import type PrismaTypes from '#generated/pothos.ts';
import { getDatamodel } from '#generated/pothos.ts';
import { type Context, isAnonymous } from '#resolvers/context.ts';
import { globalId, type NodeType } from '#resolvers/global-ids.ts';

type SchemaTypes = {
  Context: Context;
  PrismaTypes: PrismaTypes;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: false;
  DefaultNodeNullability: false;
  AuthScopes: { read: boolean; write: boolean; admin: boolean };
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    JSON: { Input: unknown; Output: unknown };
    SafeInt: { Input: number; Output: number | bigint };
  };
};

export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [ScopeAuthPlugin, ComplexityPlugin, RelayPlugin, SimpleObjectsPlugin, PrismaPlugin],
  defaultFieldNullability: false,
  scopeAuth: {
    authorizeOnSubscribe: true,
    authScopes: ({ deps: { actor } }) => ({
      read: actor.scopes.includes('READ'),
      write: actor.scopes.includes('WRITE'),
      admin: isAdmin(actor),
    }),
    unauthorizedError: (_parent, { deps: { actor } }, info) =>
      isAnonymous(actor) ? new Unauthenticated() : new Forbidden(missingScope(info.parentType.name)),
  },
  relay: {
    cursorType: 'String',
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    nodeTypeOptions: { description: 'Anything with an id of its own, which stays the same for as long as it exists.' },
    pageInfoTypeOptions: { description: 'Where a page stands in its list.' },
    firstArgOptions: {
      description:
        'How many from the beginning (or after `after`): 0 to 100; 20 where neither `first` nor `last` is given.',
    },
    afterArgOptions: { description: 'Only what follows this cursor.' },
    lastArgOptions: { description: 'How many from the end (or before `before`): 0 to 100. Not together with `first`.' },
    beforeArgOptions: { description: 'Only what comes before this cursor.' },
    hasNextPageFieldOptions: { description: 'Whether more follow.' },
    hasPreviousPageFieldOptions: { description: 'Whether some come before.' },
    startCursorFieldOptions: { description: 'The cursor of the first on this page.' },
    endCursorFieldOptions: { description: 'The cursor of the last on this page.' },
  },
  // Loaders read the rows; the plugin contributes the types of the models, and checks exposed columns against them.
  prisma: {
    client: () => {
      throw new Error('Rows are read by loaders (src/loaders), not by the Prisma plugin.');
    },
    dmmf: getDatamodel(),
  },
});

function missingScope(rootType: string): string {
  if (rootType === 'Mutation')
    return 'This takes an API key with the scope WRITE, or ADMIN where the description says so.';
  return 'This takes an API key with the scope READ, or ADMIN where the description says so.';
}

builder.queryType({ description: 'What can be read.', authScopes: { read: true } });
builder.mutationType({ description: 'What can be changed.', authScopes: { write: true } });
builder.subscriptionType({ description: 'What can be followed live.', authScopes: { read: true } });

export const Node = builder.nodeInterfaceRef();

/** The `id` field of a type that is a Node. */
export const idOf = (type: NodeType) => (row: { id: string }) => globalId(type, row.id);

/** What a page costs: its fields times its size. */
export const pageCost = (args: { first?: number | null | undefined; last?: number | null | undefined }) => ({
  field: 1,
  multiplier: Math.max(0, args.first ?? args.last ?? DEFAULT_PAGE_SIZE),
});
