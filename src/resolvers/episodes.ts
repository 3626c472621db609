import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { PageArgs } from '#domain/core/paging.ts';
import { inSlices } from '#domain/core/time-slices.ts';
import { checkTextFilter } from '#domain/core/validation.ts';
import { followEpisode } from '#domain/episodes/episode-feed.ts';
import * as domain from '#domain/episodes/episodes.ts';
import { measureStorage } from '#domain/episodes/media/files/storage.ts';
import * as media from '#domain/episodes/media/uploads/create-episode.ts';
import * as imports from '#domain/episodes/transcripts/import-transcript.ts';
import { type TranscriptFormat, toParsedSegment } from '#domain/episodes/transcripts/segments/segments.ts';
import { countWords, iterateWords } from '#domain/episodes/transcripts/words/times.ts';
import * as changes from '#domain/episodes/update-episode.ts';
import type { Episode, MediaFile, TranscriptSegment } from '#generated/prisma/client.ts';
import type { EpisodeStatus, Genre, JobPriority, Platform } from '#generated/prisma/enums.ts';
import { type ClipOrder, clipsOfEpisode } from '#loaders/clips.ts';
import { conversationsOfEpisode } from '#loaders/conversations.ts';
import { type EpisodeOrder, episodeById, episodeOrders, episodesOfUser } from '#loaders/episodes.ts';
import { jobOfSubject } from '#loaders/jobs.ts';
import { recordingOfEpisode } from '#loaders/media-files.ts';
import { segmentsOfEpisode } from '#loaders/transcript-segments.ts';
import { userById } from '#loaders/users.ts';
import { ANY_CLIP } from './clips.ts';
import { connection, edgeIn } from './connections.ts';
import type { Context } from './context.ts';
import { existing } from './existing.ts';
import { optionalRowId, rowId } from './global-ids.ts';
import { withFreshLoaders } from './subscriptions.ts';

/** Returns an episode; null where it is missing or somebody else's. */
export const episode = (_root: unknown, { id }: { id: string }, { load }: Context) =>
  load(episodeById, rowId(id, 'Episode', 'id'));

type Filter = {
  statuses?: EpisodeStatus[] | null | undefined;
  archived?: boolean | null | undefined;
  titleContains?: string | null | undefined;
};

/** Returns a page of the viewer's episodes. */
export const episodes = (
  _root: unknown,
  {
    filter,
    orderBy,
    ...page
  }: PageArgs & { filter?: Filter | null | undefined; orderBy?: EpisodeOrder | null | undefined },
  ctx: Context,
) =>
  connection(
    ctx,
    episodesOfUser,
    {
      parentId: ctx.deps.actor.userId,
      filter: {
        orderBy: orderBy ?? 'CREATED_DESC',
        statuses: filter?.statuses ?? null,
        archived: filter?.archived ?? null,
        titleContains: checkTextFilter('filter.titleContains', filter?.titleContains, changes.MAX_EPISODE_TITLE_LENGTH),
      },
    },
    page,
  );

/** Returns the episode of a payload at its position among the viewer's. */
export const episodeEdge = ({ episode }: { episode: Episode }, _args: unknown, ctx: Context) =>
  edgeIn(ctx, episodeOrders.CREATED_DESC, episode);

/** Returns how far an episode has come, or that it is archived. */
export const status = (row: Episode): EpisodeStatus => (row.archivedAt ? 'ARCHIVED' : row.status);

/** Returns the user whose episode it is. */
export const owner = (row: Episode, _args: unknown, { load }: Context) => existing(load(userById, row.ownerId));

/** Returns the newest job about an episode; null where there was none. */
export const job = (row: Episode, _args: unknown, { load }: Context) => load(jobOfSubject, row.id);

/** Bytes of JSON that a word has at least in an answer: those of `{"s":0},`. */
const LEAST_BYTES_OF_WORD = 8;

/**
 * Returns a segment's words with their times, of which there may be ten thousand: they are put into the answer as they are made, those of
 * many segments turn by turn, and count before, so that no more are made than an answer may have.
 */
export function words(row: TranscriptSegment, _args: unknown, { load }: Context) {
  const segment = toParsedSegment(row);
  load.meter.take(LEAST_BYTES_OF_WORD * countWords(segment));
  return inSlices(() => (load.meter.isReleased ? [] : iterateWords(segment)));
}

type TimeRange = { fromSeconds?: number | null | undefined; toSeconds?: number | null | undefined };

/** Returns a page of an episode's segments, in order of time. */
export const transcript = (row: Episode, { fromSeconds, toSeconds, ...page }: PageArgs & TimeRange, ctx: Context) =>
  connection(
    ctx,
    segmentsOfEpisode,
    { parentId: row.id, filter: { fromSeconds: fromSeconds ?? null, toSeconds: toSeconds ?? null } },
    page,
  );

