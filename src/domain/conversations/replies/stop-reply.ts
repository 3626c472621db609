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
 * Ends a reply with what was written of it, at once, and cancels its job. One that has ended is returned as it is.
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
    load: () => deps.database.prisma.message.findFirst({ where: { id: messageId, ownerId: deps.actor.userId } }),
  });
}

/**
 * Cancels a job, and returns true; false where it has ended, or is being cancelled. Call it before the message is changed:
 * everybody locks the job first.
 */
export async function cancelReplyJob(deps: Deps, change: TransactionChange, jobId: string | null): Promise<boolean> {
  const job = jobId && (await lockJob(change.tx, jobId));
  if (!job || hasEnded(job.status)) return false;
  return (await cancelLockedJob(deps, { ...change, now: deps.now() }, job)).version > job.version;
}
