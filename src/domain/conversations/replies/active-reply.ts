import { takeUpdateNumber } from '#domain/conversations/message-updates.ts';
import { replyChannel } from '#domain/core/channels.ts';
import { Conflict } from '#domain/core/errors.ts';
import type { TransactionChange, Tx } from '#domain/core/transaction.ts';
import { replyFinished } from '#domain/webhooks/events.ts';
import type { Message } from '#generated/prisma/client.ts';
import { discardReplaced, restoreReplaced } from './replaced-reply.ts';

type ConversationRef = { conversationId: string; ownerId: string };

/** Finds the reply that is being written in a conversation, and the job that writes it; null where there is none. */
export async function findActiveReply(
  tx: Tx,
  { conversationId, ownerId }: ConversationRef,
): Promise<{ messageId: string; jobId: string | null } | null> {
  const reply = await tx.message.findFirst({
    where: { conversationId, ownerId, status: 'STREAMING' },
    select: { id: true },
  });
  return reply && { messageId: reply.id, jobId: await findReplyJob(tx, reply.id) };
}

/** Returns the id of the newest job that writes or wrote the reply; null if it is gone. */
export async function findReplyJob(tx: Tx, messageId: string): Promise<string | null> {
  const job = await tx.job.findFirst({
    where: { kind: 'GENERATE_REPLY', subjectId: messageId },
    orderBy: { queuedAt: 'desc' },
    select: { id: true },
  });
  return job?.id ?? null;
}

/**
 * Throws Conflict, with the ids of the reply and its job, if a reply is being written. The caller has locked the conversation, so that
 * the result holds until the commit.
 */
export async function assertNoActiveReply(tx: Tx, where: ConversationRef): Promise<void> {
  const active = await findActiveReply(tx, where);
  if (active)
    throw new Conflict(
      'A reply is being written in this conversation: wait for it, or stop it with `stopReply`.',
      active,
    );
}

const REPLY_TEXT = { ownerId: true, conversationId: true, content: true } as const;

/**
 * Ends a reply with the text written so far, and returns true. If it was to be written again, and that has failed, or was stopped before
 * its first word, the reply says again what it said before. If it has already ended, does nothing and returns false. The caller has locked
 * the job that writes it, so nothing is written meanwhile.
 */
export async function endReply(
  change: TransactionChange,
  id: string,
  status: 'FAILED' | 'CANCELLED',
): Promise<boolean> {
  const { tx, publish, changed, emit } = change;
  const active = { id, status: 'STREAMING' } as const;
  const reply = await tx.message.findFirst({ where: active, select: REPLY_TEXT });
  if (!reply) return false;
  const { content, ...place } = reply;
  const updateNumber = await takeUpdateNumber(change, reply.conversationId);
  const { count } = await tx.message.updateMany({ where: active, data: { status, updateNumber } });
  if (count === 0) return false;
  if (status === 'FAILED' || content === '') await restoreReplaced(tx, id, computeDiscardedOffset(reply));
  else await discardReplaced(tx, id);
  publish(replyChannel(id));
  changed({ ownerId: reply.ownerId, type: 'CONVERSATION', id: reply.conversationId });
  emit(replyFinished({ ...place, id, status }));
  return true;
}

/**
 * Returns by how many UTF-16 units `textOffset` moves when the text so far is discarded: by its length plus one, so that even a
 * reader who has read it to its end is before the new text, and learns that it was restarted.
 */
export const computeDiscardedOffset = ({ content }: Pick<Message, 'content'>): number =>
  content === '' ? 0 : content.length + 1;
