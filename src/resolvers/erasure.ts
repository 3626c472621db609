import * as domain from '#domain/operations/erasure/request-erasure.ts';
import type { Context } from './context.ts';
import { rowId } from './global-ids.ts';

/** Returns what belongs to a user, and the job that deletes it. */
export const eraseUser = (_root: unknown, { input }: { input: domain.ErasureRequest }, { deps }: Context) =>
  domain.requestErasure(deps, { ...input, userId: rowId(input.userId, 'User', 'input.userId') });
