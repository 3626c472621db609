import { v7 as uuidv7 } from 'uuid';
import { findOwnConversation, lockConversation } from '#domain/conversations/conversations.ts';
import { type ClientId, checkClientId, MAX_CONTENT } from '#domain/conversations/messages.ts';
import { type ModelSettings, modelColumns } from '#domain/conversations/model-settings.ts';
import { makeTitle } from '#domain/conversations/title-text.ts';
import { messageChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, Conflict } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { withExactJsonOf, writeMetadata } from '#domain/core/json-columns.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { checkReadableText } from '#domain/core/validation.ts';
import { type Write, writeAndLoad } from '#domain/core/write.ts';
import type { Conversation, Job, Message } from '#generated/prisma/client.ts';
import { assertNoActiveReply, findReplyJob } from './active-reply.ts';

/** A message of a user that is to be answered. */
export type NewUserMessage = WithIdempotencyKey & {
  /** Null begins a new conversation. */
  conversationId: string | null;
  content: string;
  metadata?: unknown;
} & ClientId &
  ModelSettings;

/** A user's message, the reply that was started, and the job that writes it. */
export type StartedReply = { conversation: Conversation; userMessage: Message; reply: Message; job: Job };

/** The ids of a started reply's rows, which are stored under an idempotency key. */
export type ReplyIds = { conversationId: string; userMessageId: string; replyId: string; jobId: string };

/**
 * Adds a user's message to a conversation, and starts the reply. If the conversation already has a message with the `clientId`, returns
 * that message and its reply, and stores nothing. Safe to repeat with the same idempotency key. Throws BadUserInput, NotFound, Conflict
 * (a reply is being written; the message with the `clientId` has no reply), IdempotencyConflict.
 */
export async function sendMessage(deps: Deps, { idempotencyKey, ...input }: NewUserMessage): Promise<StartedReply> {
  const message = {
    content: checkReadableText('input.content', input.content, { max: MAX_CONTENT }),
    metadata: input.metadata ?? undefined,
    clientId: checkClientId(input),
  };
  const settings = checkSettings(deps, input);
  return writeAndLoad(deps, {
    action: 'message.send',
    once: { key: idempotencyKey, input },
    async run(change) {
      const { tx } = change;
      const conversation = input.conversationId
        ? await lockConversation(tx, deps, input.conversationId)
        : await tx.conversation.create({ data: { id: uuidv7(), ownerId: deps.actor.userId, ...settings } });
      return startReply(change, deps, conversation, message);
    },
    what: 'message',
    load: (ids, tx) => loadStartedReply(tx, deps, ids),
  });
}

/** Returns the settings of a new conversation. Throws BadUserInput if there are any for an existing one. */
function checkSettings(deps: Deps, { conversationId, model, instructions }: NewUserMessage) {
  const columns = modelColumns(deps, { model, instructions });
  const [given] = Object.entries(columns).find(([, value]) => value !== null) ?? [];
  if (conversationId && given)
    throw new BadUserInput(
      `input.${given}`,
      'This is for a new conversation; `updateConversation` changes the one that you have.',
    );
  return columns;
}

/** Finds the message with a client id, and its reply; null if there is no such message. Throws Conflict if it has no reply. */
async function findSent(tx: Tx, conversationId: string, clientId: string): Promise<ReplyIds | null> {
  const message = await tx.message.findFirst({
    where: { conversationId, clientId },
    select: { id: true, sequence: true },
  });
  if (!message) return null;
  const behind = { conversationId, sequence: message.sequence + 1 };
  const reply = await tx.message.findFirst({ where: behind, select: { id: true } });
  const jobId = reply && (await findReplyJob(tx, reply.id));
  if (!jobId)
    throw new Conflict(
      'The message with this `clientId` was not sent to be answered, or long ago; read it, or send this one with a `clientId` of its own.',
      { messageId: message.id },
    );
  return { conversationId, userMessageId: message.id, replyId: reply.id, jobId };
}

/** A user's message as it is stored. */
type UserMessage = { content: string; clientId?: string | null; metadata?: unknown };

/**
 * Starts the reply to a user's message, or returns the message that the conversation has with the same client id, and its reply. The
 * conversation is the actor's, and the caller has locked it. Throws Conflict.
 */
export async function startReply(
  change: Write,
  deps: Deps,
  conversation: Conversation,
  message: UserMessage,
): Promise<ReplyIds> {
  const first = message.clientId && (await findSent(change.tx, conversation.id, message.clientId));
  return first || storeMessages(change, deps, conversation, message);
}

/** Stores the user's message and an empty reply after it, and enqueues the job that writes the reply. Throws Conflict. */
async function storeMessages(
  { tx, about, enqueue, publish, changed }: Write,
  deps: Deps,
  conversation: Conversation,
  { metadata, ...message }: UserMessage,
): Promise<ReplyIds> {
  const { id: conversationId } = conversation;
  const ownerId = deps.actor.userId;
  await assertNoActiveReply(tx, { conversationId, ownerId });
  const title = conversation.title === null ? makeTitle(message.content) : null;
  const now = deps.now();
  const { lastSequence } = await tx.conversation.update({
    where: { id: conversationId },
    data: {
      lastSequence: { increment: 2 },
      ...(title !== null && { title, titleOrigin: 'USER_WORDS' }),
      lastActivityAt: now > conversation.lastActivityAt ? now : conversation.lastActivityAt,
      updatedAt: now,
    },
    select: { lastSequence: true },
  });
  const [userMessageId, replyId] = [uuidv7(), uuidv7()];
  const place = { conversationId, ownerId, sentAt: now, createdAt: now };
  await tx.message.createMany({
    data: [
      { ...place, id: userMessageId, sequence: lastSequence - 1, role: 'USER', ...message },
      { ...place, id: replyId, sequence: lastSequence, role: 'ASSISTANT', content: '', status: 'STREAMING' },
    ],
  });
  await writeMetadata(tx, 'messages', userMessageId, metadata);
  about({ type: 'Conversation', id: conversationId }, { messages: 2, firstSequence: lastSequence - 1 });
  publish(messageChannel(conversationId));
  changed({ ownerId, type: 'CONVERSATION', id: conversationId });
  const subject = { type: 'Message', id: replyId };
  const { id: jobId } = await enqueue({ kind: 'GENERATE_REPLY', subject, payload: { replyId, userMessageId } });
  return { conversationId, userMessageId, replyId, jobId };
}

/** Loads the current rows; null if one of them was deleted since. */
export async function loadStartedReply(
  tx: Tx,
  deps: Deps,
  { conversationId, userMessageId, replyId, jobId }: ReplyIds,
): Promise<StartedReply | null> {
  const conversation = await findOwnConversation(tx, deps, conversationId);
  const messages = await tx.message.findMany({ where: { id: { in: [userMessageId, replyId] } } });
  const find = (id: string) => messages.find((message) => message.id === id) ?? null;
  const [userMessage, reply] = [await withExactJsonOf(tx, 'messages', find(userMessageId)), find(replyId)];
  const job = await tx.job.findUnique({ where: { id: jobId } });
  return conversation && userMessage && reply && job && { conversation, userMessage, reply, job };
}
