import { takeUpdateNumber } from '#domain/conversations/message-updates.ts';
import { replyChannel } from '#domain/core/channels.ts';
import { Conflict } from '#domain/core/errors.ts';
import type { JobHooks } from '#domain/core/job-hooks.ts';
import type { Tx } from '#domain/core/transaction.ts';
import type { Message } from '#generated/prisma/client.ts';
import { assertNoActiveReply, computeDiscardedOffset, endReply } from './active-reply.ts';

/** Keeps a reply's status in step with its job, except for COMPLETE, which the job's last write sets itself. */
export const replyJobHooks: JobHooks = {
  /**
   * Restarts the reply, at an offset after all text that was ever streamed for it. Throws Conflict if it was deleted, or if another reply
   * is being written.
   */
  async onRetry(change, job) {
    const { tx, publish, changed } = change;
    const reply = await lockReply(tx, job.subjectId);
    if (!reply) throw new Conflict('The reply of this job is deleted.', { jobId: job.id });
    await assertNoActiveReply(tx, reply);
    const begun = {
      status: 'STREAMING',
      content: '',
      textOffset: { increment: computeDiscardedOffset(reply) },
    } as const;
    const unrated = { rating: null, ratingComment: null };
    const updateNumber = await takeUpdateNumber(change, reply.conversationId);
    await tx.message.update({ where: { id: reply.id }, data: { ...begun, ...unrated, updateNumber } });
    publish(replyChannel(reply.id));
    changed({ ownerId: reply.ownerId, type: 'CONVERSATION', id: reply.conversationId });
  },
  /** Ends the reply as FAILED, with the text written so far. */
  onFailed: async (change, { subjectId }) => {
    if (subjectId) await endReply(change, subjectId, 'FAILED');
  },
  /** Ends the reply as CANCELLED, with the text written so far. */
  onCancelled: async (change, { subjectId }) => {
    if (subjectId) await endReply(change, subjectId, 'CANCELLED');
  },
};

/**
 * Locks the reply's conversation as `sendMessage` does, so that no other reply begins meanwhile, and returns the reply; null if it was
 * deleted.
 */
async function lockReply(tx: Tx, id: string | null): Promise<Message | null> {
  if (!id) return null;
  await tx.$queryRaw`SELECT c.id FROM conversations c JOIN messages m ON m.conversation_id = c.id
    WHERE m.id = ${id}::uuid FOR NO KEY UPDATE OF c`;
  return tx.message.findUnique({ where: { id } });
}
