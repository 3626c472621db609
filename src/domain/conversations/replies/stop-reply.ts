import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, NotFound } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { hasEnded } from '#domain/core/job-states.ts';
import type { TransactionChange } from '#domain/core/transaction.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import { lockJob } from '#domain/jobs/changes.ts';
import { cancelLockedJob } from '#domain/jobs/jobs.ts';
import type { Message } from '#generated/prisma/client.ts';
import { endReply, findReplyJob } from './active-reply.ts';

/**
 * Ends a reply at once, with the text written so far, and cancels its job. A reply that has already ended is returned unchanged.
 * Safe to repeat with the same idempotency key. Throws NotFound, BadUserInput (no reply), IdempotencyConflict.
 */
export function stopReply(
  deps: Deps,
  { messageId, idempotencyKey }: WithIdempotencyKey & { messageId: string },
): Promise<Message> {
  return writeAndLoad(deps, {
    action: 'reply.stop',
    once: { key: idempotencyKey, input: { messageId } },
    async run(change) {
      const { tx, about } = change;
      const message = await tx.message.findFirst({ where: { id: messageId, ownerId: deps.actor.userId } });
      if (!message) throw new NotFound('message');
      if (message.role !== 'ASSISTANT')
        throw new BadUserInput('input.messageId', 'This message is not a reply; give the `reply` of a `sendMessage`.');
      const cancelled = await cancelReplyJob(deps, change, await findReplyJob(tx, messageId));
      const ended = await endReply(change, messageId, 'CANCELLED');
      if (cancelled || ended) about({ type: 'Message', id: messageId });
    },
    what: 'message',
    load: (_, tx) => tx.message.findFirst({ where: { id: messageId, ownerId: deps.actor.userId } }),
  });
}

/**
 * Cancels a job and returns true, or returns false if it has ended or is being cancelled. Has to come before the change of the message,
 * because the job is locked first everywhere.
 */
export async function cancelReplyJob(deps: Deps, change: TransactionChange, jobId: string | null): Promise<boolean> {
  const job = jobId && (await lockJob(change.tx, jobId));
  if (!job || hasEnded(job.status)) return false;
  return (await cancelLockedJob(deps, { ...change, now: deps.now() }, job)).version > job.version;
}
