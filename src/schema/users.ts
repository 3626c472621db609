import * as resolvers from '#resolvers/users.ts';
import { builder, idOf, Node } from './builder.ts';

const Role = builder.enumType('Role', {
  description: 'What a user may do at most; what a request may do is also bounded by the scopes of its key.',
  values: {
    USER: { description: 'Works with what is their own.' },
    ADMIN: { description: 'Also runs the installation: users, keys, audit.' },
  },
});

const Usage = builder.simpleObject('Usage', {
  description: 'What a user holds, or added since a moment.',
  fields: (t) => ({
    conversations: t.int({ description: 'Conversations.' }),
    messages: t.int({ description: 'Messages in them.' }),
    tokensInput: t.field({ type: 'SafeInt', description: 'Tokens that models read, as their messages say.' }),
    tokensOutput: t.field({ type: 'SafeInt', description: 'Tokens that models wrote, as their messages say.' }),
    storageBytes: t.field({ type: 'SafeInt', description: 'Bytes of their episodes.' }),
    mediaSeconds: t.float({ description: 'Seconds of their episodes.' }),
  }),
});

export const User = builder.prismaObject('User', {
  description: 'Somebody who has conversations, episodes and jobs of their own.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque, the same for ever.', resolve: idOf('User') }),
    username: t.exposeString('username', { description: 'Unique; what `x-act-as` names.' }),
    displayName: t.exposeString('displayName', { nullable: true, description: 'The name that people see.' }),
    email: t.exposeString('email', { nullable: true, description: 'Where to reach them.' }),
    role: t.expose('role', { type: Role, description: 'What they may do at most.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the user was made.' }),
    lastLoginAt: t.expose('lastLoginAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When one of their keys was last used; exact to the minute.',
    }),
    usage: t.field({
      type: Usage,
      description: 'What they hold.',
      args: { since: t.arg({ type: 'DateTime', description: 'Only what was added since then.' }) },
      complexity: 50,
      resolve: resolvers.usage,
    }),
  }),
});

builder.queryFields((t) => ({
  viewer: t.field({ type: User, description: 'The user this request acts for.', resolve: resolvers.viewer }),
  user: t.field({
    type: User,
    nullable: true,
    description: 'A user by name. ADMIN.',
    authScopes: { admin: true },
    args: { username: t.arg.string({ required: true, description: 'The whole username.' }) },
    resolve: resolvers.user,
  }),
}));

const CreateUserInput = builder.inputType('CreateUserInput', {
  description: 'A new user.',
  fields: (t) => ({
    username: t.string({ required: true, description: '1 to 64 letters, digits and . _ @ + -; unique.' }),
    displayName: t.string({ description: 'The name that people see.' }),
    email: t.string({ description: 'Where to reach them.' }),
    role: t.field({ type: Role, defaultValue: 'USER', description: 'What they may do at most.' }),
  }),
});

const CreateUserPayload = builder.simpleObject('CreateUserPayload', {
  description: 'The user that was made.',
  fields: (t) => ({ user: t.field({ type: User, description: 'The new user.' }) }),
});

builder.mutationField('createUser', (t) =>
  t.field({
    type: CreateUserPayload,
    nullable: true,
    description:
      'Makes a user; then make a key for them with `createApiKey`. CONFLICT where the username is taken. ADMIN.',
    authScopes: { admin: true },
    args: { input: t.arg({ type: CreateUserInput, required: true, description: 'The user.' }) },
    resolve: resolvers.createUser,
  }),
);
