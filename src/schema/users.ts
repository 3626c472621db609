import { MAX_DISPLAY_NAME_LENGTH, MAX_USERNAME_LENGTH } from '#domain/accounts/users.ts';
import { MAX_EMAIL_LENGTH } from '#domain/core/validation.ts';
import * as resolvers from '#resolvers/users.ts';
import { builder, idOf, Node } from './builder.ts';
import { KEPT, keptFor, NOT_KEPT } from './caching.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';
import { WorkingHours, WorkingHoursInput } from './working-hours.ts';

const Role = builder.enumType('Role', {
  description: 'What a user may do at most; what a request may do is also bounded by the scopes of its API key.',
  values: {
    USER: { description: 'A user who works with what is their own.' },
    ADMIN: { description: 'A user who also runs the installation: users, API keys, the audit log.' },
  },
});

const Usage = builder.simpleObject('Usage', {
  description: 'What a user holds in all, or what was added since a moment.',
  fields: (t) => ({
    conversations: t.int({ description: 'The number of conversations.' }),
    messages: t.int({ description: 'The number of messages in all conversations.' }),
    tokensInput: t.field({ type: 'SafeInt', description: 'Tokens that models read, summed over the messages.' }),
    tokensOutput: t.field({ type: 'SafeInt', description: 'Tokens that models wrote, summed over the messages.' }),
    storageBytes: t.field({
      type: 'SafeInt',
      description: 'The size of media files, in bytes; of those that are arriving, what they will have.',
    }),
    mediaSeconds: t.float({ description: 'The length of episodes, in seconds.' }),
    callSeconds: t.float({ description: 'How long calls were talked in, in seconds.' }),
  }),
});

export const User = builder.prismaObject('User', {
  description: 'A person or a program with conversations, memories, episodes and jobs of its own.',
  extensions: keptFor({ minutes: 60 }),
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the user; it never changes.', extensions: KEPT, resolve: idOf('User') }),
    username: t.exposeString('username', {
      description: 'The unique name of the user, by which `x-act-as` and the query `user` name them.',
    }),
    displayName: t.exposeString('displayName', { nullable: true, description: 'The name of the user for people.' }),
    email: t.exposeString('email', { nullable: true, description: 'The e-mail address of the user.' }),
    role: t.expose('role', { type: Role, description: 'What the user may do at most.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the user was created.' }),
    lastLoginAt: t.expose('lastLoginAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When an API key of the user was last used, exact to the minute; null before the first time.',
      extensions: NOT_KEPT,
    }),
    workingHours: t.field({
      type: WorkingHours,
      description:
        'When the user holds meetings, as the agent offers them to leads; where it is not set, when calls are made.',
      extensions: NOT_KEPT,
      resolve: resolvers.workingHours,
    }),
    usage: t.field({
      type: Usage,
      description: 'What the user holds.',
      args: {
        since: t.arg({ type: 'DateTime', description: 'Counts only what was added from this moment on.' }),
      },
      complexity: 50,
      extensions: NOT_KEPT,
      resolve: resolvers.usage,
    }),
  }),
});

builder.queryFields((t) => ({
  viewer: t.field({
    type: User,
    description: 'The user that this request acts for.',
    extensions: KEPT,
    resolve: resolvers.viewer,
  }),
  user: t.field({
    type: User,
    nullable: true,
    description: 'A user by name; null where there is none. Requires scope ADMIN.',
    authScopes: { admin: true },
    args: { username: t.arg.string({ required: true, description: 'The whole username, letter case included.' }) },
    extensions: NOT_KEPT,
    resolve: resolvers.user,
  }),
}));

const DISPLAY_NAME = `The name of the user for people, 1 to ${MAX_DISPLAY_NAME_LENGTH} characters`;
const EMAIL = `The e-mail address of the user, up to ${MAX_EMAIL_LENGTH} characters`;

builder.relayMutationField(
  'createUser',
  {
    description: 'The user to create.',
    inputFields: (t: InputFields) => ({
      username: t.string({
        required: true,
        description: `The unique name of the user: 1 to ${MAX_USERNAME_LENGTH} letters (a to z), digits and . _ @ + -, of which the first is a letter or digit.`,
      }),
      displayName: t.string({ description: `${DISPLAY_NAME}.` }),
      email: t.string({ description: `${EMAIL}.` }),
      role: t.field({ type: Role, defaultValue: 'USER', description: 'What the user may do at most.' }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Creates a user, who can do nothing before `createApiKey` makes an API key for them. Requires scope ADMIN. Errors: CONFLICT (the username is taken), IDEMPOTENCY_CONFLICT.',
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
    description: 'What to change of the user that the request acts for; what is left out stays as it is.',
    inputFields: (t: InputFields) => ({
      displayName: t.string({ description: `${DISPLAY_NAME}; null clears it.` }),
      email: t.string({ description: `${EMAIL}; null clears it.` }),
      workingHours: t.field({
        type: WorkingHoursInput,
        description: 'When the user holds meetings; null clears it, so that meetings are held when calls are made.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Changes the display name, the e-mail address and the working hours of the user that the request acts for. Errors: IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.updateViewer,
  },
  {
    description: 'The user that was changed.',
    outputFields: (t) => ({ viewer: t.expose('viewer', { type: User, description: 'The viewer as they are now.' }) }),
  },
);
