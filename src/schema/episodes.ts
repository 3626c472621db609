import { MAX_CLIPS } from '#domain/episodes/episodes.ts';
import { MAX_EPISODE_TITLE_LENGTH, MAX_LANGUAGE_LENGTH } from '#domain/episodes/update-episode.ts';
import * as resolvers from '#resolvers/episodes.ts';
import { readFailure } from '#resolvers/failures.ts';
import { jobEdge } from '#resolvers/jobs.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { NOT_KEPT } from './caching.ts';
import { connectionType, payloadEdge } from './connection.ts';
import { Failure } from './failures.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';
import { Job, JobConnection, JobPriority } from './jobs.ts';
import { TranscriptSegmentConnection } from './transcripts.ts';
import { User } from './users.ts';

const EpisodeStatus = builder.enumType('EpisodeStatus', {
  description: 'The status of an episode.',
  values: {
    UPLOADING: { description: 'The file of the episode is being uploaded.' },
    UPLOADED: { description: 'The file or transcript of the episode is stored; `processEpisode` finds its clips.' },
    PROCESSING: { description: 'A job is processing the episode.' },
    READY: { description: 'The episode was processed, and its clips are available.' },
    FAILED: {
      description: 'The file of the episode is unusable, or its job failed; see `error`.',
    },
    ARCHIVED: {
      description:
        'The episode is archived. It can still be read, `processingStatus` has its status before, and `updateEpisode` can restore it.',
    },
  },
});

export const Platform = builder.enumType('Platform', {
  description: 'A platform for sharing clips.',
  values: {
    TIKTOK: { description: 'Videos on TikTok.' },
    INSTAGRAM_REELS: { description: 'Reels on Instagram.' },
    YOUTUBE_SHORTS: { description: 'Shorts on YouTube.' },
    X: { description: 'Videos on X (formerly Twitter).' },
    LINKEDIN: { description: 'Videos on LinkedIn.' },
  },
});

export const Genre = builder.enumType('Genre', {
  description: 'The genre of an episode, which determines the weights of clip features.',
  values: {
    GENERAL: { description: 'Any other episode, or an unknown genre.' },
    COMEDY: { description: 'A humorous episode.' },
    EDUCATION: { description: 'An episode that explains something.' },
    INTERVIEW: { description: 'An episode of questions and answers.' },
    BUSINESS: { description: 'An episode about companies, work and money.' },
    NEWS: { description: 'An episode about current events.' },
    STORYTELLING: { description: 'An episode that tells a story.' },
    SPORTS: { description: 'An episode about sports.' },
  },
});

export const Episode = builder.prismaObject('Episode', {
  description: 'A recording with its transcript, or a transcript alone, and the clips that were found in it.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the episode; it never changes.', resolve: idOf('Episode') }),
    owner: t.field({ type: User, description: 'The user who owns the episode.', resolve: resolvers.owner }),
    title: t.exposeString('title', { nullable: true, description: 'The title of the episode.' }),
    originalName: t.exposeString('originalName', {
      description:
        'The name of the uploaded file; for a transcript that was imported as text, the first title of the episode.',
    }),
    contentType: t.exposeString('contentType', {
      nullable: true,
      description: 'The media type of the uploaded or imported file, such as `text/vtt`.',
    }),
    sizeBytes: t.expose('sizeBytes', {
      type: 'SafeInt',
      description: 'The size of the uploaded or imported file, in bytes.',
    }),
    receivedBytes: t.expose('receivedBytes', {
      type: 'SafeInt',
      description:
        'The number of bytes of the file that were received; equal to `sizeBytes` once the upload is complete.',
    }),
    status: t.field({
      type: EpisodeStatus,
      description: 'The status of the episode: ARCHIVED if it is archived, otherwise its `processingStatus`.',
      resolve: resolvers.status,
    }),
    processingStatus: t.expose('status', {
      type: EpisodeStatus,
      description: 'The processing status of the episode, regardless of whether it is archived: never ARCHIVED.',
    }),
    archived: t.boolean({
      description: 'Whether the episode is archived.',
      resolve: ({ archivedAt }) => archivedAt !== null,
    }),
    archivedAt: t.expose('archivedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the episode was archived; null if it is not archived.',
    }),
    durationSeconds: t.exposeFloat('durationSeconds', {
      nullable: true,
      description: 'The length of the episode, in seconds.',
    }),
    language: t.exposeString('language', {
      nullable: true,
      description: 'The language of the episode as a BCP 47 tag, such as `en` or `he`.',
    }),
    error: t.field({
      type: Failure,
      nullable: true,
      description: 'Why the last job of the episode failed; null if it did not.',
      resolve: readFailure,
    }),
    uploadedAt: t.expose('uploadedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the upload was completed or the present transcript was stored, whichever is later.',
    }),
    processedAt: t.expose('processedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the episode was last processed for clips; null if it never was.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the episode was created.' }),
    transcript: t.field({
      type: TranscriptSegmentConnection,
      description: 'The transcript of the episode as segments, in order of time.',
      args: {
        ...t.arg.connectionArgs(),
        fromSeconds: t.arg.float({
          description: 'Only segments that end after this time, in seconds from the start of the recording.',
        }),
        toSeconds: t.arg.float({
          description: 'Only segments that begin before this time, in seconds from the start of the recording.',
        }),
      },
      complexity: pageCost,
      resolve: resolvers.transcript,
    }),
    job: t.field({
      type: Job,
      nullable: true,
      description: 'The newest job about the episode; null if there was none.',
      resolve: resolvers.job,
    }),
  }),
});

