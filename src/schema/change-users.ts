import { MAX_DISPLAY_NAME_LENGTH, MAX_USERNAME_LENGTH } from '#domain/accounts/users.ts';
import { MAX_EMAIL_LENGTH } from '#domain/core/validation.ts';
import * as resolvers from '#resolvers/users.ts';
import { builder } from './builder.ts';
import { payloadEdge } from './connection.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';
import { Role, User, UserConnection } from './users.ts';
import { WorkingHoursInput } from './working-hours.ts';

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
    outputFields: (t) => ({
      user: t.expose('user', { type: User, description: 'The new user.' }),
      userEdge: payloadEdge(t, UserConnection.edge, 'users', resolvers.userEdge),
    }),
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
