import { takeUpdateNumber } from '#domain/conversations/message-updates.ts';
import { replyChannel } from '#domain/core/channels.ts';
import { Conflict } from '#domain/core/errors.ts';
import type { JobHooks } from '#domain/core/job-hooks.ts';
import type { Tx } from '#domain/core/transaction.ts';
import type { Message } from '#generated/prisma/client.ts';
import { assertNoActiveReply, computeDiscardedOffset, endReply } from './active-reply.ts';

/** Lets a reply's status follow the job that writes it, except COMPLETE, which the job's own last write sets. */
export const replyJobHooks: JobHooks = {
  /**
   * Begins the reply anew, behind all the text that was ever streamed for it. Throws Conflict where it is deleted, or
   * another is being written.
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
  /** Ends the reply as FAILED, with what was written of it. */
  onFailed: async (change, { subjectId }) => {
    if (subjectId) await endReply(change, subjectId, 'FAILED');
  },
  /** Ends the reply as CANCELLED, with what was written of it. */
  onCancelled: async (change, { subjectId }) => {
    if (subjectId) await endReply(change, subjectId, 'CANCELLED');
  },
};

/**
 * Returns the reply, and locks its conversation as `sendMessage` does: no other reply begins meanwhile. Null where it is
 * deleted.
 */
async function lockReply(tx: Tx, id: string | null): Promise<Message | null> {
  if (!id) return null;
  await tx.$queryRaw`SELECT c.id FROM conversations c JOIN messages m ON m.conversation_id = c.id
    WHERE m.id = ${id}::uuid FOR NO KEY UPDATE OF c`;
  return tx.message.findUnique({ where: { id } });
}
