import { messageChannel, messageUpdateChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { beginOnce, explainInterruption, write } from '#domain/core/write.ts';
import { lockJob } from '#domain/jobs/changes.ts';
import {
  deleteMemoriesInSlices,
  deleteMemoriesOf,
  detachMemoriesInSlices,
} from '#domain/memories/delete-of-conversation.ts';
import { lockConversation } from './conversations.ts';
import { findActiveReply } from './replies/active-reply.ts';
import { cancelReplyJob } from './replies/stop-reply.ts';

/** Which conversation to delete, and whether the memories that were learned from it are deleted, too. */
export type ConversationDeletion = WithIdempotencyKey & { conversationId: string; deleteMemories?: boolean };

/**
 * Deletes a conversation with all its messages, also one that is being written; whoever follows it learns that it has ended. Its
 * memories stay without a conversation, or are deleted with it. Of many memories or messages, most are dealt with in transactions of their
 * own before it. Safe to repeat with the same idempotency key. Throws NotFound, IdempotencyConflict, Unavailable.
 */
export function deleteConversation(deps: Deps, deletion: ConversationDeletion): Promise<void> {
  return deleteInSlices(deps, deletion).catch(explainInterruption);
}

async function deleteInSlices(deps: Deps, input: ConversationDeletion): Promise<void> {
  const { conversationId: id, deleteMemories = false, idempotencyKey } = input;
  const { prisma } = deps.database;
  const once = { key: idempotencyKey, input: { conversationId: id, ...(deleteMemories ? { deleteMemories } : {}) } };
  const request = { action: 'conversation.delete', once };
  const exists = (await prisma.conversation.count({ where: { id, ownerId: deps.actor.userId } })) > 0;
  if (exists && !(await beginOnce(deps, request, null)).isDone) {
    await (deleteMemories ? deleteMemoriesInSlices : detachMemoriesInSlices)(deps, { conversationId: id });
    await deleteMessagesInSlices(deps, id);
  }
  await write(deps, {
    ...request,
    async run(change) {
      const { tx, about, publish, changed } = change;
      const ownerId = deps.actor.userId;
      const reply = await findActiveReply(tx, { conversationId: id, ownerId });
      if (reply?.jobId) await lockJob(tx, reply.jobId);
      const deleted = deleteMemories ? await deleteMemoriesOf(change, deps, { conversationId: id }) : null;
      await lockConversation(tx, deps, id);
      // A job that goes on would find nothing to write to.
      if (reply) await cancelReplyJob(deps, change, reply.jobId);
      const memories = await tx.memory.findMany({ where: { conversationId: id }, select: { id: true, ownerId: true } });
      await tx.conversation.delete({ where: { id } });
      about({ type: 'Conversation', id }, deleted === null ? undefined : { memories: deleted });
      changed({ ownerId, type: 'CONVERSATION', id, deleted: true });
      for (const memory of memories) changed({ ...memory, type: 'MEMORY' });
      for (const channel of [messageChannel(id), messageUpdateChannel(id)]) publish(channel);
    },
  });
}

/** How many messages one transaction deletes at most. */
export const SLICE_MESSAGES = 2_000;

/**
 * Deletes messages of the actor's conversation, 2,000 per transaction, until there are no more than that. Each transaction is audited. Safe to repeat,
 * also after a crash. Does nothing for somebody else's conversation.
 */
async function deleteMessagesInSlices(deps: Deps, conversationId: string): Promise<void> {
  const where = { conversationId, ownerId: deps.actor.userId };
  for (;;) {
    const rest = await deps.database.prisma.message.findFirst({ where, skip: SLICE_MESSAGES, select: { id: true } });
    if (!rest) return;
    await write(deps, {
      action: 'conversation.delete-messages',
      async run({ tx, about, changed }) {
        await lockConversation(tx, deps, conversationId);
        const messages = await deleteOldestMessages(tx, conversationId);
        changed({ ownerId: where.ownerId, type: 'CONVERSATION', id: conversationId });
        about({ type: 'Conversation', id: conversationId }, { messages });
      },
    });
  }
}

/** Deletes the oldest messages of a conversation that is locked, SLICE_MESSAGES at most, and returns their number. */
export async function deleteOldestMessages(tx: Tx, conversationId: string): Promise<number> {
  const deleted = await tx.$executeRaw`DELETE FROM messages WHERE id = ANY(ARRAY(
    SELECT id FROM messages WHERE conversation_id = ${conversationId}::uuid ORDER BY sequence LIMIT ${SLICE_MESSAGES}))`;
  await tx.conversation.update({
    where: { id: conversationId },
    data: { discardedNumbers: { increment: deleted } },
    select: { id: true },
  });
  return deleted;
}
