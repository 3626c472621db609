import * as resolvers from '#resolvers/audit.ts';
import { ApiKey } from './api-keys.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { NOT_CACHED } from './caching.ts';
import { connectionType } from './connection.ts';
import { User } from './users.ts';

const AuditEntry = builder.prismaObject('AuditEntry', {
  description:
    'A record of one change: who made it, when and from where. Written in the same transaction as the change.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the audit entry; it never changes.', resolve: idOf('AuditEntry') }),
    at: t.expose('at', { type: 'DateTime', description: 'When the change was made.' }),
    actor: t.field({
      type: User,
      nullable: true,
      description: 'The user on whose behalf the change was made; null if the server made it, or the user was erased.',
      resolve: resolvers.actor,
    }),
    apiKey: t.field({
      type: ApiKey,
      nullable: true,
      description: 'The API key that the change was made with; null if the server made it, or the key was deleted.',
      resolve: resolvers.apiKey,
    }),
    action: t.exposeString('action', { description: 'The name of the action, such as `conversation.delete`.' }),
    subjectId: t.id({
      nullable: true,
      description: 'The id of the object that was changed; it may have been deleted since.',
      resolve: resolvers.subjectId,
    }),
    requestId: t.exposeString('requestId', {
      nullable: true,
      description: 'The id of the request that made the change, as in its `x-request-id` header and in the server log.',
    }),
    ip: t.exposeString('ip', { nullable: true, description: 'The IP address of the client.' }),
    detail: t.expose('detail', {
      type: 'JSON',
      nullable: true,
      description: 'Further details of the change. Never contains user content or secrets.',
    }),
  }),
});

const AuditConnection = connectionType(AuditEntry, 'Audit', 'audit entries');

builder.queryField('auditLog', (t) =>
  t.field({
    type: AuditConnection,
    description: 'The audit log of all users, newest first. Requires scope ADMIN.',
    authScopes: { admin: true },
    args: {
      actorId: t.arg.id({ description: 'Only changes made on behalf of the user with this id.' }),
      subjectId: t.arg.id({
        description: 'Only changes of the object with this id, of any type that `subjectId` has.',
      }),
      action: t.arg.string({
        description: `Only changes with exactly this action, such as \`conversation.delete\`; 1 to ${resolvers.MAX_ACTION_LENGTH} characters.`,
      }),
      actions: t.arg.stringList({
        description: `Only changes with exactly one of these actions; 1 to ${resolvers.MAX_ACTIONS}, of 1 to ${resolvers.MAX_ACTION_LENGTH} characters each.`,
      }),
      since: t.arg({ type: 'DateTime', description: 'Only changes made at this moment or later.' }),
      until: t.arg({ type: 'DateTime', description: 'Only changes made before this moment.' }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    extensions: NOT_CACHED,
    resolve: resolvers.auditLog,
  }),
);
