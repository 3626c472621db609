import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, Conflict, NotFound } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import type { Job } from '#generated/prisma/client.ts';

/** The message that memories are to be extracted from. */
export type ExtractionRequest = WithIdempotencyKey & { messageId: string };

/**
 * Queues an EXTRACT_MEMORIES job for a message of the user, like the one that follows each reply. If there is one that has not ended, and
 * learns from the present text, returns that. Safe to repeat with the same idempotency key. Throws BadUserInput (the message is of another
 * role), NotFound, Conflict (it was said in a call, by a lead), IdempotencyConflict.
 */
export async function startExtraction(deps: Deps, { messageId: id, idempotencyKey }: ExtractionRequest): Promise<Job> {
  return writeAndLoad(deps, {
    action: 'memory.extract',
    once: { key: idempotencyKey, input: { messageId: id } },
    async run({ tx, about, enqueue }) {
      await assertSaidByUser(tx, deps, id);
      await lockRow(tx, 'messages', id);
      const open = await findOpenJob(tx, id);
      if (open) return open.id;
      const subject = { type: 'Message', id };
      about(subject);
      return (await enqueue({ kind: 'EXTRACT_MEMORIES', subject, payload: { messageId: id } })).id;
    },
    what: 'job',
    load: (jobId, tx) => tx.job.findUnique({ where: { id: jobId } }),
  });
}

async function assertSaidByUser(tx: Tx, { actor }: Deps, id: string): Promise<void> {
  const message = await tx.message.findFirst({
    where: { id, ownerId: actor.userId },
    select: { role: true, conversationId: true },
  });
  if (!message) throw new NotFound('message');
  if (message.role !== 'USER')
    throw new BadUserInput('input.messageId', 'Memories are learned from messages of the role USER only.');
  if ((await tx.call.count({ where: { conversationId: message.conversationId } })) > 0)
    throw new Conflict('This was said in a call by the lead, not by the user, about whom memories are.');
}

/** A job that began before the message was edited learns nothing from it, nor does one that is being cancelled. */
async function findOpenJob(tx: Tx, id: string): Promise<{ id: string } | null> {
  const message = await tx.message.findUnique({ where: { id }, select: { editedAt: true } });
  const begun = message?.editedAt ? { startedAt: { gt: message.editedAt } } : {};
  return tx.job.findFirst({
    where: {
      subjectId: id,
      kind: 'EXTRACT_MEMORIES',
      OR: [{ status: { in: ['QUEUED', 'RETRYING'] } }, { status: 'RUNNING', ...begun }],
    },
    select: { id: true },
  });
}
