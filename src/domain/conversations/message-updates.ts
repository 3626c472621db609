import { messageUpdateChannel } from '#domain/core/channels.ts';
import type { TransactionChange } from '#domain/core/transaction.ts';
import type { Prisma } from '#generated/prisma/client.ts';

/**
 * Returns the number of the next update of a conversation's messages, and wakes who follows them after the commit; changes the
 * conversation otherwise by `data`. It stays locked until then, so that updates commit in the order of their numbers. 0 where
 * the conversation is gone, and its messages with it.
 */
export async function takeUpdateNumber(
  { tx, publish }: TransactionChange,
  conversationId: string,
  data: Prisma.ConversationUpdateManyMutationInput = {},
): Promise<number> {
  const [conversation] = await tx.conversation.updateManyAndReturn({
    where: { id: conversationId },
    data: { ...data, lastUpdate: { increment: 1 } },
    select: { lastUpdate: true },
  });
  publish(messageUpdateChannel(conversationId));
  return conversation?.lastUpdate ?? 0;
}