export const EpisodeConnection = connectionType(Episode, 'Episode', 'episodes');

const EpisodeOrder = builder.enumType('EpisodeOrder', {
  description: 'The sort order of a list of episodes.',
  values: {
    CREATED_DESC: { description: 'By creation time, newest first.' },
    CREATED_ASC: { description: 'By creation time, oldest first.' },
    TITLE_ASC: {
      description: 'By title in ascending order, ignoring case and accents; episodes without a title come first.',
    },
  },
});

const EpisodeFilter = builder.inputType('EpisodeFilter', {
  description: 'Filter for episodes. All given conditions must match.',
  fields: (t) => ({
    statuses: t.field({
      type: [EpisodeStatus],
      description: 'Only episodes whose `status` is one of these; archived episodes have the status ARCHIVED.',
    }),
    archived: t.boolean({
      description: 'If true, only archived episodes; if false, only episodes that are not archived. Default: both.',
    }),
    titleContains: t.string({
      description: 'Only episodes whose title contains this text, ignoring case and accents.',
    }),
  }),
});

builder.queryFields((t) => ({
  episode: t.field({
    type: Episode,
    nullable: true,
    description: 'An episode by id; null if it does not exist or belongs to another user.',
    args: { id: t.arg.id({ required: true, description: 'The id of the episode.' }) },
    extensions: NOT_KEPT,
    resolve: resolvers.episode,
  }),
  episodes: t.field({
    type: EpisodeConnection,
    description: "The viewer's episodes.",
    args: {
      filter: t.arg({ type: EpisodeFilter, description: 'Only episodes that match this filter.' }),
      orderBy: t.arg({ type: EpisodeOrder, defaultValue: 'CREATED_DESC', description: 'The order of the episodes.' }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    extensions: NOT_KEPT,
    resolve: resolvers.episodes,
  }),
}));

builder.relayMutationField(
  'processEpisode',
  {
    description: 'The episode to process, and which clips to find.',
    inputFields: (t: InputFields) => ({
      episodeId: t.id({ required: true, description: 'The id of the episode, which must have a transcript.' }),
      platforms: t.field({
        type: [Platform],
        defaultValue: resolvers.DEFAULTS.platforms,
        description:
          'The platforms to find clips for, at least one. Earlier suggestions for these platforms are replaced, except clips changed by `trimClip` or `setClipStatus`.',
      }),
      genre: t.field({
        type: Genre,
        defaultValue: resolvers.DEFAULTS.genre,
        description: 'The genre of the episode.',
      }),
      maxClips: t.int({
        defaultValue: resolvers.DEFAULTS.maxClips,
        description: `The maximum number of clips for each platform, 1 to ${MAX_CLIPS}.`,
      }),
      priority: t.field({
        type: JobPriority,
        defaultValue: resolvers.DEFAULTS.priority,
        description: 'The priority of the job. URGENT requires scope ADMIN.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Starts a job that finds the best clips in the transcript of an episode; follow it with `jobProgress`. Errors: NOT_FOUND, CONFLICT (the episode is archived, has no transcript, or is being processed by a job), QUEUE_FULL, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.processEpisode,
  },
  {
    description: 'The job that was queued.',
    outputFields: (t) => ({
      job: t.expose('job', { type: Job, description: 'The job that finds the clips.' }),
      episode: t.expose('episode', {
        type: Episode,
        description: 'The episode. Its clips change once the job has SUCCEEDED.',
      }),
      jobEdge: payloadEdge(t, JobConnection.edge, 'jobs', jobEdge),
      episodeEdge: payloadEdge(t, EpisodeConnection.edge, 'episodes', resolvers.episodeEdge),
    }),
  },
);

builder.relayMutationField(
  'updateEpisode',
  {
    description: 'Changes to an episode; omitted fields stay unchanged.',
    inputFields: (t: InputFields) => ({
      episodeId: t.id({ required: true, description: 'The id of the episode to change.' }),
      title: t.string({
        description: `The title of the episode, 1 to ${MAX_EPISODE_TITLE_LENGTH} characters; null removes it.`,
      }),
      language: t.string({
        description: `The language of the episode as a BCP 47 tag, such as \`en\` or \`he\`, 1 to ${MAX_LANGUAGE_LENGTH} characters; null removes it.`,
      }),
      archived: t.boolean({
        description: 'True archives the episode, false restores it with its previous status.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Changes the title and language of an episode, and whether it is archived. Errors: NOT_FOUND, CONFLICT (the episode cannot be archived while a job processes it), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.updateEpisode,
  },
  {
    description: 'The episode that was changed.',
    outputFields: (t) => ({
      episode: t.expose('episode', { type: Episode, description: 'The episode after the change.' }),
      episodeEdge: payloadEdge(t, EpisodeConnection.edge, 'episodes', resolvers.episodeEdge),
    }),
  },
);

builder.relayMutationField(
  'archiveEpisode',
  {
    description: 'The episode to archive.',
    inputFields: (t: InputFields) => ({
      episodeId: t.id({ required: true, description: 'The id of the episode to archive.' }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Archives an episode, like `updateEpisode` with `archived: true`. An archived episode can be read, but not processed, and its transcript cannot be replaced. No effect if it is already archived. Errors: NOT_FOUND, CONFLICT (a job is processing the episode), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.archiveEpisode,
  },
  {
    description: 'The episode that was archived.',
    outputFields: (t) => ({
      episode: t.expose('episode', { type: Episode, description: 'The archived episode.' }),
      episodeEdge: payloadEdge(t, EpisodeConnection.edge, 'episodes', resolvers.episodeEdge),
    }),
  },
);

builder.relayMutationField(
  'deleteEpisode',
  {
    description: 'The episode to delete.',
    inputFields: (t: InputFields) => ({
      episodeId: t.id({ required: true, description: 'The id of the episode to delete.' }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Deletes an episode with its transcript, clips and feedback. Conversations about it remain. Errors: NOT_FOUND, CONFLICT (a job is processing the episode), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.deleteEpisode,
  },
  {
    description: 'The episode that was deleted.',
    outputFields: (t) => ({
      deletedId: t.exposeID('deletedId', { description: 'The id of the episode that was deleted.' }),
    }),
  },
);

builder.subscriptionField('episodeUpdated', (t) =>
  t.field({
    type: Episode,
    description:
      'The present state of an episode, then its newest state after each change. Completes when the episode is deleted. Errors: NOT_FOUND.',
    args: { episodeId: t.arg.id({ required: true, description: 'The id of the episode to follow.' }) },
    subscribe: resolvers.episodeUpdated,
    resolve: (episode) => episode,
  }),
);
