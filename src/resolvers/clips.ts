import type { PageArgs } from '#domain/core/paging.ts';
import { checkPlatformFit } from '#domain/episodes/clips/platform-fit.ts';
import * as feedbackRules from '#domain/episodes/feedback.ts';
import { writeCaptions } from '#domain/episodes/transcripts/captions.ts';
import { type TranscriptFormat, toParsedSegment } from '#domain/episodes/transcripts/segments.ts';
import { splitIntoSentences } from '#domain/episodes/transcripts/sentences.ts';
import type { Clip, Feedback } from '#generated/prisma/client.ts';
import type { FeedbackType } from '#generated/prisma/enums.ts';
import { clipById, feedbackOfClip, ratingOfClip } from '#loaders/clips.ts';
import { episodeById } from '#loaders/episodes.ts';
import { segmentsInRange } from '#loaders/transcript-segments.ts';
import { userById } from '#loaders/users.ts';
import { connection } from './connections.ts';
import type { Context } from './context.ts';
import { existing } from './existing.ts';
import { optionalRowId, rowId } from './global-ids.ts';

export const clip = (_root: unknown, { id }: { id: string }, { load }: Context) =>
  load(clipById, rowId(id, 'Clip', 'id'));
export const episode = (row: { episodeId: string }, _args: unknown, { load }: Context) =>
  existing(load(episodeById, row.episodeId));
export const averageRating = (row: Clip, _args: unknown, { load }: Context) => load(ratingOfClip, row.id);
export const feedback = (row: Clip, page: PageArgs, ctx: Context) =>
  connection(ctx, feedbackOfClip, { parentId: row.id, filter: {} }, page);

export async function captions(row: Clip, { format }: { format: TranscriptFormat }, { load }: Context) {
  const { episodeId, startSeconds, endSeconds } = row;
  const segments = await load(segmentsInRange, { episodeId, fromSeconds: startSeconds, toSeconds: endSeconds });
  return writeCaptions(format, segments.map(toParsedSegment), startSeconds, endSeconds);
}

/** How far around a clip better edges are looked for: as long as the longest clip. */
const AROUND_SECONDS = 60;

export async function platformFit(
  { episodeId, startSeconds, endSeconds, platform }: Clip,
  _args: unknown,
  { load }: Context,
) {
  const asItIs = checkPlatformFit(startSeconds, endSeconds, platform, []);
  if (asItIs.fits) return asItIs;
  const stretch = { episodeId, fromSeconds: startSeconds - AROUND_SECONDS, toSeconds: endSeconds + AROUND_SECONDS };
  const segments = await load(segmentsInRange, stretch);
  return checkPlatformFit(startSeconds, endSeconds, platform, splitIntoSentences(segments.map(toParsedSegment)));
}

export const feedbackClip = (row: Feedback, _args: unknown, { load }: Context) =>
  row.clipId ? load(clipById, row.clipId) : null;
export const author = (row: Feedback, _args: unknown, { load }: Context) => existing(load(userById, row.authorId));

type FeedbackInput = {
  episodeId: string;
  clipId?: string | null | undefined;
  type: FeedbackType;
  rating?: number | null | undefined;
  comment?: string | null | undefined;
  idempotencyKey?: string | null | undefined;
};

export async function submitFeedback(_root: unknown, { input }: { input: FeedbackInput }, { deps }: Context) {
  const episodeId = rowId(input.episodeId, 'Episode', 'input.episodeId');
  const clipId = optionalRowId(input.clipId, 'Clip', 'input.clipId');
  return { feedback: await feedbackRules.submitFeedback(deps, { ...input, episodeId, clipId }) };
}
