import * as domain from '#domain/accounts/user-limits.ts';
import type { Context } from './context.ts';
import { rowId } from './global-ids.ts';

type Args = { input: domain.UserLimits };

/** Returns the user whose limits were set. */
export const setUserLimits = async (_root: unknown, { input }: Args, { deps }: Context) => ({
  user: await domain.setUserLimits(deps, { ...input, userId: rowId(input.userId, 'User', 'input.userId') }),
});
