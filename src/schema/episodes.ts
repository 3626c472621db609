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
  description: 'How far an episode has come.',
  values: {
    UPLOADING: { description: 'The file of the episode is arriving.' },
    UPLOADED: { description: 'The file or the transcript of the episode is there; `processEpisode` finds its clips.' },
    PROCESSING: { description: 'A job is at work on the episode.' },
    READY: { description: 'The clips of the episode have been found.' },
    FAILED: {
      description: 'The file of the episode cannot be used, or its job failed; `error` says why.',
    },
    ARCHIVED: {
      description:
        'The episode has been put away; it can still be read, `processingStatus` says how far it had come, and `updateEpisode` brings it back.',
    },
  },
});

export const Platform = builder.enumType('Platform', {
  description: 'A platform that clips are shared on.',
  values: {
    TIKTOK: { description: 'TikTok, the app for short videos.' },
    INSTAGRAM_REELS: { description: 'Reels, the short videos of Instagram.' },
    YOUTUBE_SHORTS: { description: 'Shorts, the short videos of YouTube.' },
    X: { description: 'X, which was called Twitter.' },
    LINKEDIN: { description: 'LinkedIn, the network for work.' },
  },
});

export const Genre = builder.enumType('Genre', {
  description: 'What sort of episode it is, which decides how the features of clips are weighed.',
  values: {
    GENERAL: { description: 'Any episode, or one that is none of the others.' },
    COMEDY: { description: 'An episode that is meant to be funny.' },
    EDUCATION: { description: 'An episode that explains something.' },
    INTERVIEW: { description: 'An episode of questions and answers.' },
    BUSINESS: { description: 'An episode about companies, work and money.' },
    NEWS: { description: 'An episode that tells what happened.' },
    STORYTELLING: { description: 'An episode that tells a story.' },
    SPORTS: { description: 'An episode about sports.' },
  },
});

export const Episode = builder.prismaObject('Episode', {
  description: 'A recording with its transcript, or a transcript alone, and the clips that were found in it.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the episode; it never changes.', resolve: idOf('Episode') }),
    owner: t.field({ type: User, description: 'The user whose episode it is.', resolve: resolvers.owner }),
    title: t.exposeString('title', { nullable: true, description: 'What the episode is called.' }),
    originalName: t.exposeString('originalName', {
      description: 'The name of the file that the episode came as; its first title, where it came as text.',
    }),
    contentType: t.exposeString('contentType', {
      nullable: true,
      description: 'The media type of the file that the episode came as, such as `text/vtt`.',
    }),
    sizeBytes: t.expose('sizeBytes', {
      type: 'SafeInt',
      description: 'The size of the file that the episode came as, in bytes.',
    }),
    receivedBytes: t.expose('receivedBytes', {
      type: 'SafeInt',
      description: 'How many bytes of the file have arrived; equal to `sizeBytes` once the upload is whole.',
    }),
    status: t.field({
      type: EpisodeStatus,
      description: 'How far the episode has come; ARCHIVED while it is put away.',
      resolve: resolvers.status,
    }),
    processingStatus: t.expose('status', {
      type: EpisodeStatus,
      description: 'How far the episode has come, whether or not it is put away: never ARCHIVED.',
    }),
    archived: t.boolean({
      description: 'Whether the episode has been put away.',
      resolve: ({ archivedAt }) => archivedAt !== null,
    }),
    archivedAt: t.expose('archivedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the episode was put away; null where it is not.',
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
      description: 'Why the last job of the episode failed; null where it did not.',
      resolve: readFailure,
    }),
    uploadedAt: t.expose('uploadedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the file of the episode had arrived, or its newest transcript was stored, whichever came last.',
    }),
    processedAt: t.expose('processedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When clips were last found in the episode; null before the first time.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the episode was created.' }),
    transcript: t.field({
      type: TranscriptSegmentConnection,
      description: 'What is said in the episode, in order of time.',
      args: {
        ...t.arg.connectionArgs(),
        fromSeconds: t.arg.float({ description: 'Only segments that end after this second of the recording.' }),
        toSeconds: t.arg.float({ description: 'Only segments that begin before this second of the recording.' }),
      },
      complexity: pageCost,
      resolve: resolvers.transcript,
    }),
    job: t.field({
      type: Job,
      nullable: true,
      description: 'The newest job about the episode; null where there was none.',
      resolve: resolvers.job,
    }),
  }),
});

export const EpisodeConnection = connectionType(Episode, 'Episode', 'episodes');

const EpisodeOrder = builder.enumType('EpisodeOrder', {
  description: 'How a list of episodes is ordered.',
  values: {
    CREATED_DESC: { description: 'By creation, the newest episode first.' },
    CREATED_ASC: { description: 'By creation, the oldest episode first.' },
    TITLE_ASC: {
      description: 'By title, from A to Z, whatever its case and accents; episodes without a title come first.',
    },
  },
});

