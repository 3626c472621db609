import { globalId, type NodeType } from '#domain/core/global-ids.ts';
import type { PageArgs } from '#domain/core/paging.ts';
import { checkOptionalText } from '#domain/core/validation.ts';
import type { AuditEntry } from '#generated/prisma/client.ts';
import { apiKeyById } from '#loaders/api-keys.ts';
import { auditLog as auditLogList } from '#loaders/audit.ts';
import { userById } from '#loaders/users.ts';
import { connection } from './connections.ts';
import type { Context } from './context.ts';
import { optionalRowId } from './global-ids.ts';

type Args = PageArgs & {
  actorId?: string | null | undefined;
  action?: string | null | undefined;
  since?: Date | null | undefined;
};

/** The longest `action` that the audit log is asked for, in UTF-16 units. */
export const MAX_ACTION_LENGTH = 100;

/** Returns a page of the audit log, newest first. */
export function auditLog(_root: unknown, { actorId, action, since, ...page }: Args, ctx: Context) {
  const filter = {
    actorId: optionalRowId(actorId, 'User', 'actorId'),
    action: checkOptionalText('action', action, { max: MAX_ACTION_LENGTH }),
    since: since ?? null,
  };
  return connection(ctx, auditLogList, { parentId: ctx.deps.actor.userId, filter }, page);
}

/** Returns the user that an entry's change was made for; null where they are gone. */
export const actor = (row: AuditEntry, _args: unknown, { load }: Context) =>
  row.actorId ? load(userById, row.actorId) : null;

/** Returns the key that an entry's change was made with; null where it is gone. */
export const apiKey = (row: AuditEntry, _args: unknown, { load }: Context) =>
  row.apiKeyId ? load(apiKeyById, row.apiKeyId) : null;

/** Returns the global id of what an entry's change was about. */
export const subjectId = (row: AuditEntry) =>
  row.subjectType && row.subjectId ? globalId(row.subjectType as NodeType, row.subjectId) : null;
