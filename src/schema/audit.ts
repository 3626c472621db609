import * as resolvers from '#resolvers/audit.ts';
import { ApiKey } from './api-keys.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { NOT_KEPT } from './caching.ts';
import { connectionType } from './connection.ts';
import { User } from './users.ts';

const AuditEntry = builder.prismaObject('AuditEntry', {
  description: 'One change: who made it, when and from where. The entry is written in the transaction of the change.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the audit entry; it never changes.', resolve: idOf('AuditEntry') }),
    at: t.expose('at', { type: 'DateTime', description: 'When the change was made.' }),
    actor: t.field({
      type: User,
      nullable: true,
      description: 'The user that the change was made for; null where the server made it, or the user is gone.',
      resolve: resolvers.actor,
    }),
    apiKey: t.field({
      type: ApiKey,
      nullable: true,
      description: 'The API key that the change was made with; null where the server made it, or the key is gone.',
      resolve: resolvers.apiKey,
    }),
    action: t.exposeString('action', { description: 'What was done, such as `conversation.delete`.' }),
    subjectId: t.id({
      nullable: true,
      description: 'The id of the object that the change was about, which may be gone.',
      resolve: resolvers.subjectId,
    }),
    requestId: t.exposeString('requestId', {
      nullable: true,
      description: 'The request that made the change, as its `x-request-id` header and the log name it.',
    }),
    ip: t.exposeString('ip', { nullable: true, description: 'The address that the request came from.' }),
    detail: t.expose('detail', {
      type: 'JSON',
      nullable: true,
      description: 'What else there is to know about the change; never content, never secrets.',
    }),
  }),
});

const AuditConnection = connectionType(AuditEntry, 'Audit', 'audit entries');

builder.queryField('auditLog', (t) =>
  t.field({
    type: AuditConnection,
    description: 'Every change by any user, newest first. Requires scope ADMIN.',
    authScopes: { admin: true },
    args: {
      actorId: t.arg.id({ description: 'Only changes that were made for this user.' }),
      action: t.arg.string({
        description: `Only changes with exactly this action, as \`conversation.delete\`; 1 to ${resolvers.MAX_ACTION_LENGTH} characters.`,
      }),
      since: t.arg({ type: 'DateTime', description: 'Only changes that were made at this moment or later.' }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    extensions: NOT_KEPT,
    resolve: resolvers.auditLog,
  }),
);
