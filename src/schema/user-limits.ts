import { MAX_POINTS_PER_MINUTE } from '#domain/accounts/user-limits.ts';
import * as resolvers from '#resolvers/user-limits.ts';
import { userEdge } from '#resolvers/users.ts';
import { builder } from './builder.ts';
import { payloadEdge } from './connection.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';
import { User, UserConnection } from './users.ts';

builder.relayMutationField(
  'setUserLimits',
  {
    description: 'The limits of one user; omitted fields stay unchanged.',
    inputFields: (t: InputFields) => ({
      userId: t.id({ required: true, description: 'The id of the user.' }),
      storageQuotaBytes: t.field({
        type: 'SafeInt',
        description:
          'How many bytes the media files of the user may take; 0 if the user may store none. Null: as many as MAX_STORAGE_GB allows every user.',
      }),
      pointsPerMinute: t.int({
        description: `How many points the user may spend per minute, 1 to ${MAX_POINTS_PER_MINUTE}. Null: RATE_LIMIT_POINTS, as every user.`,
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Sets how much one user may store, and spend per minute, instead of the limits of the installation: for plans of different sizes. Takes effect within a second, on WebSocket with the next connection. Files that are stored already are kept, even above a lower quota. Requires scope ADMIN. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    authScopes: { admin: true },
    resolve: resolvers.setUserLimits,
  },
  {
    description: 'The user whose limits were set.',
    outputFields: (t) => ({
      user: t.expose('user', { type: User, description: 'The user with the new limits.' }),
      userEdge: payloadEdge(t, UserConnection.edge, 'users', userEdge),
    }),
  },
);
