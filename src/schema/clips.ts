import type { ClipFeatures as ClipFeaturesShape } from '#domain/episodes/clips/clip-features.ts';
import { CLIP_SECONDS } from '#domain/episodes/clips/platforms.ts';
import { RATINGS } from '#domain/episodes/feedback.ts';
import * as resolvers from '#resolvers/clips.ts';
import { clips as clipsOfEpisode } from '#resolvers/episodes.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { connectionType } from './connection.ts';
import { Episode, Genre, Platform } from './episodes.ts';
import { TranscriptFormat } from './transcripts.ts';

const ClipStatus = builder.enumType('ClipStatus', {
  description: 'Whether a clip exists as a media file.',
  values: {
    SUGGESTED: { description: 'The clip was found in the transcript; there is no file of it.' },
    RENDERING: { description: 'The file of the clip is being made.' },
    READY: { description: 'The file of the clip is there.' },
    FAILED: { description: 'The file of the clip could not be made.' },
  },
});

const ClipFeatures = builder.objectRef<ClipFeaturesShape>('ClipFeatures').implement({
  description: 'What a clip is judged by. Every feature is 0 to 1, and more is better.',
  fields: (t) => ({
    hook: t.exposeFloat('hook', {
      description: 'How well the first three seconds of the clip hold someone who is scrolling.',
    }),
    completeness: t.exposeFloat('completeness', {
      description: 'How well the clip stands alone: it needs nothing before it, and ends where a thought ends.',
    }),
    keywordSalience: t.exposeFloat('keywordSalience', {
      description: 'How much the words of the clip say what this part of the episode is about; 0.5 is usual.',
    }),
    questionOrNumber: t.exposeFloat('questionOrNumber', {
      description: 'Whether a question is raised in the clip, best early, or a number is named.',
    }),
    speakerExchange: t.exposeFloat('speakerExchange', {
      description: 'Whether people talk with each other in the clip, best in question and answer; 0 in a monologue.',
    }),
    sentimentSwing: t.exposeFloat('sentimentSwing', {
      description: 'How far the feeling of the clip moves between good and bad; 0 for languages other than English.',
    }),
    fluency: t.exposeFloat('fluency', {
      description: 'How few fillers, such as "um", there are among the words of the clip; 1 without any.',
    }),
    speechRate: t.exposeFloat('speechRate', {
      description: 'How fast the clip is spoken, against the episode as a whole; 0.5 is usual.',
    }),
    lengthFit: t.exposeFloat('lengthFit', {
      description: 'How near the length of the clip is to what does best on its platform.',
    }),
  }),
});

const PlatformFit = builder.simpleObject('PlatformFit', {
  description: 'Whether a clip has a length that its platform takes, and if not the nearest edges that would do.',
  fields: (t) => ({
    fits: t.boolean({ description: 'Whether the platform takes the clip as it is.' }),
    reason: t.string({ nullable: true, description: 'Why the platform does not take the clip; null where it does.' }),
    suggestedStartSeconds: t.float({
      nullable: true,
      description: 'Where the clip could begin instead, at the start of a sentence, in seconds of the recording.',
    }),
    suggestedEndSeconds: t.float({
      nullable: true,
      description: 'Where the clip could end instead, at the end of a sentence, in seconds of the recording.',
    }),
  }),
});

export const Clip = builder.prismaObject('Clip', {
  description: `A stretch of an episode that is worth sharing on a platform: whole sentences, ${CLIP_SECONDS.minSeconds} to ${CLIP_SECONDS.maxSeconds} seconds.`,
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id of the clip, which lasts until the episode is processed for the same platform again.',
      resolve: idOf('Clip'),
    }),
    episode: t.field({ type: Episode, description: 'The episode that the clip is from.', resolve: resolvers.episode }),
    title: t.exposeString('title', { description: 'A title made of the salient words of the clip.' }),
    startSeconds: t.exposeFloat('startSeconds', {
      description: 'Where the clip begins, in seconds from the start of the recording.',
    }),
    endSeconds: t.exposeFloat('endSeconds', {
      description: 'Where the clip ends, in seconds from the start of the recording.',
    }),
    durationSeconds: t.float({
      description: 'The length of the clip, in seconds.',
      resolve: ({ startSeconds, endSeconds }) => Math.round((endSeconds - startSeconds) * 1000) / 1000,
    }),
    score: t.exposeFloat('score', {
      description: 'How good a clip it promises to be, 0 to 1: the sum of its features, weighed as its genre has it.',
    }),
    features: t.expose('features', {
      type: 'JSON',
      description: 'What `score` is made of, as an object of numbers from 0 to 1; `featureScores` is the same, typed.',
    }),
    featureScores: t.field({
      type: ClipFeatures,
      description: 'What `score` is made of, each feature from 0 to 1.',
      resolve: resolvers.featureScores,
    }),
    genre: t.expose('genre', { type: Genre, description: 'The genre that the features were weighed for.' }),
    platform: t.expose('platform', { type: Platform, description: 'The platform that the clip is for.' }),
    platformFit: t.field({
      type: PlatformFit,
      description: 'Whether the clip has a length that its platform takes.',
      resolve: resolvers.platformFit,
    }),
    status: t.expose('status', { type: ClipStatus, description: 'Whether the clip exists as a media file.' }),
    captions: t.string({
      description: 'The captions of just this clip, timed from its start.',
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
      description: `The mean of the ratings of the clip, ${RATINGS.min} to ${RATINGS.max}; null without any.`,
      resolve: resolvers.averageRating,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the clip was found.' }),
  }),
});

const ClipConnection = connectionType(Clip, 'Clip', 'clips');

builder.prismaObjectField(Episode, 'clips', (t) =>
  t.field({
    type: ClipConnection,
    description: 'The clips that `processEpisode` found in the episode, the best first.',
    args: {
      platform: t.arg({ type: Platform, description: 'Only clips for this platform.' }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    resolve: clipsOfEpisode,
  }),
);

builder.queryField('clip', (t) =>
  t.field({
    type: Clip,
    nullable: true,
    description: "A clip by id; null where it is missing or somebody else's.",
    args: { id: t.arg.id({ required: true, description: 'The id of the clip.' }) },
    resolve: resolvers.clip,
  }),
);
