import type { Deps } from '#domain/core/deps.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { checkWholeNumber } from '#domain/core/validation.ts';
import { type Write, writeAndLoad } from '#domain/core/write.ts';
import type { Conversation } from '#generated/prisma/client.ts';
import { findOwnConversation, lockConversation } from './conversations.ts';

/**
 * Whether a message, `m` of an SQL statement, waits to be read where it is behind the position up to which its owner has
 * read: an answer that is whole or has failed. What users write they know, a reply that they have stopped they have seen, and calls
 * of tools and their results are steps on the way to an answer. The index messages_to_be_read has the same words: a thousand messages of
 * each of a hundred conversations are counted in 7 ms with it, and in 100 ms, from 100,000 pages, without.
 */
export const IS_TO_BE_READ = /* sql */ `m.role = 'ASSISTANT' AND m.status IN ('COMPLETE', 'FAILED') AND m.tool_calls IS NULL`;

/** Unread messages that are counted of one conversation; more are so many, too. */
export const MAX_UNREAD_COUNT = 1_000;

/** The highest sequence there can be: PostgreSQL's `integer`. */
const MAX_SEQUENCE = 2 ** 31 - 1;

/** A place in a conversation, by the sequence of a message. */
export type ReadPosition = WithIdempotencyKey & { conversationId: string; sequence: number };
/** The same, where the sequence may be left out. */
export type UnreadPosition = Omit<ReadPosition, 'sequence'> & { sequence?: number | null | undefined };

/**
 * Marks a conversation as read up to a message, or to its end where that comes before; never back. A reply that is being written
 * is not read yet: the position stops before it. Safe to repeat with the same idempotency key. Throws BadUserInput, NotFound,
 * IdempotencyConflict.
 */
export function markConversationRead(deps: Deps, { sequence, ...place }: ReadPosition): Promise<Conversation> {
  checkWholeNumber('input.sequence', sequence, { min: 0, max: MAX_SEQUENCE });
  return moveReadPosition(deps, 'conversation.mark-read', { sequence, ...place }, async (tx, conversation) => {
    const reply = await tx.message.findFirst({
      where: { conversationId: conversation.id, status: 'STREAMING' },
      select: { sequence: true },
    });
    const end = reply ? reply.sequence - 1 : conversation.lastSequence;
    return Math.max(conversation.lastReadSequence, Math.min(sequence, end));
  });
}

/**
 * Marks a conversation as unread from a message on, by default from the newest that can be unread; never forward. Safe to
 * repeat with the same idempotency key. Throws BadUserInput, NotFound, IdempotencyConflict.
 */
export function markConversationUnread(deps: Deps, { sequence, ...place }: UnreadPosition): Promise<Conversation> {
  if (sequence != null) checkWholeNumber('input.sequence', sequence, { min: 1, max: MAX_SEQUENCE });
  return moveReadPosition(deps, 'conversation.mark-unread', { sequence, ...place }, async (tx, conversation) => {
    const first = sequence ?? (await findNewestToBeRead(tx, conversation));
    return first === null ? conversation.lastReadSequence : Math.min(conversation.lastReadSequence, first - 1);
  });
}

/** Moves the position up to which the actor has read a conversation to where `find` says, while nobody else moves it. */
function moveReadPosition(
  deps: Deps,
  action: string,
  { idempotencyKey, ...input }: UnreadPosition,
  find: (tx: Tx, conversation: Conversation) => Promise<number>,
): Promise<Conversation> {
  const { conversationId: id } = input;
  return writeAndLoad(deps, {
    action,
    once: { key: idempotencyKey, input },
    async run({ tx, about, changed }: Write) {
      const conversation = await lockConversation(tx, deps, id);
      const lastReadSequence = await find(tx, conversation);
      if (lastReadSequence === conversation.lastReadSequence) return;
      await tx.conversation.update({ where: { id }, data: { lastReadSequence, updatedAt: deps.now() } });
      about({ type: 'Conversation', id }, { lastReadSequence });
      changed({ ownerId: deps.actor.userId, type: 'CONVERSATION', id });
    },
    what: 'conversation',
    load: (_, tx) => findOwnConversation(tx, deps, id),
  });
}

async function findNewestToBeRead(tx: Tx, { id }: Conversation): Promise<number | null> {
  const [message] = await tx.$queryRawUnsafe<{ sequence: number }[]>(
    `SELECT m.sequence FROM messages m WHERE m.conversation_id = $1::uuid AND ${IS_TO_BE_READ}
     ORDER BY m.sequence DESC LIMIT 1`,
    id,
  );
  return message?.sequence ?? null;
}