/** Returns a page of an episode's clips. */
export const clips = (
  row: Episode,
  {
    platform,
    orderBy,
    ...page
  }: PageArgs & { platform?: Platform | null | undefined; orderBy?: ClipOrder | null | undefined },
  ctx: Context,
) => {
  const filter = { ...ANY_CLIP, orderBy: orderBy ?? 'SCORE_DESC', platforms: platform ? [platform] : null };
  return connection(ctx, clipsOfEpisode, { parentId: row.id, filter }, page);
};

/** Returns a page of the conversations about an episode, the last active first. */
export const conversations = (row: Episode, page: PageArgs, ctx: Context) =>
  connection(ctx, conversationsOfEpisode, { parentId: row.id, filter: {} }, page);

/** Where to send a recording, until when, and how much of one this server takes. */
export type UploadTarget = { url: string; expiresAt: Date; maxSizeBytes: number };

/** Returns where the recording of an episode is sent; null where it has arrived, or there is none. */
export async function upload(row: Episode, _args: unknown, { load, deps }: Context): Promise<UploadTarget | null> {
  const file = await load(recordingOfEpisode, row.id);
  return file?.expiresAt ? toUploadTarget(deps, file, file.expiresAt) : null;
}

const toUploadTarget = ({ address, limits }: Context['deps'], { id }: MediaFile, expiresAt: Date): UploadTarget => ({
  url: `${address.publicUrl}/uploads/${id}`,
  expiresAt,
  maxSizeBytes: limits.maxFileBytes,
});

/** Returns the new episode, and where its recording is sent. */
export async function createEpisode(_root: unknown, { input }: { input: media.NewEpisode }, { deps }: Context) {
  const { episode, file } = await media.createEpisode(deps, input);
  return { episode, upload: toUploadTarget(deps, file, file.expiresAt ?? file.createdAt) };
}

/** Returns what the viewer's files take, and what they may. */
export async function storage(_root: unknown, _args: unknown, { deps }: Context) {
  return { ...(await measureStorage(deps)), maxFileBytes: deps.limits.maxFileBytes };
}

type ProcessInput = WithIdempotencyKey & {
  episodeId: string;
  platforms?: Platform[] | null | undefined;
  genre?: Genre | null | undefined;
  maxClips?: number | null | undefined;
  priority?: JobPriority | null | undefined;
};

/** What `processEpisode` takes where nothing else is given. */
export const DEFAULTS = { ...domain.PROCESSING_DEFAULTS, priority: 'NORMAL' as JobPriority };

/** Returns the job that looks for clips, and the episode. */
export const processEpisode = (_root: unknown, { input }: { input: ProcessInput }, { deps }: Context) =>
  domain.startProcessing(deps, {
    episodeId: rowId(input.episodeId, 'Episode', 'input.episodeId'),
    platforms: input.platforms ?? DEFAULTS.platforms,
    genre: input.genre ?? DEFAULTS.genre,
    maxClips: input.maxClips ?? DEFAULTS.maxClips,
    priority: input.priority ?? DEFAULTS.priority,
    idempotencyKey: input.idempotencyKey,
  });

type ImportInput = WithIdempotencyKey & {
  episodeId?: string | null | undefined;
  title?: string | null | undefined;
  format: TranscriptFormat;
  content: string;
  language?: string | null | undefined;
};

/** Returns the episode with its new transcript, and how many segments it has. */
export const importTranscript = (_root: unknown, { input }: { input: ImportInput }, { deps }: Context) =>
  imports.importTranscript(deps, {
    ...input,
    content: new TextEncoder().encode(input.content),
    episodeId: optionalRowId(input.episodeId, 'Episode', 'input.episodeId'),
    title: input.title ?? null,
    language: input.language ?? null,
  });

/** Returns the episode as the change left it. */
export async function updateEpisode(_root: unknown, { input }: { input: changes.EpisodeChange }, { deps }: Context) {
  const episodeId = rowId(input.episodeId, 'Episode', 'input.episodeId');
  return { episode: await changes.updateEpisode(deps, { ...input, episodeId }) };
}

type EpisodeToEnd = WithIdempotencyKey & { episodeId: string };

/** Returns the episode that was archived. */
export async function archiveEpisode(_root: unknown, { input }: { input: EpisodeToEnd }, { deps }: Context) {
  const episodeId = rowId(input.episodeId, 'Episode', 'input.episodeId');
  return { episode: await changes.archiveEpisode(deps, { ...input, episodeId }) };
}

/** Returns the id of the episode that is gone. */
export async function deleteEpisode(_root: unknown, { input }: { input: EpisodeToEnd }, { deps }: Context) {
  const episodeId = rowId(input.episodeId, 'Episode', 'input.episodeId');
  await domain.deleteEpisode(deps, { ...input, episodeId });
  return { deletedId: input.episodeId };
}

/** Yields the episode as it is, then after each change. */
export function episodeUpdated(_root: unknown, { episodeId }: { episodeId: string }, ctx: Context) {
  const id = rowId(episodeId, 'Episode', 'episodeId');
  return withFreshLoaders(ctx, (load) => followEpisode(ctx.deps, id, () => load()(episodeById, id)));
}
