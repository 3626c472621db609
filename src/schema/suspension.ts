import { MAX_REASON_LENGTH } from '#domain/operations/suspension/suspend-user.ts';
import * as resolvers from '#resolvers/suspension.ts';
import { userEdge } from '#resolvers/users.ts';
import { builder } from './builder.ts';
import { payloadEdge } from './connection.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';
import { User, UserConnection } from './users.ts';

const REASON = `1 to ${MAX_REASON_LENGTH} characters. It is kept in the audit log, and not shown to the user.`;

const suspensionFields = (t: InputFields, why: string) => ({
  userId: t.id({ required: true, description: 'The id of the user.' }),
  reason: t.string({ required: true, description: `${why}, ${REASON}` }),
  idempotencyKey: idempotencyKey(t),
});

builder.relayMutationField(
  'suspendUser',
  {
    description: 'The user to suspend.',
    inputFields: (t: InputFields) => suspensionFields(t, 'Why the user is suspended'),
  },
  {
    description:
      'Suspends a user, until `unsuspendUser` lifts that. All API keys of the user are refused with USER_SUSPENDED, and open connections are closed within seconds, with code 4403 on WebSocket. Jobs of the user fail with USER_SUSPENDED and can be retried later, campaigns are paused, and calls are cancelled unless they are answered. Nothing is deleted. No effect if the user is already suspended. Requires scope ADMIN. Errors: NOT_FOUND, CONFLICT (the viewer, or the last ADMIN), IDEMPOTENCY_CONFLICT.',
    authScopes: { admin: true },
    resolve: resolvers.suspendUser,
  },
  {
    description: 'The user who was suspended.',
    outputFields: (t) => ({
      user: t.expose('user', { type: User, description: 'The suspended user.' }),
      userEdge: payloadEdge(t, UserConnection.edge, 'users', userEdge),
    }),
  },
);

builder.relayMutationField(
  'unsuspendUser',
  {
    description: 'The user whose suspension is lifted.',
    inputFields: (t: InputFields) => suspensionFields(t, 'Why the suspension is lifted'),
  },
  {
    description:
      'Lifts the suspension of a user: all API keys work again that were not revoked and have not expired. Use `retryJob` and `resumeCampaign` to continue what was stopped. No effect if the user is not suspended. Requires scope ADMIN. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    authScopes: { admin: true },
    resolve: resolvers.unsuspendUser,
  },
  {
    description: 'The user whose suspension was lifted.',
    outputFields: (t) => ({
      user: t.expose('user', { type: User, description: 'The user, who is not suspended.' }),
      userEdge: payloadEdge(t, UserConnection.edge, 'users', userEdge),
    }),
  },
);
