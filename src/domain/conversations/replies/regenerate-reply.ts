import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, Conflict, NotFound } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { hasEnded } from '#domain/core/job-states.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import type { Message } from '#generated/prisma/client.ts';
import { findReplyJob } from './active-reply.ts';
import { loadStartedReply, type StartedReply } from './replies.ts';
import { lockReply, restartReply } from './restart-reply.ts';

/**
 * Discards the newest reply of a conversation, and starts a job that writes it again, in the same message. Safe to repeat with the same
 * idempotency key. Throws NotFound, BadUserInput (no reply), Conflict (a reply is being written or stopped; it is not the newest message;
 * it was not written here), IdempotencyConflict.
 */
export function regenerateReply(
  deps: Deps,
  { messageId, idempotencyKey }: WithIdempotencyKey & { messageId: string },
): Promise<StartedReply> {
  return writeAndLoad(deps, {
    action: 'reply.regenerate',
    once: { key: idempotencyKey, input: { messageId } },
    async run(change) {
      const { tx, about, enqueue } = change;
      const reply = await lockReply(tx, messageId);
      if (reply?.ownerId !== deps.actor.userId) throw new NotFound('message');
      if (reply.role !== 'ASSISTANT')
        throw new BadUserInput('input.messageId', 'This message is not a reply; give the `reply` of a `sendMessage`.');
      const userMessageId = await findQuestion(tx, reply);
      await restartReply(change, reply);
      about({ type: 'Message', id: reply.id });
      const subject = { type: 'Message', id: reply.id };
      const { id: jobId } = await enqueue({
        kind: 'GENERATE_REPLY',
        subject,
        payload: { replyId: reply.id, userMessageId },
      });
      return { conversationId: reply.conversationId, userMessageId, replyId: reply.id, jobId };
    },
    what: 'message',
    load: (ids, tx) => loadStartedReply(tx, deps, ids),
  });
}

/** Returns the id of the message that a reply answers. Throws Conflict if the reply cannot be written again. */
async function findQuestion(tx: Tx, reply: Message): Promise<string> {
  const { conversationId, sequence } = reply;
  const newer = await tx.message.findFirst({
    where: { conversationId, sequence: { gt: sequence } },
    select: { id: true },
  });
  if (newer) throw new Conflict('Messages follow this reply; only the newest message can be written again.');
  const jobId = await findReplyJob(tx, reply.id);
  const job = jobId && (await tx.job.findUnique({ where: { id: jobId } }));
  if (job && reply.status !== 'STREAMING' && !hasEnded(job.status))
    throw new Conflict('This reply is still being stopped; try again in a moment.', { jobId });
  const question = await tx.message.findFirst({
    where: { conversationId, sequence: sequence - 1, role: 'USER' },
    select: { id: true },
  });
  // Only replies that were written here have a job, or a duration once it is deleted.
  if (!question || (!job && reply.latencyMs === null))
    throw new Conflict(
      'This message was stored as it is, so it cannot be written again; `sendMessage` starts a reply.',
    );
  return question.id;
}
