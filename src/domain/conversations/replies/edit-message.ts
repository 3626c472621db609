import { v7 as uuidv7 } from 'uuid';
import { findOwnConversation, lockConversation } from '#domain/conversations/conversations.ts';
import { takeUpdateNumber } from '#domain/conversations/message-updates.ts';
import { MAX_CONTENT } from '#domain/conversations/messages.ts';
import { makeTitle } from '#domain/conversations/title-text.ts';
import { messageChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, Conflict, DomainError, NotFound } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { withExactJsonOf } from '#domain/core/json-columns.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { checkReadableText } from '#domain/core/validation.ts';
import { type Write, writeAndLoad } from '#domain/core/write.ts';
import { deleteMemoriesOf } from '#domain/memories/delete-of-conversation.ts';
import { acquireOwnerLock } from '#domain/memories/upsert.ts';
import type { Conversation, Job, Message } from '#generated/prisma/client.ts';
import { assertNoActiveReply, computeDiscardedOffset } from './active-reply.ts';

/** A new text for a message of a user. */
export type MessageEdit = WithIdempotencyKey & {
  messageId: string;
  content: string;
  /** Whether a reply to the new text is started. */
  resend: boolean;
  /** Whether the memories are deleted that were learned from the former text, and from what is discarded. */
  deleteMemories: boolean;
};

/** The message as edited, how many messages after it were discarded, and the reply that was started with its job, if any. */
export type EditedMessage = {
  conversation: Conversation;
  message: Message;
  discarded: number;
  reply: Message | null;
  job: Job | null;
};

type Edited = { discarded: number; replyId: string | null; jobId: string | null };

/** Milliseconds: 100,000 messages after the edited one take a tenth of it. */
const EDIT_TIMEOUT_MS = 60_000;
/**
 * The maximum number of messages that one edit discards, by the kind of the database. Readers see all of an edit or nothing, so that it is
 * one transaction: on the embedded database, where everybody waits for it, 100,000 take 3.4 s.
 */
const MAX_DISCARDED = { postgres: 500_000, embedded: 100_000 } as const;
/** How many messages one statement discards: far fewer than the time limit of a statement allows. */
const DISCARDED_AT_ONCE = 20_000;

/**
 * Replaces the text of a user's message, and discards all messages after it. The message takes the next number of its conversation, as if
 * it was said anew (docs/decisions/edited-messages.md). Safe to repeat with the same idempotency key. Throws BadUserInput (no message of a
 * user), NotFound, Conflict (a reply is being written; it was said in a call), LIMIT_EXCEEDED (too many messages
 * after it), IdempotencyConflict.
 */
export function editMessage(deps: Deps, { idempotencyKey, ...input }: MessageEdit): Promise<EditedMessage> {
  const content = checkReadableText('input.content', input.content, { max: MAX_CONTENT });
  return writeAndLoad(deps, {
    action: 'message.edit',
    once: { key: idempotencyKey, input },
    timeoutMs: EDIT_TIMEOUT_MS,
    async run(change): Promise<Edited> {
      if (input.deleteMemories) await acquireOwnerLock(change.tx, deps.actor.userId);
      const { conversationId } = await findEditable(change.tx, deps, input.messageId);
      const conversation = await lockConversation(change.tx, deps, conversationId);
      const message = await findEditable(change.tx, deps, input.messageId);
      await assertNoActiveReply(change.tx, message);
      await assertDiscardable(change.tx, deps, conversation, message);
      if (message.content === content && message.sequence === conversation.lastSequence && !input.resend)
        return { discarded: 0, replyId: null, jobId: null };
      const from = { conversationId, fromSequence: message.sequence };
      const memories = input.deleteMemories ? await deleteMemoriesOf(change, deps, from) : 0;
      const discarded = await discardAfter(change, message);
      if (message.content !== content) await detachFromText(change, message);
      await sayAnew(change, deps, { conversation, message, content, discarded, numbers: input.resend ? 2 : 1 });
      const { messageId } = input;
      change.about({ type: 'Message', id: messageId }, { discarded, ...(input.deleteMemories ? { memories } : {}) });
      const reply = input.resend ? await startReplyTo(change, deps, message, conversation.lastSequence + 2) : NO_REPLY;
      return { discarded, ...reply };
    },
    what: 'message',
    load: (edited, tx) => loadEdited(tx, deps, input.messageId, edited),
  });
}

const NO_REPLY = { replyId: null, jobId: null };

/** Returns the actor's message. Throws NotFound, BadUserInput, Conflict. */
async function findEditable(tx: Tx, { actor }: Deps, id: string): Promise<Message> {
  const message = await tx.message.findFirst({ where: { id, ownerId: actor.userId } });
  if (!message) throw new NotFound('message');
  if (message.role !== 'USER')
    throw new BadUserInput(
      'input.messageId',
      'Only messages of the USER are edited; `regenerateReply` writes a reply again.',
    );
  if ((await tx.call.count({ where: { conversationId: message.conversationId } })) > 0)
    throw new Conflict('This was said in a call, whose transcript stays as it is.');
  return message;
}

