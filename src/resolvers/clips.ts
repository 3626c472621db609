import type { ClipFeatures } from '#domain/episodes/clips/clip-features.ts';
import { checkPlatformFit } from '#domain/episodes/clips/platform-fit.ts';
import { CLIP_SECONDS } from '#domain/episodes/clips/platforms.ts';
import { writeCaptions } from '#domain/episodes/transcripts/captions.ts';
import { type TranscriptFormat, toParsedSegment } from '#domain/episodes/transcripts/segments.ts';
import { splitIntoSentences } from '#domain/episodes/transcripts/sentences.ts';
import type { Clip } from '#generated/prisma/client.ts';
import { clipById, ratingOfClip } from '#loaders/clips.ts';
import { episodeById } from '#loaders/episodes.ts';
import { segmentsInRange } from '#loaders/transcript-segments.ts';
import type { Context } from './context.ts';
import { existing } from './existing.ts';
import { rowId } from './global-ids.ts';

/** Returns a clip; null where it is missing or somebody else's. */
export const clip = (_root: unknown, { id }: { id: string }, { load }: Context) =>
  load(clipById, rowId(id, 'Clip', 'id'));

/** Returns the episode that a clip is from. */
export const episode = (row: Clip, _args: unknown, { load }: Context) => existing(load(episodeById, row.episodeId));

/** Returns the mean of a clip's ratings; null without any. */
export const averageRating = (row: Clip, _args: unknown, { load }: Context) => load(ratingOfClip, row.id);

/** Returns the captions of a clip, timed from its start. */
export async function captions(row: Clip, { format }: { format: TranscriptFormat }, { load }: Context) {
  const { episodeId, startSeconds, endSeconds } = row;
  const segments = await load(segmentsInRange, { episodeId, fromSeconds: startSeconds, toSeconds: endSeconds });
  return writeCaptions(format, segments.map(toParsedSegment), startSeconds, endSeconds);
}

/** How far around a clip better edges are looked for: as long as the longest clip. */
const AROUND_SECONDS = CLIP_SECONDS.maxSeconds;

/** Returns whether a clip suits its platform, and better edges where it does not. */
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

/** Returns a clip's features by name, each 0 to 1. */
export const featureScores = (row: Clip) => row.features as ClipFeatures;
