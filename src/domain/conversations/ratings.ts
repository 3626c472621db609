import { isAdmin } from '#domain/core/actor.ts';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, Conflict, Forbidden, NotFound } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { checkOptionalText } from '#domain/core/validation.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import type { Message } from '#generated/prisma/client.ts';
import type { MessageRating } from '#generated/prisma/enums.ts';
import { lockConversation } from './conversations.ts';
import { takeUpdateNumber } from './message-updates.ts';

/** What a user thinks of a reply; a null rating clears it. */
export type NewRating = WithIdempotencyKey & {
  messageId: string;
  rating?: MessageRating | null | undefined;
  comment?: string | null | undefined;
};

/** UTF-16 units. */
export const MAX_RATING_COMMENT_LENGTH = 2_000;

/**
 * Rates a reply of the actor's, in place of the rating and comment that it had. Safe to repeat with the same idempotency key.
 * Throws BadUserInput (no reply, a comment without a rating), NotFound, Conflict (it is being written), IdempotencyConflict.
 */
export async function rateMessage(deps: Deps, { idempotencyKey, ...input }: NewRating): Promise<Message> {
  const { messageId: id, rating = null } = input;
  const comment = checkOptionalText('input.comment', input.comment, { max: MAX_RATING_COMMENT_LENGTH });
  if (comment !== null && rating === null)
    throw new BadUserInput(
      'input.comment',
      'A comment goes with a `rating`: give UP or DOWN, or leave the comment out.',
    );
  return writeAndLoad(deps, {
    action: 'message.rate',
    once: { key: idempotencyKey, input },
    async run(change) {
      const { tx, about, changed } = change;
      const reply = await lockRatedReply(tx, deps, id);
      if (reply.rating === rating && reply.ratingComment === comment) return;
      const updateNumber = await takeUpdateNumber(change, reply.conversationId);
      await tx.message.update({ where: { id }, data: { rating, ratingComment: comment, updateNumber } });
      about({ type: 'Message', id }, { rating });
      changed({ ownerId: reply.ownerId, type: 'CONVERSATION', id: reply.conversationId });
    },
    what: 'message',
    load: (_, tx) => findOwnMessage(tx, deps, id),
  });
}

/** Returns the actor's reply, and locks its conversation. Throws NotFound, BadUserInput, Conflict. */
async function lockRatedReply(tx: Tx, deps: Deps, id: string): Promise<Message> {
  const found = await findOwnMessage(tx, deps, id);
  if (!found) throw new NotFound('message');
  await lockConversation(tx, deps, found.conversationId);
  const message = await findOwnMessage(tx, deps, id);
  if (!message) throw new NotFound('message');
  if (message.role !== 'ASSISTANT')
    throw new BadUserInput('input.messageId', 'Only messages of the ASSISTANT are rated; give the id of a reply.');
  if (message.status === 'STREAMING')
    throw new Conflict('This reply is being written: rate it when it has ended, or stop it with `stopReply`.', {
      messageId: id,
    });
  return message;
}

function findOwnMessage(db: Pick<Tx, 'message'>, { actor }: Deps, id: string): Promise<Message | null> {
  return db.message.findFirst({ where: { id, ownerId: actor.userId } });
}

/** How often replies of a model were rated; those of rules where `model` is null. */
export type ModelRatings = { model: string | null; up: number; down: number };

/** Models of one answer: clients name those of the messages that they add as they please. */
const MAX_MODELS = 100;

/** Counts ratings by model, those of the most rated first; of all users for an ADMIN who asks for that. Throws Forbidden. */
export function countRatings({ database, actor }: Deps, { allUsers }: { allUsers: boolean }): Promise<ModelRatings[]> {
  if (allUsers && !isAdmin(actor))
    throw new Forbidden('The ratings of all users take an API key of an ADMIN, with the scope ADMIN.');
  return database.sql<ModelRatings>(
    `SELECT m.model, (count(*) FILTER (WHERE m.rating = 'UP'))::int AS up, (count(*) FILTER (WHERE m.rating = 'DOWN'))::int AS down
     FROM messages m WHERE m.rating IS NOT NULL ${allUsers ? '' : 'AND m.owner_id = $1::uuid'}
     GROUP BY m.model ORDER BY count(*) DESC, m.model LIMIT ${MAX_MODELS}`,
    allUsers ? [] : [actor.userId],
  );
}
