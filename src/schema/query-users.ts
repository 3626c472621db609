import { MAX_USERNAME_LENGTH } from '#domain/accounts/users.ts';
import * as resolvers from '#resolvers/users.ts';
import { builder, pageCost } from './builder.ts';
import { CACHED, NOT_CACHED } from './caching.ts';
import { Role, User, UserConnection } from './users.ts';

const UserOrder = builder.enumType('UserOrder', {
  description: 'The sort order of a list of users.',
  values: {
    CREATED_DESC: { description: 'By creation time, newest first.' },
    CREATED_ASC: { description: 'By creation time, oldest first.' },
    USERNAME_ASC: { description: 'By username, ignoring case, from a to z.' },
  },
});

const UserFilter = builder.inputType('UserFilter', {
  description: 'Filter for users. All given conditions must match.',
  fields: (t) => ({
    usernameContains: t.string({
      description: `Only users whose username contains this text, ignoring case; up to ${MAX_USERNAME_LENGTH} characters. An empty text is no filter.`,
    }),
    role: t.field({ type: Role, description: 'Only users with this role.' }),
    suspended: t.boolean({ description: 'If true, only suspended users; if false, only users who are not suspended.' }),
  }),
});

builder.queryFields((t) => ({
  viewer: t.field({
    type: User,
    description: 'The user on whose behalf the request acts.',
    extensions: CACHED,
    resolve: resolvers.viewer,
  }),
  user: t.field({
    type: User,
    nullable: true,
    description: 'A user by username; null if there is none. Requires scope ADMIN.',
    authScopes: { admin: true },
    args: { username: t.arg.string({ required: true, description: 'The full username; case-sensitive.' }) },
    extensions: NOT_CACHED,
    resolve: resolvers.user,
  }),
  users: t.field({
    type: UserConnection,
    description: 'All users of the installation. Requires scope ADMIN.',
    authScopes: { admin: true },
    args: {
      filter: t.arg({ type: UserFilter, description: 'Only users that match this filter.' }),
      orderBy: t.arg({ type: UserOrder, defaultValue: 'CREATED_DESC', description: 'The order of the users.' }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    extensions: NOT_CACHED,
    resolve: resolvers.users,
  }),
}));
