import * as domain from '#domain/operations/suspension/suspend-user.ts';
import type { Context } from './context.ts';
import { rowId } from './global-ids.ts';

type Args = { input: domain.UserToSuspend };

/** Returns the user who was suspended. */
export const suspendUser = async (_root: unknown, { input }: Args, { deps }: Context) => ({
  user: await domain.suspendUser(deps, { ...input, userId: rowId(input.userId, 'User', 'input.userId') }),
});

/** Returns the user whose suspension was lifted. */
export const unsuspendUser = async (_root: unknown, { input }: Args, { deps }: Context) => ({
  user: await domain.unsuspendUser(deps, { ...input, userId: rowId(input.userId, 'User', 'input.userId') }),
});
