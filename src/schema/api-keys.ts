import { MAX_GRACE_DAYS, MAX_KEY_NAME_LENGTH, MAX_KEYS_LISTED } from '#domain/accounts/api-keys.ts';
import { MAX_KEYS_PER_USER } from '#domain/accounts/key-grants.ts';
import * as resolvers from '#resolvers/api-keys.ts';
import { builder, idOf, Node } from './builder.ts';
import { NOT_KEPT } from './caching.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';
import { User } from './users.ts';

const ApiKeyScope = builder.enumType('ApiKeyScope', {
  description: 'What an API key may be used for. Each scope stands for itself; none includes another.',
  values: {
    READ: { description: 'Lets a key run queries and subscriptions.' },
    WRITE: { description: 'Lets a key run mutations and upload files.' },
    ADMIN: {
      description:
        'Lets a key do what its description says "Requires scope ADMIN." of; the user must be an ADMIN, too.',
    },
    ACT_AS: {
      description: 'Lets a service work for another user, named by the `x-act-as` header (or `connection_init` field).',
    },
  },
});

export const ApiKey = builder.prismaObject('ApiKey', {
  description: 'Lets a program in, to act for a user.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id of the API key, which is not its secret; it never changes.',
      resolve: idOf('ApiKey'),
    }),
    name: t.exposeString('name', { description: 'What the key is for, in the words of who made it.' }),
    prefix: t.exposeString('prefix', {
      description: 'The first characters of the secret, to recognise it by. The secret itself is kept only as a hash.',
    }),
    scopes: t.expose('scopes', { type: [ApiKeyScope], description: 'What the key may be used for.' }),
    user: t.field({ type: User, description: 'The user that the key acts for.', resolve: resolvers.user }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the key was created.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the key stops working by itself; null for never.',
    }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the key was last used, exact to the minute; null before the first time.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the key was revoked, by `revokeApiKey` or `rotateApiKey`; null where it was not.',
    }),
    pointsPerMinute: t.exposeInt('pointsPerMinute', {
      nullable: true,
      description: "What the key may spend of its user's points in a minute; null for all of them.",
    }),
  }),
});

builder.queryField('apiKeys', (t) =>
  t.field({
    type: [ApiKey],
    description: `The viewer's own API keys, newest first, with those that have expired or were revoked: the newest ${MAX_KEYS_LISTED}.`,
    extensions: NOT_KEPT,
    resolve: resolvers.apiKeys,
  }),
);

const { payloadType: CreateApiKeyPayload } = builder.relayMutationField(
  'createApiKey',
  {
    description: 'The API key to create.',
    inputFields: (t: InputFields) => ({
      name: t.string({
        required: true,
        description: `What the key is for, in your words: 1 to ${MAX_KEY_NAME_LENGTH} characters.`,
      }),
      scopes: t.field({
        type: [ApiKeyScope],
        required: true,
        defaultValue: ['READ', 'WRITE'],
        description: 'What the key may be used for: one scope or more, of those that the key of this request has.',
      }),
      expiresAt: t.field({
        type: 'DateTime',
        description:
          'When the key stops working by itself, in the future. Where it is left out: with the key of this request, or never.',
      }),
      userId: t.id({
        description:
          'The user that the key is to act for; yourself where it is left out. Another user requires scope ADMIN.',
      }),
      pointsPerMinute: t.int({
        description:
          "What the key may spend of its user's points in a minute, at least 1 and at most RATE_LIMIT_POINTS; all of them where it is left out. Requires scope ADMIN.",
      }),
    }),
  },
  {
    description: `Creates an API key; a user has at most ${MAX_KEYS_PER_USER} that work. The secret is shown this once, so this mutation takes no idempotency key. Errors: FORBIDDEN (a scope that the key of this request lacks, a later expiry, another user or \`pointsPerMinute\` without scope ADMIN, or a request with \`x-act-as\`), NOT_FOUND (the user), LIMIT_EXCEEDED.`,
    resolve: resolvers.createApiKey,
  },
  {
    description: 'An API key with its secret, which is shown this once.',
    outputFields: (t) => ({
      apiKey: t.expose('apiKey', { type: ApiKey, description: 'The new key.' }),
      secret: t.exposeString('secret', {
        description: 'The secret of the new key; send it as `Authorization: Bearer …`. Nobody can show it again.',
      }),
    }),
  },
);

const RotateApiKeyInput = builder.inputType('RotateApiKeyInput', {
  description: 'The API key whose place a new one takes.',
  fields: (t) => ({
    apiKeyId: t.id({ required: true, description: 'The id of the key to replace.' }),
    graceSeconds: t.int({
      defaultValue: 0,
      description: `How long the old secret works on, in seconds, from 0 to ${MAX_GRACE_DAYS} days.`,
    }),
  }),
});

builder.mutationField('rotateApiKey', (t) =>
  t.field({
    type: CreateApiKeyPayload,
    nullable: true,
    description:
      'Creates an API key with the name, scopes and expiry of another, whose place it takes at once or after a grace period. The secret is shown this once, so this mutation takes no idempotency key. Errors: FORBIDDEN (a scope that the key of this request lacks, or a request with `x-act-as`), NOT_FOUND, LIMIT_EXCEEDED.',
    args: {
      input: t.arg({ type: RotateApiKeyInput, required: true, description: 'The key to replace, and when it ends.' }),
    },
    resolve: resolvers.rotateApiKey,
  }),
);

builder.relayMutationField(
  'revokeApiKey',
  {
    description: 'The API key to revoke.',
    inputFields: (t: InputFields) => ({
      apiKeyId: t.id({ required: true, description: 'The id of the key to revoke.' }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Ends an API key at once; its live connections are closed with code 4403. A key that has been revoked stays as it is. Errors: FORBIDDEN (a request with `x-act-as`), NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.revokeApiKey,
  },
  {
    description: 'The API key that was revoked.',
    outputFields: (t) => ({ apiKey: t.expose('apiKey', { type: ApiKey, description: 'The revoked key.' }) }),
  },
);

builder.relayMutationField(
  'updateApiKey',
  {
    description: 'The API key to change; what is left out stays as it is.',
    inputFields: (t: InputFields) => ({
      apiKeyId: t.id({ required: true, description: 'The id of the key to change, of any user.' }),
      pointsPerMinute: t.int({
        description:
          "What the key may spend of its user's points in a minute, at least 1 and at most RATE_LIMIT_POINTS; null for all of them.",
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Sets what an API key may spend, which holds within a second. Requires scope ADMIN. Errors: FORBIDDEN (a request with `x-act-as`), NOT_FOUND, BAD_USER_INPUT, IDEMPOTENCY_CONFLICT.',
    authScopes: { admin: true },
    resolve: resolvers.updateApiKey,
  },
  {
    description: 'The API key that was changed.',
    outputFields: (t) => ({ apiKey: t.expose('apiKey', { type: ApiKey, description: 'The changed key.' }) }),
  },
);
