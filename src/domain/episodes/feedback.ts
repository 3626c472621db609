import { v7 as uuidv7 } from 'uuid';
import type { Deps } from '#domain/core/deps.ts';
import { NotFound } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { jsonColumn, type Tx } from '#domain/core/transaction.ts';
import { checkOptionalText, checkWholeNumber } from '#domain/core/validation.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import type { Clip, Feedback } from '#generated/prisma/client.ts';
import type { FeedbackType } from '#generated/prisma/enums.ts';

/** Feedback on an episode, or on one of its clips; `rating` is 1 to 5. */
export type NewFeedback = WithIdempotencyKey & {
  episodeId: string;
  clipId: string | null;
  type: FeedbackType;
  rating?: number | null | undefined;
  comment?: string | null | undefined;
};

/** From the worst to the best. */
export const RATINGS = { min: 1, max: 5 };
/** UTF-16 units. */
export const MAX_COMMENT_LENGTH = 2_000;

/**
 * Stores the actor's feedback on an episode of theirs or one of its clips. Safe to repeat with the same idempotency
 * key. Throws BadUserInput, NotFound, IdempotencyConflict.
 */
export async function submitFeedback(deps: Deps, { idempotencyKey, ...input }: NewFeedback): Promise<Feedback> {
  const { episodeId, clipId, type } = input;
  const rating = input.rating == null ? null : checkWholeNumber('input.rating', input.rating, RATINGS);
  const comment = checkOptionalText('input.comment', input.comment, { max: MAX_COMMENT_LENGTH });
  return writeAndLoad(deps, {
    action: 'feedback.submit',
    once: { key: idempotencyKey, input },
    async run({ tx, about, changed }) {
      const clip = await findOwnEpisodeAndClip(tx, deps, episodeId, clipId);
      const features = jsonColumn(clip?.features);
      const data = { id: uuidv7(), episodeId, clipId, authorId: deps.actor.userId, type, rating, comment, features };
      await tx.feedback.create({ data });
      about({ type: 'Feedback', id: data.id }, { type, rating });
      const ownerId = deps.actor.userId;
      changed(clipId ? { ownerId, type: 'CLIP', id: clipId } : { ownerId, type: 'EPISODE', id: episodeId });
      return data.id;
    },
    what: 'feedback',
    load: (id, tx) => tx.feedback.findUnique({ where: { id } }),
  });
}

/** Returns the clip, if any. Throws NotFound unless the episode is the actor's and the clip the episode's. */
async function findOwnEpisodeAndClip(
  tx: Tx,
  { actor }: Deps,
  episodeId: string,
  clipId: string | null,
): Promise<Clip | null> {
  const episode = await tx.episode.findFirst({ where: { id: episodeId, ownerId: actor.userId }, select: { id: true } });
  if (!episode) throw new NotFound('episode');
  if (clipId === null) return null;
  const clip = await tx.clip.findFirst({ where: { id: clipId, episodeId } });
  if (!clip) throw new NotFound('clip of this episode');
  return clip;
}
