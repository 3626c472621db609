import { v7 as uuidv7 } from 'uuid';
import { lockConversation } from '#domain/conversations/conversations.ts';
import { MAX_CONTENT } from '#domain/conversations/messages.ts';
import { messageChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { checkText } from '#domain/core/validation.ts';
import { type Write, writeOnce } from '#domain/core/write.ts';
import type { Conversation, Job, Message } from '#generated/prisma/client.ts';
import { assertNoActiveReply } from './active-reply.ts';

/** What a user says, to be answered. */
export type NewUserMessage = {
  /** Null begins a new conversation. */
  conversationId: string | null;
  content: string;
  idempotencyKey?: string | null | undefined;
};

/** A user's message with the reply that is to come, and the job that writes it. */
export type StartedReply = { conversation: Conversation; userMessage: Message; reply: Message; job: Job };

/** The rows of a started reply: what an idempotency key keeps of its first use. */
export type ReplyIds = { conversationId: string; userMessageId: string; replyId: string; jobId: string };

/**
 * Adds a user's message to a conversation, and starts the reply. Safe to repeat with the same idempotency key. Throws
 * BadUserInput, NotFound, Conflict (a reply is being written), IdempotencyConflict.
 */
export async function sendMessage(deps: Deps, { idempotencyKey, ...input }: NewUserMessage): Promise<StartedReply> {
  const content = checkText('input.content', input.content, { max: MAX_CONTENT });
  return writeOnce(deps, {
    action: 'message.send',
    once: { key: idempotencyKey, input },
    async run(change) {
      const conversation = input.conversationId
        ? await lockConversation(change.tx, deps, input.conversationId)
        : await change.tx.conversation.create({ data: { id: uuidv7(), ownerId: deps.actor.userId } });
      return startReply(change, deps, conversation, content);
    },
    what: 'conversation',
    load: (ids) => loadStartedReply(deps, ids),
  });
}

/**
 * Stores the user's message and an empty reply behind it, and enqueues the job that writes it. The conversation is the
 * actor's, and locked. Throws Conflict.
 */
export async function startReply(
  { tx, about, enqueue, publish }: Write,
  deps: Deps,
  conversation: Conversation,
  content: string,
): Promise<ReplyIds> {
  const { id: conversationId } = conversation;
  const ownerId = deps.actor.userId;
  await assertNoActiveReply(tx, { conversationId, ownerId });
  const now = deps.now();
  const { lastSequence } = await tx.conversation.update({
    where: { id: conversationId },
    data: {
      lastSequence: { increment: 2 },
      title: conversation.title ?? makeTitle(content),
      lastActivityAt: now > conversation.lastActivityAt ? now : conversation.lastActivityAt,
      updatedAt: now,
    },
    select: { lastSequence: true },
  });
  const [userMessageId, replyId] = [uuidv7(), uuidv7()];
  const place = { conversationId, ownerId, sentAt: now, createdAt: now };
  await tx.message.createMany({
    data: [
      { ...place, id: userMessageId, sequence: lastSequence - 1, role: 'USER', content },
      { ...place, id: replyId, sequence: lastSequence, role: 'ASSISTANT', content: '', status: 'STREAMING' },
    ],
  });
  about({ type: 'Conversation', id: conversationId }, { messages: 2, firstSequence: lastSequence - 1 });
  publish(messageChannel(conversationId));
  const subject = { type: 'Message', id: replyId };
  const { id: jobId } = await enqueue({ kind: 'GENERATE_REPLY', subject, payload: { replyId, userMessageId } });
  return { conversationId, userMessageId, replyId, jobId };
}

/** Loads the rows as they are now; null where one of them was deleted since. */
export async function loadStartedReply(
  { database: { prisma } }: Deps,
  { conversationId, userMessageId, replyId, jobId }: ReplyIds,
): Promise<StartedReply | null> {
  const [conversation, userMessage, reply, job] = await Promise.all([
    prisma.conversation.findUnique({ where: { id: conversationId } }),
    prisma.message.findUnique({ where: { id: userMessageId } }),
    prisma.message.findUnique({ where: { id: replyId } }),
    prisma.job.findUnique({ where: { id: jobId } }),
  ]);
  return conversation && userMessage && reply && job && { conversation, userMessage, reply, job };
}

/** UTF-16 units of a title that is made of a message. */
const MAX_TITLE = 60;
/** UTF-16 units of a message that a title is made of: more spaces than that stand before no word. */
const MAX_TITLE_SOURCE = 1_000;

/** Makes a title of the beginning of a message, on one line, cut at a word; null where there is nothing to read. */
function makeTitle(content: string): string | null {
  const line = content
    .slice(0, MAX_TITLE_SOURCE)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  if (line.length <= MAX_TITLE) return line || null;
  const head = line.slice(0, MAX_TITLE);
  const lastSpace = head.lastIndexOf(' ');
  // What is one word, as in Chinese, is cut between two characters.
  return `${lastSpace > 0 ? head.slice(0, lastSpace) : head.replace(/[\uD800-\uDBFF]$/, '')}…`;
}
