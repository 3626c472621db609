import * as resolvers from '#resolvers/audit.ts';
import { ApiKey } from './api-keys.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { connectionType } from './connection.ts';
import { User } from './users.ts';

const AuditEntry = builder.prismaObject('AuditEntry', {
  description: 'One change: who did what, when and from where. Written in the transaction of the change.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque, the same for ever.', resolve: idOf('AuditEntry') }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was done.' }),
    actor: t.field({
      type: User,
      nullable: true,
      description: 'The user it was done for; null where the server did it itself, or they are gone.',
      resolve: resolvers.actor,
    }),
    apiKey: t.field({
      type: ApiKey,
      nullable: true,
      description: 'The key it was done with.',
      resolve: resolvers.apiKey,
    }),
    action: t.exposeString('action', { description: 'What was done, as `conversation.delete`.' }),
    subjectId: t.id({
      nullable: true,
      description: 'What it was done to; it may be gone.',
      resolve: resolvers.subjectId,
    }),
    requestId: t.exposeString('requestId', {
      nullable: true,
      description: 'The request, as its `x-request-id` header and the log name it.',
    }),
    ip: t.exposeString('ip', { nullable: true, description: 'The address it came from.' }),
    detail: t.expose('detail', {
      type: 'JSON',
      nullable: true,
      description: 'What else is worth knowing; never content, never secrets.',
    }),
  }),
});

const AuditConnection = connectionType(AuditEntry, 'Audit', 'audit entries');

builder.queryField('auditLog', (t) =>
  t.field({
    type: AuditConnection,
    description: 'Every change, newest first. ADMIN.',
    authScopes: { admin: true },
    args: {
      actorId: t.arg.id({ description: 'Only what was done for this user.' }),
      action: t.arg.string({ description: 'Only this action, as `conversation.delete`.' }),
      since: t.arg({ type: 'DateTime', description: 'Only since then.' }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    resolve: resolvers.log,
  }),
);
