import type { UserFilter } from '#domain/accounts/user-filter.ts';
import * as domain from '#domain/accounts/users.ts';
import type { PageArgs } from '#domain/core/paging.ts';
import { checkTextFilter } from '#domain/core/validation.ts';
import { type WorkingHoursInput, workColumns, workingHoursOf } from '#domain/sales/meetings/working-hours.ts';
import type { User } from '#generated/prisma/client.ts';
import { allUsers, type UserOrder, usageOfUser, userById, userOrders } from '#loaders/users.ts';
import { connection, edgeIn } from './connections.ts';
import type { Context } from './context.ts';
import { existing } from './existing.ts';

/** Returns the user that the request acts for. */
export const viewer = (_root: unknown, _args: unknown, { deps, load }: Context) =>
  existing(load(userById, deps.actor.userId));

/** Returns a user by name; null where there is none. */
export const user = (_root: unknown, { username }: { username: string }, { deps }: Context) =>
  domain.findUserByName(deps, username);

type Args = PageArgs & {
  filter?: { [Part in keyof UserFilter]?: UserFilter[Part] | undefined } | null | undefined;
  orderBy?: UserOrder | null | undefined;
};

/** Returns a page of all users. */
export function users(_root: unknown, { filter, orderBy, ...page }: Args, ctx: Context) {
  const userFilter: UserFilter = {
    usernameContains: checkTextFilter('filter.usernameContains', filter?.usernameContains, domain.MAX_USERNAME_LENGTH),
    role: filter?.role ?? null,
    suspended: filter?.suspended ?? null,
  };
  const ordered = { ...userFilter, orderBy: orderBy ?? 'CREATED_DESC' };
  return connection(ctx, allUsers, { parentId: ctx.deps.actor.userId, filter: ordered }, page);
}

/** Returns the user of a payload at its position among all. */
export const userEdge = ({ user }: { user: User }, _args: unknown, ctx: Context) =>
  edgeIn(ctx, userOrders.CREATED_DESC, user);

type Period = { since?: Date | null | undefined; until?: Date | null | undefined };

/** Returns what a user holds, or has added in a period. */
export const usage = ({ id }: User, { since, until }: Period, { load }: Context) =>
  load(usageOfUser, { userId: id, since: since ?? null, until: until ?? null });

/** Returns when a user holds meetings. */
export const workingHours = (row: User, _args: unknown, { deps }: Context) => workingHoursOf(deps, row);

type ViewerInput = Omit<domain.ViewerChange, 'work'> & { workingHours?: WorkingHoursInput | null | undefined };

/** Returns the viewer as the change left them. */
export async function updateViewer(
  _root: unknown,
  { input: { workingHours, ...input } }: { input: ViewerInput },
  { deps }: Context,
) {
  const work = workingHours === undefined ? undefined : workColumns('input.workingHours', workingHours);
  return { viewer: await domain.updateViewer(deps, { ...input, work }) };
}

/** Returns the new user. */
export async function createUser(_root: unknown, { input }: { input: domain.NewUser }, { deps }: Context) {
  return { user: await domain.createUser(deps, input) };
}
