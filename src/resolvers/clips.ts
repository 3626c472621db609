import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { PageArgs } from '#domain/core/paging.ts';
import { checkFraction, checkTextFilter } from '#domain/core/validation.ts';
import type { ClipFeatures } from '#domain/episodes/clips/clip-features.ts';
import { checkPlatformFit } from '#domain/episodes/clips/platform-fit.ts';
import { CLIP_SECONDS } from '#domain/episodes/clips/platforms.ts';
import { createClip as create, type NewClip } from '#domain/episodes/create-clip.ts';
import { deleteClip as remove } from '#domain/episodes/delete-clip.ts';
import * as edits from '#domain/episodes/edit-clips.ts';
import { PROCESSING_DEFAULTS } from '#domain/episodes/episodes.ts';
import type { Framing } from '#domain/episodes/media/renders/picture.ts';
import { startRender } from '#domain/episodes/start-render.ts';
import { writeCaptions } from '#domain/episodes/transcripts/formats/write-captions.ts';
import { type TranscriptFormat, toParsedSegment } from '#domain/episodes/transcripts/segments/segments.ts';
import { splitIntoSentences } from '#domain/episodes/transcripts/sentences/sentences.ts';
import type { Clip } from '#generated/prisma/client.ts';
import type { ClipStatus, Genre, JobPriority, Platform } from '#generated/prisma/enums.ts';
import { type ClipFilter, type ClipOrder, clipById, clipOrders, clipsOfUser, ratingsOfClip } from '#loaders/clips.ts';
import { episodeById } from '#loaders/episodes.ts';
import { jobOfSubject } from '#loaders/jobs.ts';
import { segmentsInRange } from '#loaders/transcript-segments.ts';
import { connection, edgeIn } from './connections.ts';
import type { Context } from './context.ts';
import { existing } from './existing.ts';
import { optionalRowId, rowId } from './global-ids.ts';

/** Returns a clip; null where it is missing or somebody else's. */
export const clip = (_root: unknown, { id }: { id: string }, { load }: Context) =>
  load(clipById, rowId(id, 'Clip', 'id'));

type Filter = {
  episodeId?: string | null | undefined;
  platforms?: Platform[] | null | undefined;
  genres?: Genre[] | null | undefined;
  statuses?: ClipStatus[] | null | undefined;
  minScore?: number | null | undefined;
  titleContains?: string | null | undefined;
};

/** UTF-16 units of a text that the titles of clips are to contain. */
export const MAX_TITLE_FILTER_LENGTH = 500;

/** The conditions of a list that takes every clip. */
export const ANY_CLIP: Omit<ClipFilter, 'orderBy'> = {
  episodeId: null,
  platforms: null,
  genres: null,
  statuses: null,
  minScore: null,
  titleContains: null,
};

/** Returns a page of the clips of all the viewer's episodes. */
export function clips(
  _root: unknown,
  {
    filter,
    orderBy,
    ...page
  }: PageArgs & { filter?: Filter | null | undefined; orderBy?: ClipOrder | null | undefined },
  ctx: Context,
) {
  const clipFilter = {
    orderBy: orderBy ?? 'SCORE_DESC',
    episodeId: optionalRowId(filter?.episodeId, 'Episode', 'filter.episodeId'),
    platforms: filter?.platforms ?? null,
    genres: filter?.genres ?? null,
    statuses: filter?.statuses ?? null,
    minScore: filter?.minScore == null ? null : checkFraction('filter.minScore', filter.minScore),
    titleContains: checkTextFilter('filter.titleContains', filter?.titleContains, MAX_TITLE_FILTER_LENGTH),
  } as const;
  return connection(ctx, clipsOfUser, { parentId: ctx.deps.actor.userId, filter: clipFilter }, page);
}

/** Returns the clip of a payload at its position among the viewer's. */
export const clipEdge = ({ clip }: { clip: Clip }, _args: unknown, ctx: Context) =>
  edgeIn(ctx, clipOrders.SCORE_DESC, clip);

type CreateInput = Omit<NewClip, 'genre'> & { genre?: Genre | null | undefined };

/** Returns the new clip. */
export async function createClip(_root: unknown, { input }: { input: CreateInput }, { deps }: Context) {
  const episodeId = rowId(input.episodeId, 'Episode', 'input.episodeId');
  return { clip: await create(deps, { ...input, episodeId, genre: input.genre ?? PROCESSING_DEFAULTS.genre }) };
}

/** Returns the id of the clip that is gone. */
export async function deleteClip(
  _root: unknown,
  { input }: { input: WithIdempotencyKey & { clipId: string } },
  { deps }: Context,
) {
  await remove(deps, { ...input, clipId: rowId(input.clipId, 'Clip', 'input.clipId') });
  return { deletedId: input.clipId };
}

/** Returns the clip as the trim left it. */
export async function trimClip(_root: unknown, { input }: { input: edits.Trim }, { deps }: Context) {
  return { clip: await edits.trimClip(deps, { ...input, clipId: rowId(input.clipId, 'Clip', 'input.clipId') }) };
}

/** Returns the clip with its new title. */
export async function updateClip(_root: unknown, { input }: { input: edits.ClipUpdate }, { deps }: Context) {
  return { clip: await edits.updateClip(deps, { ...input, clipId: rowId(input.clipId, 'Clip', 'input.clipId') }) };
}

/** Returns the clip with its new status. */
export async function setClipStatus(_root: unknown, { input }: { input: edits.StatusChange }, { deps }: Context) {
  return { clip: await edits.setClipStatus(deps, { ...input, clipId: rowId(input.clipId, 'Clip', 'input.clipId') }) };
}

type RenderInput = WithIdempotencyKey & {
  clipId: string;
  startSeconds?: number | null | undefined;
  endSeconds?: number | null | undefined;
  burnCaptions?: boolean | null | undefined;
  vertical?: boolean | null | undefined;
  framing?: Framing | null | undefined;
  priority?: JobPriority | null | undefined;
};

/** Returns the job that makes the file of a clip, and the clip. */
export const renderClip = (_root: unknown, { input }: { input: RenderInput }, { deps }: Context) =>
  startRender(deps, {
    ...input,
    clipId: rowId(input.clipId, 'Clip', 'input.clipId'),
    burnCaptions: input.burnCaptions ?? false,
    vertical: input.vertical ?? false,
    framing: input.framing ?? 'BARS',
    priority: input.priority ?? 'NORMAL',
  });

/** Returns the episode that a clip is from. */
export const episode = (row: Clip, _args: unknown, { load }: Context) => existing(load(episodeById, row.episodeId));

/** Returns the newest job that renders a clip; null where there was none. */
export const job = (row: Clip, _args: unknown, { load }: Context) => load(jobOfSubject, row.id);

/** Returns the mean of a clip's ratings, of each author the newest; null without any. */
export const averageRating = async (row: Clip, _args: unknown, { load }: Context) =>
  (await load(ratingsOfClip, row.id)).average;

/** Returns how many users have rated a clip. */
export const ratingCount = async (row: Clip, _args: unknown, { load }: Context) =>
  (await load(ratingsOfClip, row.id)).count;

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
