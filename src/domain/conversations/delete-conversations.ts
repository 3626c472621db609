import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, NotFound } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { beginOnce, explainInterruption, write } from '#domain/core/write.ts';
import { deleteConversation } from './delete-conversation.ts';

/** Which conversations to delete, and whether the memories that were learned from them are deleted, too. */
export type ConversationsDeletion = WithIdempotencyKey & {
  conversationIds: readonly string[];
  deleteMemories: boolean;
};

/** The maximum number of conversations of one request. */
export const MAX_DELETED = 100;

/**
 * Deletes the actor's conversations among those with the ids, one after the other, each as `deleteConversation` does, and returns their
 * ids. Of an interrupted request, a repetition deletes the rest. Of two with the same key and different ids at once, only one deletes any.
 * Safe to repeat with the same idempotency key. Throws BadUserInput, IdempotencyConflict, Unavailable.
 */
export function deleteConversations(deps: Deps, deletion: ConversationsDeletion): Promise<string[]> {
  return deleteEach(deps, deletion).catch(explainInterruption);
}

async function deleteEach(deps: Deps, { idempotencyKey, ...input }: ConversationsDeletion): Promise<string[]> {
  if (input.conversationIds.length > MAX_DELETED)
    throw new BadUserInput('input.conversationIds', `Give at most ${MAX_DELETED} ids.`, { limit: MAX_DELETED });
  const request = { action: 'conversation.delete-many', once: { key: idempotencyKey, input } };
  const { plan: ids, isDone } = await beginOnce(deps, request, await findOwn(deps, input.conversationIds));
  if (isDone) return ids;
  const { deleteMemories } = input;
  for (const conversationId of ids)
    await deleteConversation(deps, { conversationId, deleteMemories }).catch(unlessGone);
  return write(deps, { ...request, run: async () => ids });
}

async function findOwn({ database, actor }: Deps, ids: readonly string[]): Promise<string[]> {
  const where = { id: { in: [...ids] }, ownerId: actor.userId };
  const found = await database.prisma.conversation.findMany({ where, select: { id: true }, orderBy: { id: 'asc' } });
  return found.map(({ id }) => id);
}

/** Another request may delete the same conversations. */
function unlessGone(error: unknown): void {
  if (!(error instanceof NotFound)) throw error;
}