/** Throws LIMIT_EXCEEDED for more messages than one edit discards. */
async function assertDiscardable(
  tx: Tx,
  { database }: Deps,
  { lastSequence }: Conversation,
  { conversationId, sequence }: Message,
): Promise<void> {
  const limit = MAX_DISCARDED[database.kind];
  if (lastSequence - sequence <= limit) return;
  // Numbers of discarded messages are not used again, so that there may be far fewer messages than numbers.
  const after = { conversationId, sequence: { gt: sequence } };
  const beyond = await tx.message.findFirst({ where: after, skip: limit, select: { id: true } });
  if (!beyond) return;
  const count = limit.toLocaleString('en');
  throw new DomainError(
    'LIMIT_EXCEEDED',
    `More than ${count} messages follow this one, which is more than one edit discards: edit one of the last ${count} first, which discards those after it, and then this one.`,
    { limit },
  );
}

/** Deletes all messages after one, and returns their number. Memories that were learned from them stay without a source. */
async function discardAfter({ tx, changed }: Write, { conversationId, sequence }: Message): Promise<number> {
  const after = { conversationId, sequence: { gt: sequence } };
  const memories = await tx.memory.findMany({
    where: { sourceMessage: { is: after } },
    select: { id: true, ownerId: true },
  });
  for (const memory of memories) changed({ ...memory, type: 'MEMORY' });
  for (let total = 0; ; ) {
    const deleted = await tx.$executeRaw`DELETE FROM messages WHERE id = ANY(ARRAY(
      SELECT id FROM messages WHERE conversation_id = ${conversationId}::uuid AND sequence > ${sequence}
      ORDER BY sequence LIMIT ${DISCARDED_AT_ONCE}))`;
    total += deleted;
    if (deleted < DISCARDED_AT_ONCE) return total;
  }
}

/**
 * Memories that were learned from the former text of a message stay without a source, and what was forgotten of it is not in the new one.
 */
async function detachFromText({ tx, changed }: Write, { id, ownerId }: Message): Promise<void> {
  const memories = await tx.memory.updateManyAndReturn({
    where: { ownerId, sourceMessageId: id },
    data: { sourceMessageId: null },
    select: { id: true, ownerId: true },
  });
  for (const memory of memories) changed({ ...memory, type: 'MEMORY' });
  await tx.forgottenMessage.deleteMany({ where: { messageId: id } });
}

type NewText = {
  /** As it was when it was locked. */
  conversation: Conversation;
  message: Message;
  content: string;
  discarded: number;
  /** How many numbers the conversation needs: for the message, and for a reply to it. */
  numbers: number;
};

/** Gives the message its new text, at the end of its conversation. */
async function sayAnew(change: Write, deps: Deps, { conversation, message, ...edit }: NewText): Promise<void> {
  const { tx, publish, changed } = change;
  const now = deps.now();
  const updateNumber = await takeUpdateNumber(change, conversation.id, {
    lastSequence: { increment: edit.numbers },
    discardedNumbers: { increment: edit.discarded + 1 },
    ...titleColumns({ conversation, message, ...edit }),
    lastActivityAt: now > conversation.lastActivityAt ? now : conversation.lastActivityAt,
    updatedAt: now,
  });
  await tx.message.update({
    where: { id: message.id },
    data: {
      content: edit.content,
      textOffset: { increment: computeDiscardedOffset(message) },
      sequence: conversation.lastSequence + 1,
      discardedFrom: Math.min(message.discardedFrom ?? message.sequence, message.sequence),
      sentAt: now,
      editedAt: now,
      updateNumber,
    },
  });
  publish(messageChannel(conversation.id));
  changed({ ownerId: message.ownerId, type: 'CONVERSATION', id: conversation.id });
}

/**
 * What the title was made of is corrected with it; as with the first reply, a conversation without a title gets one when a reply is
 * started.
 */
function titleColumns({ conversation, message, content, numbers }: NewText) {
  const title = makeTitle(content);
  if (conversation.titleOrigin === 'USER_WORDS' && conversation.title === makeTitle(message.content)) return { title };
  const isUntitled = conversation.title === null && title !== null && numbers === 2;
  return isUntitled ? { title, titleOrigin: 'USER_WORDS' as const } : {};
}

/** Stores an empty reply to a message, and enqueues the job that writes it. */
async function startReplyTo({ tx, enqueue }: Write, deps: Deps, message: Message, sequence: number) {
  const { conversationId, ownerId, id: userMessageId } = message;
  const now = deps.now();
  const replyId = uuidv7();
  const place = { conversationId, ownerId, sequence, sentAt: now, createdAt: now };
  await tx.message.create({ data: { ...place, id: replyId, role: 'ASSISTANT', content: '', status: 'STREAMING' } });
  const subject = { type: 'Message', id: replyId };
  const { id: jobId } = await enqueue({ kind: 'GENERATE_REPLY', subject, payload: { replyId, userMessageId } });
  return { replyId, jobId };
}

/** Loads the current rows; null if one of them was deleted since. */
async function loadEdited(tx: Tx, deps: Deps, messageId: string, edited: Edited): Promise<EditedMessage | null> {
  const { discarded, replyId, jobId } = edited;
  const row = await tx.message.findUnique({ where: { id: messageId } });
  const message = await withExactJsonOf(tx, 'messages', row);
  const conversation = message && (await findOwnConversation(tx, deps, message.conversationId));
  const reply = replyId ? await tx.message.findUnique({ where: { id: replyId } }) : null;
  const job = jobId ? await tx.job.findUnique({ where: { id: jobId } }) : null;
  if (!conversation || (replyId && !reply) || (jobId && !job)) return null;
  return { conversation, message, discarded, reply, job };
}