const EpisodeFilter = builder.inputType('EpisodeFilter', {
  description: 'Conditions on episodes; all that are given must hold.',
  fields: (t) => ({
    statuses: t.field({
      type: [EpisodeStatus],
      description: 'Only episodes whose `status` is one of these; one that is put away is ARCHIVED.',
    }),
    archived: t.boolean({ description: 'True: only episodes that are put away. False: only others.' }),
    titleContains: t.string({
      description: 'Only episodes that have this text in their title, whatever the case and accents of either.',
    }),
  }),
});

builder.queryFields((t) => ({
  episode: t.field({
    type: Episode,
    nullable: true,
    description: "An episode by id; null where it is missing or somebody else's.",
    args: { id: t.arg.id({ required: true, description: 'The id of the episode.' }) },
    extensions: NOT_KEPT,
    resolve: resolvers.episode,
  }),
  episodes: t.field({
    type: EpisodeConnection,
    description: "The viewer's episodes.",
    args: {
      filter: t.arg({ type: EpisodeFilter, description: 'Only episodes that meet these conditions.' }),
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
    description: 'The episode to find clips in, and what clips to look for.',
    inputFields: (t: InputFields) => ({
      episodeId: t.id({ required: true, description: 'The id of the episode, which has a transcript.' }),
      platforms: t.field({
        type: [Platform],
        defaultValue: resolvers.DEFAULTS.platforms,
        description:
          'The platforms to find clips for, one or more; clips that were suggested for them are replaced, unless `trimClip` or `setClipStatus` has changed them.',
      }),
      genre: t.field({
        type: Genre,
        defaultValue: resolvers.DEFAULTS.genre,
        description: 'What sort of episode it is.',
      }),
      maxClips: t.int({
        defaultValue: resolvers.DEFAULTS.maxClips,
        description: `How many clips to suggest for each platform at most, 1 to ${MAX_CLIPS}.`,
      }),
      priority: t.field({
        type: JobPriority,
        defaultValue: resolvers.DEFAULTS.priority,
        description: 'How soon the job is taken; URGENT requires scope ADMIN.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Starts a job that finds the best clips in the transcript of an episode; follow it with `jobProgress`. Errors: NOT_FOUND, CONFLICT (the episode is archived or has no transcript, or a job is at work on it), QUEUE_FULL, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.processEpisode,
  },
  {
    description: 'The job that was queued.',
    outputFields: (t) => ({
      job: t.expose('job', { type: Job, description: 'The job that finds the clips.' }),
      episode: t.expose('episode', {
        type: Episode,
        description: 'The episode, whose clips change when the job has SUCCEEDED.',
      }),
      jobEdge: payloadEdge(t, JobConnection.edge, 'jobs', jobEdge),
      episodeEdge: payloadEdge(t, EpisodeConnection.edge, 'episodes', resolvers.episodeEdge),
    }),
  },
);

builder.relayMutationField(
  'updateEpisode',
  {
    description: 'What to change of an episode; what is left out stays as it is.',
    inputFields: (t: InputFields) => ({
      episodeId: t.id({ required: true, description: 'The id of the episode to change.' }),
      title: t.string({
        description: `What the episode is called, 1 to ${MAX_EPISODE_TITLE_LENGTH} characters; null clears it.`,
      }),
      language: t.string({
        description: `The language of the episode as a BCP 47 tag, as \`en\` or \`he\`, 1 to ${MAX_LANGUAGE_LENGTH} characters; null clears it.`,
      }),
      archived: t.boolean({
        description: 'Whether to put the episode away; false brings it back, with the status that it had.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Changes the title and language of an episode; puts it away, or brings it back. Errors: NOT_FOUND, CONFLICT (a job is at work on an episode that is to be put away), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.updateEpisode,
  },
  {
    description: 'The episode that was changed.',
    outputFields: (t) => ({
      episode: t.expose('episode', { type: Episode, description: 'The episode as it is now.' }),
      episodeEdge: payloadEdge(t, EpisodeConnection.edge, 'episodes', resolvers.episodeEdge),
    }),
  },
);

builder.relayMutationField(
  'archiveEpisode',
  {
    description: 'The episode to put away.',
    inputFields: (t: InputFields) => ({
      episodeId: t.id({ required: true, description: 'The id of the episode to archive.' }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Puts an episode away, as `updateEpisode` does with `archived`: it can still be read, but no longer be processed or get another transcript. An archived one stays as it is. Errors: NOT_FOUND, CONFLICT (a job is at work on the episode), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.archiveEpisode,
  },
  {
    description: 'The episode that was put away.',
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
      'Deletes an episode with its transcript, clips and feedback; conversations about it stay. Errors: NOT_FOUND, CONFLICT (a job is at work on the episode), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.deleteEpisode,
  },
  {
    description: 'The episode that was deleted.',
    outputFields: (t) => ({
      deletedId: t.exposeID('deletedId', { description: 'The id of the episode that is gone.' }),
    }),
  },
);

builder.subscriptionField('episodeUpdated', (t) =>
  t.field({
    type: Episode,
    description:
      'The episode as it is now, then its newest state after each change; ends when the episode is deleted. Errors: NOT_FOUND.',
    args: { episodeId: t.arg.id({ required: true, description: 'The id of the episode to follow.' }) },
    subscribe: resolvers.episodeUpdated,
    resolve: (episode) => episode,
  }),
);
