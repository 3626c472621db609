import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { PageArgs } from '#domain/core/paging.ts';
import * as domain from '#domain/episodes/feedback.ts';
import type { Clip, Episode, Feedback } from '#generated/prisma/client.ts';
import type { FeedbackType } from '#generated/prisma/enums.ts';
import { clipById, feedbackOfClip, feedbackOfEpisode, feedbackOrder, viewerFeedbackOfClip } from '#loaders/clips.ts';
import { episodeById } from '#loaders/episodes.ts';
import { userById } from '#loaders/users.ts';
import { connection, edgeIn } from './connections.ts';
import type { Context } from './context.ts';
import { existing } from './existing.ts';
import { optionalRowId, rowId } from './global-ids.ts';

/** Returns a page of a clip's feedback, newest first. */
export const feedback = (row: Clip, page: PageArgs, ctx: Context) =>
  connection(ctx, feedbackOfClip, { parentId: row.id, filter: {} }, page);

/** Returns a page of the feedback on an episode, newest first. */
export const episodeFeedback = (
  row: Episode,
  { includeClips, ...page }: PageArgs & { includeClips?: boolean | null | undefined },
  ctx: Context,
) => connection(ctx, feedbackOfEpisode, { parentId: row.id, filter: { includeClips: includeClips ?? false } }, page);

/** Returns the feedback of a payload at its position among that about its clip, or its episode. */
export const feedbackEdge = ({ feedback }: { feedback: Feedback }, _args: unknown, ctx: Context) =>
  edgeIn(ctx, feedbackOrder, feedback);

/** Returns what the viewer said about a clip last; null where they said nothing. */
export const viewerFeedback = (row: Clip, _args: unknown, { load }: Context) => load(viewerFeedbackOfClip, row.id);

/** Returns the episode that feedback is about. */
export const episode = (row: Feedback, _args: unknown, { load }: Context) => existing(load(episodeById, row.episodeId));

/** Returns the clip that feedback is about; null for the whole episode, and where the clip is gone. */
export const clip = (row: Feedback, _args: unknown, { load }: Context) =>
  row.clipId ? load(clipById, row.clipId) : null;

/** Returns the user who gave feedback. */
export const author = (row: Feedback, _args: unknown, { load }: Context) => existing(load(userById, row.authorId));

type NewFeedback = WithIdempotencyKey & {
  episodeId: string;
  clipId?: string | null | undefined;
  type: FeedbackType;
  rating?: number | null | undefined;
  comment?: string | null | undefined;
};

/** Returns the feedback that was stored. */
export async function submitFeedback(_root: unknown, { input }: { input: NewFeedback }, { deps }: Context) {
  const episodeId = rowId(input.episodeId, 'Episode', 'input.episodeId');
  const clipId = optionalRowId(input.clipId, 'Clip', 'input.clipId');
  return { feedback: await domain.submitFeedback(deps, { ...input, episodeId, clipId }) };
}
