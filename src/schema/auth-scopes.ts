import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  type InputShapeFromFields,
  type PothosOutputFieldConfig,
  type RootName,
  type SchemaTypes,
  type TypeParam,
} from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import { type Actor, isAdmin } from '#domain/core/actor.ts';
import { Forbidden, Unauthenticated } from '#domain/core/errors.ts';
import { type Context, isAnonymous } from '#resolvers/context.ts';

/** What a request needs: an API key with that scope; for `admin`, also a user with the role ADMIN. */
export type AuthScopes = { read: true } | { write: true } | { admin: true };

type AuthScopesOf<Parent, Args> = AuthScopes | ((parent: Parent, args: Args) => AuthScopes);

declare global {
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      authScopes: AuthScopesPlugin<Types>;
    }
    interface RootTypeOptions<Types extends SchemaTypes, Type extends RootName> {
      authScopes?: AuthScopes;
    }
    interface FieldOptions<
      Types extends SchemaTypes,
      ParentShape,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveShape,
      ResolveReturnShape,
    > {
      authScopes?: AuthScopesOf<ParentShape, InputShapeFromFields<Args>>;
    }
  }
}

type Resolve = GraphQLFieldResolver<unknown, Context>;

/**
 * Checks the scopes of root fields, and those of their type before them; those of subscriptions once, when they begin. Pothos' own plugin
 * has a cache for each request, in a WeakMap, which holds the request: in V8, the values of a WeakMap live until the next full
 * collection, and so did everything that a request had read (docs/performance.md).
 */
class AuthScopesPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(resolver: GraphQLFieldResolver<unknown, Types['Context'], object>, field: Field<Types>) {
    return field.parentType === 'Subscription'
      ? resolver
      : (this.#check(resolver as Resolve, field) as typeof resolver);
  }

  override wrapSubscribe(
    subscriber: GraphQLFieldResolver<unknown, Types['Context'], object> | undefined,
    field: Field<Types>,
  ) {
    return subscriber && (this.#check(subscriber as Resolve, field) as typeof subscriber);
  }

  #check(resolve: Resolve, { parentType, pothosOptions }: Field<Types>): Resolve {
    const { authScopes: ofType } = this.buildCache.getTypeConfig(parentType).pothosOptions as WithScopes;
    const { authScopes: ofField } = pothosOptions as WithScopes;
    if (!ofType && !ofField) return resolve;
    return (parent, args, context, info) => {
      const { actor } = context.deps;
      if (ofType) assertScope(actor, scopesFor(ofType, parent, args), parentType);
      if (ofField) assertScope(actor, scopesFor(ofField, parent, args), parentType);
      return resolve(parent, args, context, info);
    };
  }
}

type Field<Types extends SchemaTypes> = PothosOutputFieldConfig<Types>;

type WithScopes = { authScopes?: AuthScopesOf<unknown, unknown> };

const scopesFor = (scopes: AuthScopesOf<unknown, unknown>, parent: unknown, args: unknown): AuthScopes =>
  typeof scopes === 'function' ? scopes(parent, args) : scopes;

function assertScope(actor: Actor, needed: AuthScopes, rootType: string): void {
  if ('admin' in needed ? isAdmin(actor) : actor.scopes.includes('write' in needed ? 'WRITE' : 'READ')) return;
  throw isAnonymous(actor) ? new Unauthenticated() : new Forbidden(describeMissingScope(actor, rootType));
}

/** The root types require READ or WRITE; an actor who has that one was refused a field for ADMINs. */
function describeMissingScope({ scopes }: Actor, rootType: string): string {
  const scope = rootType === 'Mutation' ? 'WRITE' : 'READ';
  if (scopes.includes(scope)) return 'This takes an API key with the scope ADMIN, of a user with the role ADMIN.';
  return `This takes an API key with the scope ${scope}.`;
}

const PLUGIN = 'authScopes';
SchemaBuilder.registerPlugin(PLUGIN, AuthScopesPlugin);

export default PLUGIN;
