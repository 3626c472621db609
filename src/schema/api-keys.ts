import { MAX_GRACE_DAYS, MAX_KEY_NAME_LENGTH, MAX_KEYS_LISTED } from '#domain/accounts/api-keys.ts';
import { MAX_KEYS_PER_USER } from '#domain/accounts/key-grants.ts';
import * as resolvers from '#resolvers/api-keys.ts';
import { builder, idOf, Node } from './builder.ts';
import { NOT_CACHED } from './caching.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';
import { User } from './users.ts';

const ApiKeyScope = builder.enumType('ApiKeyScope', {
  description: 'A permission of an API key. Scopes are independent: none includes another.',
  values: {
    READ: { description: 'Allows queries and subscriptions.' },
    WRITE: { description: 'Allows mutations and file uploads.' },
    ADMIN: {
      description:
        'Allows operations whose description says "Requires scope ADMIN."; the user must have the role ADMIN, too.',
    },
    ACT_AS: {
      description: 'Lets a service act for another user, named in the `x-act-as` header (or `connection_init` field).',
    },
  },
});

export const ApiKey = builder.prismaObject('ApiKey', {
  description: 'A credential with which a program acts for a user.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id of the API key (not its secret); it never changes.',
      resolve: idOf('ApiKey'),
    }),
    name: t.exposeString('name', { description: 'A name that says what the key is for.' }),
    prefix: t.exposeString('prefix', {
      description:
        'The first characters of the secret, to recognize the key. The secret itself is stored only as a hash.',
    }),
    scopes: t.expose('scopes', { type: [ApiKeyScope], description: 'The permissions of the key.' }),
    user: t.field({ type: User, description: 'The user that the key acts for.', resolve: resolvers.user }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the key was created.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the key expires; null if it never expires.',
    }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the key was last used, accurate to the minute; null if it was never used.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the key was revoked, by `revokeApiKey` or `rotateApiKey`; null if it was not.',
    }),
    pointsPerMinute: t.exposeInt('pointsPerMinute', {
      nullable: true,
      description:
        "How many of its user's rate limit points the key may spend per minute; null if only the user's limit applies.",
    }),
  }),
});

builder.queryField('apiKeys', (t) =>
  t.field({
    type: [ApiKey],
    description: `The newest ${MAX_KEYS_LISTED} API keys of the viewer, newest first, including expired and revoked ones.`,
    extensions: NOT_CACHED,
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
        description: `A name that says what the key is for, 1 to ${MAX_KEY_NAME_LENGTH} characters.`,
      }),
      scopes: t.field({
        type: [ApiKeyScope],
        required: true,
        defaultValue: ['READ', 'WRITE'],
        description: 'The permissions of the key: at least one, only scopes that the API key of this request has.',
      }),
      expiresAt: t.field({
        type: 'DateTime',
        description:
          'When the key expires; must be in the future. Default: when the API key of this request expires, or never.',
      }),
      userId: t.id({
        description: 'The user that the key acts for. Default: the viewer. For another user, requires scope ADMIN.',
      }),
      pointsPerMinute: t.int({
        description:
          "How many of its user's rate limit points the key may spend per minute, from 1 to as many as the user has. Default: no limit of its own. Requires scope ADMIN.",
      }),
    }),
  },
  {
    description: `Creates an API key. A user can have at most ${MAX_KEYS_PER_USER} active keys. The secret is returned only once, so this mutation has no idempotency key. Errors: FORBIDDEN (a scope that the key of this request lacks, an expiry after that of this key, another user or \`pointsPerMinute\` without scope ADMIN, or a request with \`x-act-as\`), NOT_FOUND (the user), LIMIT_EXCEEDED (too many keys).`,
    resolve: resolvers.createApiKey,
  },
  {
    description: 'An API key with its secret, which is returned only once.',
    outputFields: (t) => ({
      apiKey: t.expose('apiKey', { type: ApiKey, description: 'The new key.' }),
      secret: t.exposeString('secret', {
        description:
          'The secret of the new key, to be sent as `Authorization: Bearer …`. It cannot be retrieved again.',
      }),
    }),
  },
);

const RotateApiKeyInput = builder.inputType('RotateApiKeyInput', {
  description: 'The API key to replace by a new one.',
  fields: (t) => ({
    apiKeyId: t.id({ required: true, description: 'The id of the key to replace.' }),
    graceSeconds: t.int({
      defaultValue: 0,
      description: `How long the old secret stays valid, in seconds, from 0 to ${MAX_GRACE_DAYS} days.`,
    }),
  }),
});

builder.mutationField('rotateApiKey', (t) =>
  t.field({
    type: CreateApiKeyPayload,
    nullable: true,
    description:
      'Replaces an API key by a new one with the same name, scopes and expiry. The old key is revoked at once, or after a grace period. The secret is returned only once, so this mutation has no idempotency key. Errors: FORBIDDEN (a scope that the key of this request lacks, or a request with `x-act-as`), NOT_FOUND, LIMIT_EXCEEDED.',
    args: {
      input: t.arg({
        type: RotateApiKeyInput,
        required: true,
        description: 'The key to replace, and when it is revoked.',
      }),
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
      'Revokes an API key immediately. Its WebSocket connections are closed with code 4403. No effect if the key is already revoked. Errors: FORBIDDEN (a request with `x-act-as`), NOT_FOUND, IDEMPOTENCY_CONFLICT.',
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
    description: 'The API key to change; omitted fields stay unchanged.',
    inputFields: (t: InputFields) => ({
      apiKeyId: t.id({ required: true, description: 'The id of the key to change, which may belong to any user.' }),
      pointsPerMinute: t.int({
        description:
          "How many of its user's rate limit points the key may spend per minute, from 1 to as many as the user has; null for no limit of its own.",
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Sets the rate limit of an API key, effective within a second. Requires scope ADMIN. Errors: FORBIDDEN (a request with `x-act-as`), NOT_FOUND, BAD_USER_INPUT, IDEMPOTENCY_CONFLICT.',
    authScopes: { admin: true },
    resolve: resolvers.updateApiKey,
  },
  {
    description: 'The API key that was changed.',
    outputFields: (t) => ({ apiKey: t.expose('apiKey', { type: ApiKey, description: 'The changed key.' }) }),
  },
);
