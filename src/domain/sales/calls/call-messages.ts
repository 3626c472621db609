import { v7 as uuidv7 } from 'uuid';
import { takeUpdateNumber } from '#domain/conversations/message-updates.ts';
import { messageChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import type { TransactionChange } from '#domain/core/transaction.ts';
import type { Call } from '#generated/prisma/client.ts';

/** Something that was said in a call: by the lead (USER) or the agent (ASSISTANT). */
export type Utterance = { role: 'USER' | 'ASSISTANT'; content: string };

/** Appends utterances to the conversation of a locked call, with the next numbers. Does nothing if the conversation was deleted. */
export async function appendUtterances(
  { tx, publish, changed }: TransactionChange,
  deps: Pick<Deps, 'now'>,
  { conversationId, ownerId }: Pick<Call, 'conversationId' | 'ownerId'>,
  utterances: readonly Utterance[],
): Promise<void> {
  const said = utterances.filter(({ content }) => content !== '');
  if (conversationId === null || said.length === 0) return;
  const now = deps.now();
  const { lastSequence } = await tx.conversation.update({
    where: { id: conversationId },
    data: { lastSequence: { increment: said.length }, lastActivityAt: now, updatedAt: now },
    select: { lastSequence: true },
  });
  const first = lastSequence - said.length + 1;
  const place = { conversationId, ownerId, sentAt: now, createdAt: now };
  await tx.message.createMany({
    data: said.map((utterance, index) => ({ ...place, ...utterance, id: uuidv7(), sequence: first + index })),
  });
  publish(messageChannel(conversationId));
  changed({ ownerId, type: 'CONVERSATION', id: conversationId });
}

/**
 * Marks the agent's last message as cut off: its text becomes the part that was heard, and the full text moves to its metadata. Does
 * nothing if the conversation was deleted or is empty, or if all of the message was heard.
 */
export async function markCutOff(
  change: TransactionChange,
  { conversationId, ownerId }: Pick<Call, 'conversationId' | 'ownerId'>,
  heard: string,
): Promise<void> {
  if (conversationId === null) return;
  const last = await change.tx.message.findFirst({
    where: { conversationId, role: 'ASSISTANT' },
    orderBy: { sequence: 'desc' },
    select: { id: true, content: true },
  });
  if (!last || last.content === heard) return;
  const updateNumber = await takeUpdateNumber(change, conversationId);
  const metadata = { cutOff: true, said: last.content };
  await change.tx.message.update({ where: { id: last.id }, data: { content: heard, metadata, updateNumber } });
  change.changed({ ownerId, type: 'CONVERSATION', id: conversationId });
}
