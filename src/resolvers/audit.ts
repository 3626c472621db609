import type { PageArgs } from '#domain/core/paging.ts';
import { checkOptionalText } from '#domain/core/validation.ts';
import type { AuditEntry } from '#generated/prisma/client.ts';
import { apiKeyById } from '#loaders/api-keys.ts';
import { auditLog } from '#loaders/audit.ts';
import { userById } from '#loaders/users.ts';
import { connection } from './connections.ts';
import type { Context } from './context.ts';
import { globalId, type NodeType, optionalRowId } from './global-ids.ts';

type Args = PageArgs & {
  actorId?: string | null | undefined;
  action?: string | null | undefined;
  since?: Date | null | undefined;
};

export function log(_root: unknown, { actorId, action, since, ...page }: Args, ctx: Context) {
  const filter = {
    actorId: optionalRowId(actorId, 'User', 'actorId'),
    action: checkOptionalText('action', action, { max: 100 }),
    since: since ?? null,
  };
  return connection(ctx, auditLog, { parentId: ctx.deps.actor.userId, filter }, page);
}

export const actor = (row: AuditEntry, _args: unknown, { load }: Context) =>
  row.actorId ? load(userById, row.actorId) : null;
export const apiKey = (row: AuditEntry, _args: unknown, { load }: Context) =>
  row.apiKeyId ? load(apiKeyById, row.apiKeyId) : null;
export const subjectId = (row: AuditEntry) =>
  row.subjectType && row.subjectId ? globalId(row.subjectType as NodeType, row.subjectId) : null;
