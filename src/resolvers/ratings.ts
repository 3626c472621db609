import * as domain from '#domain/conversations/ratings.ts';
import type { Context } from './context.ts';
import { rowId } from './global-ids.ts';

/** Returns the reply with its rating. */
export async function rateMessage(_root: unknown, { input }: { input: domain.NewRating }, { deps }: Context) {
  const messageId = rowId(input.messageId, 'Message', 'input.messageId');
  return { message: await domain.rateMessage(deps, { ...input, messageId }) };
}

/** Returns how often replies of each model were rated. */
export const replyRatings = (
  _root: unknown,
  { allUsers }: { allUsers?: boolean | null | undefined },
  { deps }: Context,
) => domain.countRatings(deps, { allUsers: allUsers ?? false });
