import { MAX_DISPLAY_NAME_LENGTH, MAX_USERNAME_LENGTH } from '#domain/accounts/users.ts';
import { MAX_EMAIL_LENGTH } from '#domain/core/validation.ts';
import * as resolvers from '#resolvers/users.ts';
import { builder, idOf, Node } from './builder.ts';
import { CACHED, cachedFor, NOT_CACHED } from './caching.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';
import { WorkingHours, WorkingHoursInput } from './working-hours.ts';

const Role = builder.enumType('Role', {
  description: 'The role of a user. The permissions of a request are also limited by the scopes of its API key.',
  values: {
    USER: { description: 'A user with access to their own data only.' },
    ADMIN: { description: 'An administrator of the installation, with access to users, API keys and the audit log.' },
  },
});

const Usage = builder.simpleObject('Usage', {
  description: "The amount of a user's data in total, or of what was added since a moment.",
  fields: (t) => ({
    conversations: t.int({ description: 'The number of conversations.' }),
    messages: t.int({ description: 'The number of messages in all conversations.' }),
    tokensInput: t.field({ type: 'SafeInt', description: 'The total number of model input tokens of messages.' }),
    tokensOutput: t.field({ type: 'SafeInt', description: 'The total number of model output tokens of messages.' }),
    storageBytes: t.field({
      type: 'SafeInt',
      description: 'The total size of media files in bytes; unfinished uploads count with their full size.',
    }),
    mediaSeconds: t.float({ description: 'The total duration of episodes, in seconds.' }),
    callSeconds: t.float({ description: 'The total duration of answered calls, in seconds.' }),
  }),
});

export const User = builder.prismaObject('User', {
  description: 'An account of a person or program, which owns conversations, memories, episodes and jobs.',
  extensions: cachedFor({ minutes: 60 }),
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the user; it never changes.', extensions: CACHED, resolve: idOf('User') }),
    username: t.exposeString('username', {
      description: 'The unique name of the user, as used by `x-act-as` and the query `user`.',
    }),
    displayName: t.exposeString('displayName', { nullable: true, description: 'The display name of the user.' }),
    email: t.exposeString('email', { nullable: true, description: 'The e-mail address of the user.' }),
    role: t.expose('role', { type: Role, description: 'The role of the user.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the user was created.' }),
    lastLoginAt: t.expose('lastLoginAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When an API key of the user was last used, accurate to the minute; null if none was used.',
      extensions: NOT_CACHED,
    }),
    workingHours: t.field({
      type: WorkingHours,
      description:
        'When the user is available for meetings that the agent offers to leads. Null: meetings are offered within the call window.',
      extensions: NOT_CACHED,
      resolve: resolvers.workingHours,
    }),
    usage: t.field({
      type: Usage,
      description: "The amount of the user's data.",
      args: {
        since: t.arg({ type: 'DateTime', description: 'Count only data added at this moment or later.' }),
      },
      complexity: 50,
      extensions: NOT_CACHED,
      resolve: resolvers.usage,
    }),
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
}));

const DISPLAY_NAME = `The display name of the user, 1 to ${MAX_DISPLAY_NAME_LENGTH} characters`;
const EMAIL = `The e-mail address of the user, up to ${MAX_EMAIL_LENGTH} characters`;

builder.relayMutationField(
  'createUser',
  {
    description: 'The user to create.',
    inputFields: (t: InputFields) => ({
      username: t.string({
        required: true,
        description: `The unique name of the user: 1 to ${MAX_USERNAME_LENGTH} letters (a to z), digits and the characters . _ @ + -, beginning with a letter or digit.`,
      }),
      displayName: t.string({ description: `${DISPLAY_NAME}.` }),
      email: t.string({ description: `${EMAIL}.` }),
      role: t.field({ type: Role, defaultValue: 'USER', description: 'The role of the user.' }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Creates a user. Use `createApiKey` to create an API key for them. Requires scope ADMIN. Errors: CONFLICT (the username is taken), IDEMPOTENCY_CONFLICT.',
    authScopes: { admin: true },
    resolve: resolvers.createUser,
  },
  {
    description: 'The user that was created.',
    outputFields: (t) => ({ user: t.expose('user', { type: User, description: 'The new user.' }) }),
  },
);

builder.relayMutationField(
  'updateViewer',
  {
    description: 'Changes to the viewer; omitted fields stay unchanged.',
    inputFields: (t: InputFields) => ({
      displayName: t.string({ description: `${DISPLAY_NAME}; null removes it.` }),
      email: t.string({ description: `${EMAIL}; null removes it.` }),
      workingHours: t.field({
        type: WorkingHoursInput,
        description:
          'When the user is available for meetings. Null removes the hours; meetings are then offered within the call window.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Changes the display name, e-mail address and working hours of the viewer. Errors: IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.updateViewer,
  },
  {
    description: 'The user that was changed.',
    outputFields: (t) => ({ viewer: t.expose('viewer', { type: User, description: 'The viewer after the change.' }) }),
  },
);
