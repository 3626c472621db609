import { replyChannel } from '#domain/core/channels.ts';
import { Conflict } from '#domain/core/errors.ts';
import type { JobHooks } from '#domain/core/job-hooks.ts';
import type { Tx } from '#domain/core/transaction.ts';
import type { Message } from '#generated/prisma/client.ts';
import { assertNoActiveReply, computeDiscardedOffset, endReply } from './active-reply.ts';

/** A reply's status follows the job that writes it. COMPLETE is for the job's own last write to say. */
export const replyJobHooks: JobHooks = {
  async onRetry({ tx, publish }, job) {
    const reply = await lockReply(tx, job.subjectId);
    if (!reply) throw new Conflict('The reply of this job is deleted.', { jobId: job.id });
    await assertNoActiveReply(tx, reply);
    await tx.message.update({
      where: { id: reply.id },
      data: { status: 'STREAMING', content: '', textOffset: { increment: computeDiscardedOffset(reply) } },
    });
    publish(replyChannel(reply.id));
  },
  onFailed: async (change, { subjectId }) => {
    if (subjectId) await endReply(change, subjectId, 'FAILED');
  },
  onCancelled: async (change, { subjectId }) => {
    if (subjectId) await endReply(change, subjectId, 'CANCELLED');
  },
};

/** Locks its conversation, as `sendMessage` does: no other reply begins meanwhile. */
async function lockReply(tx: Tx, id: string | null): Promise<Message | null> {
  if (!id) return null;
  await tx.$queryRaw`SELECT c.id FROM conversations c JOIN messages m ON m.conversation_id = c.id
    WHERE m.id = ${id}::uuid FOR NO KEY UPDATE OF c`;
  return tx.message.findUnique({ where: { id } });
}
