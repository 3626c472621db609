import * as domain from '#domain/accounts/users.ts';
import { type WorkingHoursInput, workColumns, workingHoursOf } from '#domain/sales/meetings/working-hours.ts';
import type { User } from '#generated/prisma/client.ts';
import { userById } from '#loaders/users.ts';
import type { Context } from './context.ts';
import { existing } from './existing.ts';

/** Returns the user that the request acts for. */
export const viewer = (_root: unknown, _args: unknown, { deps, load }: Context) =>
  existing(load(userById, deps.actor.userId));

/** Returns a user by name; null where there is none. */
export const user = (_root: unknown, { username }: { username: string }, { deps }: Context) =>
  domain.findUserByName(deps, username);

/** Returns what a user holds, or has added since a moment. */
export const usage = (row: User, { since }: { since?: Date | null | undefined }, { deps }: Context) =>
  domain.measureUsage(deps, row.id, since ?? null);

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
