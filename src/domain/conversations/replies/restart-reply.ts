import { takeUpdateNumber } from '#domain/conversations/message-updates.ts';
import { replyChannel } from '#domain/core/channels.ts';
import type { TransactionChange, Tx } from '#domain/core/transaction.ts';
import { type Message, Prisma } from '#generated/prisma/client.ts';
import { assertNoActiveReply, computeDiscardedOffset } from './active-reply.ts';
import { keepReplaced } from './replaced-reply.ts';

/** What is known of a reply once it has been written. */
const UNWRITTEN = {
  model: null,
  tokensInput: null,
  tokensOutput: null,
  latencyMs: null,
  reasoning: null,
  citations: Prisma.DbNull,
  rating: null,
  ratingComment: null,
} as const;

/**
 * Empties a reply, which is to be written again, at an offset after all text that was ever streamed for it. What it says is kept until the
 * new text has ended (`endReply`). The caller has locked its conversation (`lockReply`). Throws Conflict if another reply is being written.
 */
export async function restartReply(change: TransactionChange, reply: Message): Promise<void> {
  const { tx, publish, changed } = change;
  await assertNoActiveReply(tx, reply);
  const begun = {
    status: 'STREAMING',
    content: '',
    textOffset: { increment: computeDiscardedOffset(reply) },
  } as const;
  const updateNumber = await takeUpdateNumber(change, reply.conversationId);
  await keepReplaced(tx, reply.id);
  await tx.message.update({ where: { id: reply.id }, data: { ...begun, ...UNWRITTEN, updateNumber } });
  publish(replyChannel(reply.id));
  changed({ ownerId: reply.ownerId, type: 'CONVERSATION', id: reply.conversationId });
}

/**
 * Locks the reply's conversation as `sendMessage` does, so that no other reply begins meanwhile, and returns the reply; null if it was
 * deleted.
 */
export async function lockReply(tx: Tx, id: string | null): Promise<Message | null> {
  if (!id) return null;
  await tx.$queryRaw`SELECT c.id FROM conversations c JOIN messages m ON m.conversation_id = c.id
    WHERE m.id = ${id}::uuid FOR NO KEY UPDATE OF c`;
  return tx.message.findUnique({ where: { id } });
}
