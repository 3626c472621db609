import * as resolvers from '#resolvers/episodes.ts';
import { readFailure } from '#resolvers/failures.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { connectionType } from './connection.ts';
import { Failure } from './failures.ts';
import { Job } from './jobs.ts';
import { TranscriptSegmentConnection } from './transcripts.ts';
import { User } from './users.ts';

export const EpisodeStatus = builder.enumType('EpisodeStatus', {
  description: 'The status of an episode.',
  values: {
    UPLOADING: {
      description: 'The file of the episode is expected, or being uploaded; the transcript may be stored already.',
    },
    UPLOADED: {
      description:
        'The file of the episode is stored, or the transcript of one without a file; `processEpisode` finds its clips.',
    },
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
      description:
        'The media type of the uploaded or imported file, such as `text/vtt`. Null if it is unknown, or the upload was cancelled.',
    }),
    sizeBytes: t.expose('sizeBytes', {
      type: 'SafeInt',
      description: 'The size of the uploaded or imported file, in bytes; 0 if the upload was cancelled.',
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
