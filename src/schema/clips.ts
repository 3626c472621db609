import { CLIP_SECONDS } from '#domain/episodes/clips/platforms.ts';
import { RATINGS } from '#domain/episodes/feedback.ts';
import * as resolvers from '#resolvers/clips.ts';
import { builder, idOf, Node } from './builder.ts';
import { ClipFeatures, PlatformFit } from './clip-scores.ts';
import { connectionType } from './connection.ts';
import { Episode, Genre, Platform } from './episodes.ts';
import { Job } from './jobs.ts';
import { TranscriptFormat } from './transcripts.ts';

export const ClipStatus = builder.enumType('ClipStatus', {
  description: 'The editorial decision about a clip, or the state of its media file.',
  values: {
    SUGGESTED: {
      description: 'The clip was found in the transcript. It is not rendered, and no decision was made about it.',
    },
    RENDERING: { description: 'The clip is being rendered.' },
    READY: { description: 'The clip is rendered, and no decision was made about it.' },
    FAILED: { description: 'Rendering the clip failed, and there is no earlier file; see `error` of its `job`.' },
    APPROVED: { description: 'The clip was approved; `processEpisode` no longer replaces it.' },
    REJECTED: { description: 'The clip was rejected; `processEpisode` does not suggest it again.' },
    PUBLISHED: { description: 'The clip was published on its platform.' },
  },
});

export const Clip = builder.prismaObject('Clip', {
  description: `An excerpt of an episode for sharing on a platform, ${CLIP_SECONDS.minSeconds} to ${CLIP_SECONDS.maxSeconds} seconds long: whole sentences that \`processEpisode\` suggests, or a passage that \`createClip\` was given.`,
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description:
        'Opaque id of the clip. That of a suggestion is valid until the episode is processed for the same platform again.',
      resolve: idOf('Clip'),
    }),
    episode: t.field({ type: Episode, description: 'The episode that the clip is from.', resolve: resolvers.episode }),
    title: t.exposeString('title', {
      description:
        'A title made of the salient words of the clip, or the one that `createClip` or `updateClip` gave it.',
    }),
    startSeconds: t.exposeFloat('startSeconds', {
      description: 'The start of the clip, in seconds from the start of the recording.',
    }),
    endSeconds: t.exposeFloat('endSeconds', {
      description: 'The end of the clip, in seconds from the start of the recording.',
    }),
    durationSeconds: t.float({
      description: 'The length of the clip, in seconds.',
      resolve: ({ startSeconds, endSeconds }) => Math.round((endSeconds - startSeconds) * 1000) / 1000,
    }),
    score: t.exposeFloat('score', {
      description:
        'The predicted quality of the clip, 0 to 1: the weighted sum of its features, with weights that depend on the genre.',
    }),
    features: t.expose('features', {
      type: 'JSON',
      description:
        "The features that `score` is computed from, as an object of numbers from 0 to 1; `featureScores` has the same values, typed. If the owner's feedback has changed the weights, `weights` is an object with the weights that were used, which sum to 1, and the `version` of the learned weights.",
    }),
    featureScores: t.field({
      type: ClipFeatures,
      description: 'The features that `score` is computed from, each from 0 to 1.',
      resolve: resolvers.featureScores,
    }),
    genre: t.expose('genre', { type: Genre, description: 'The genre whose weights were used for the score.' }),
    platform: t.expose('platform', { type: Platform, description: 'The platform that the clip is for.' }),
    platformFit: t.field({
      type: PlatformFit,
      description: 'Whether the length of the clip is allowed on its platform.',
      resolve: resolvers.platformFit,
    }),
    status: t.expose('status', {
      type: ClipStatus,
      description: 'The editorial decision about the clip, or the state of its media file.',
    }),
    createdByUser: t.exposeBoolean('createdByUser', {
      description: 'Whether the clip was created by `createClip`, so that `processEpisode` does not replace it.',
    }),
    trimmedAt: t.expose('trimmedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When `trimClip` last changed the start or end of the clip; null if it never did. Trimming does not change the score, nor the title, which `updateClip` changes.',
    }),
    renderOutOfDate: t.exposeBoolean('renderOutOfDate', {
      description:
        'Whether the file at `mediaUrl` is out of date because the clip was trimmed, or words in its burnt-in captions were corrected. The old file stays available until `renderClip` replaces it.',
    }),
    job: t.field({
      type: Job,
      nullable: true,
      description:
        'The newest job that renders the clip: follow it with `jobProgress`; if it FAILED, its `error` says why. Null if there was none.',
      resolve: resolvers.job,
    }),
    captions: t.string({
      description: 'The captions of the clip as file content, with times relative to the start of the clip.',
      args: {
        format: t.arg({
          type: TranscriptFormat,
          required: true,
          defaultValue: 'VTT',
          description: 'The file format of the captions.',
        }),
      },
      resolve: resolvers.captions,
    }),
    averageRating: t.float({
      nullable: true,
      description: `The mean rating of the clip, ${RATINGS.min} to ${RATINGS.max}, with the newest rating of each user; null if it has no ratings.`,
      resolve: resolvers.averageRating,
    }),
    ratingCount: t.int({
      description: 'How many users have rated the clip: how many ratings `averageRating` is the mean of.',
      resolve: resolvers.ratingCount,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the clip was created.' }),
  }),
});

export const ClipConnection = connectionType(Clip, 'Clip', 'clips');
