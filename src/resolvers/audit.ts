import { BadUserInput } from '#domain/core/errors.ts';
import { globalId, type NodeType } from '#domain/core/global-ids.ts';
import type { PageArgs } from '#domain/core/paging.ts';
import { checkOptionalText, checkText } from '#domain/core/validation.ts';
import type { AuditEntry } from '#generated/prisma/client.ts';
import { apiKeyById } from '#loaders/api-keys.ts';
import { auditLog as auditLogList } from '#loaders/audit.ts';
import { userById } from '#loaders/users.ts';
import { connection } from './connections.ts';
import type { Context } from './context.ts';
import { optionalRowId, parseGlobalId } from './global-ids.ts';

type Args = PageArgs & {
  actorId?: string | null | undefined;
  subjectId?: string | null | undefined;
  action?: string | null | undefined;
  actions?: readonly string[] | null | undefined;
  since?: Date | null | undefined;
  until?: Date | null | undefined;
};

/** The longest `action` that the audit log is asked for, in UTF-16 units. */
export const MAX_ACTION_LENGTH = 100;

/** How many `actions` the audit log is asked for at most. */
export const MAX_ACTIONS = 20;

/** Returns a page of the audit log, newest first. */
export function auditLog(
  _root: unknown,
  { actorId, subjectId, action, actions, since, until, ...page }: Args,
  ctx: Context,
) {
  const filter = {
    actorId: optionalRowId(actorId, 'User', 'actorId'),
    subject: subjectId == null ? null : parseGlobalId(subjectId, 'subjectId'),
    actions: checkActions(action, actions),
    since: since ?? null,
    until: until ?? null,
  };
  return connection(ctx, auditLogList, { parentId: ctx.deps.actor.userId, filter }, page);
}

/** Returns the actions that pass both arguments; null if neither is given. Throws BadUserInput. */
function checkActions(action: string | null | undefined, actions: readonly string[] | null | undefined) {
  const one = checkOptionalText('action', action, { max: MAX_ACTION_LENGTH });
  if (actions == null) return one === null ? null : [one];
  if (actions.length < 1 || actions.length > MAX_ACTIONS)
    throw new BadUserInput('actions', `Give 1 to ${MAX_ACTIONS} actions; these are ${actions.length}.`);
  const several = actions.map((name, index) => checkText(`actions.${index}`, name, { max: MAX_ACTION_LENGTH }));
  return [...new Set(several)].filter((name) => one === null || name === one);
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
