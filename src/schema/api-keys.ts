import * as resolvers from '#resolvers/api-keys.ts';
import { builder, idOf, Node } from './builder.ts';
import { User } from './users.ts';

const ApiKeyScope = builder.enumType('ApiKeyScope', {
  description: 'What a key may be used for. Each stands for itself; none includes another.',
  values: {
    READ: { description: 'Queries and subscriptions.' },
    WRITE: { description: 'Mutations and uploads.' },
    ADMIN: { description: 'What is marked ADMIN; the user must be one, too.' },
    ACT_AS: {
      description: 'Lets a service work for another user, named by the `x-act-as` header (or `connection_init` field).',
    },
  },
});

export const ApiKey = builder.prismaObject('ApiKey', {
  description: 'Lets a program in, in the name of a user.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque, the same for ever. It is not the secret.', resolve: idOf('ApiKey') }),
    name: t.exposeString('name', { description: 'What it is for, in your words.' }),
    prefix: t.exposeString('prefix', {
      description: 'The first characters of the secret, to recognise it by. The secret itself is kept only as a hash.',
    }),
    scopes: t.expose('scopes', { type: [ApiKeyScope], description: 'What it may be used for.' }),
    user: t.field({ type: User, description: 'Whom it stands for.', resolve: resolvers.user }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it stops working by itself.',
    }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used; exact to the minute.',
    }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true, description: 'When it was ended by hand.' }),
  }),
});

builder.queryField('apiKeys', (t) =>
  t.field({
    type: [ApiKey],
    description: "The viewer's own keys, newest first, ended ones too.",
    resolve: resolvers.list,
  }),
);

const CreateApiKeyInput = builder.inputType('CreateApiKeyInput', {
  description: 'A new key.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What it is for, in your words; up to 200 characters.' }),
    scopes: t.field({
      type: [ApiKeyScope],
      required: true,
      defaultValue: ['READ', 'WRITE'],
      description: 'What it may be used for: only scopes that your own key has.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When it stops working by itself; never, where it is left out.',
    }),
    userId: t.id({ description: 'For another user: ADMIN.' }),
  }),
});
const RotateApiKeyInput = builder.inputType('RotateApiKeyInput', {
  description: 'Which key gets a new secret.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The key.' }),
    graceSeconds: t.int({ defaultValue: 0, description: 'How long the old secret works on, at most 30 days.' }),
  }),
});
const RevokeApiKeyInput = builder.inputType('RevokeApiKeyInput', {
  description: 'Which key ends.',
  fields: (t) => ({ id: t.id({ required: true, description: 'The key.' }) }),
});

const CreateApiKeyPayload = builder.simpleObject('CreateApiKeyPayload', {
  description: 'A key with its secret, which is shown this once.',
  fields: (t) => ({
    apiKey: t.field({ type: ApiKey, description: 'The key.' }),
    secret: t.string({ description: 'Send it as `Authorization: Bearer …`. Nobody can show it again.' }),
  }),
});
const RevokeApiKeyPayload = builder.simpleObject('RevokeApiKeyPayload', {
  description: 'The key that was ended.',
  fields: (t) => ({ apiKey: t.field({ type: ApiKey, description: 'The key.' }) }),
});

builder.mutationFields((t) => ({
  createApiKey: t.field({
    type: CreateApiKeyPayload,
    nullable: true,
    description: 'Makes a key for yourself, or, as an ADMIN, for another user.',
    args: { input: t.arg({ type: CreateApiKeyInput, required: true, description: 'The key.' }) },
    resolve: resolvers.createApiKey,
  }),
  rotateApiKey: t.field({
    type: CreateApiKeyPayload,
    nullable: true,
    description: 'Makes a new key like an old one, which ends now or after a grace period.',
    args: { input: t.arg({ type: RotateApiKeyInput, required: true, description: 'Which, and how gently.' }) },
    resolve: resolvers.rotateApiKey,
  }),
  revokeApiKey: t.field({
    type: RevokeApiKeyPayload,
    nullable: true,
    description: 'Ends a key at once; its live connections are closed with 4403.',
    args: { input: t.arg({ type: RevokeApiKeyInput, required: true, description: 'Which.' }) },
    resolve: resolvers.revokeApiKey,
  }),
}));
