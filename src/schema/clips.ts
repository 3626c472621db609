import * as resolvers from '#resolvers/clips.ts';
import { clips as clipsOfEpisode } from '#resolvers/episodes.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { connectionType } from './connection.ts';
import { Episode, Genre, Platform, TranscriptFormat } from './episodes.ts';
import { User } from './users.ts';

const ClipStatus = builder.enumType('ClipStatus', {
  description: 'Whether a clip exists as a file.',
  values: {
    SUGGESTED: { description: 'Found, not rendered.' },
    RENDERING: { description: 'Being made.' },
    READY: { description: 'Made.' },
    FAILED: { description: 'Could not be made.' },
  },
});

const FeedbackType = builder.enumType('FeedbackType', {
  description: 'What somebody did or thought.',
  values: {
    LIKE: { description: 'Liked it.' },
    DISLIKE: { description: 'Did not like it.' },
    PUBLISHED: { description: 'Published it.' },
    REJECTED: { description: 'Would not publish it.' },
    TRIMMED: { description: 'Changed its edges.' },
    OTHER: { description: 'See the comment.' },
  },
});

const PlatformFit = builder.simpleObject('PlatformFit', {
  description: 'Whether a clip suits its platform, and if not the nearest whole-sentence edges that would.',
  fields: (t) => ({
    fits: t.boolean({ description: 'Whether it suits.' }),
    reason: t.string({ nullable: true, description: 'Why not.' }),
    suggestedStartSeconds: t.float({ nullable: true, description: 'Where it could begin instead.' }),
    suggestedEndSeconds: t.float({ nullable: true, description: 'Where it could end instead.' }),
  }),
});

const Clip = builder.prismaObject('Clip', {
  description: 'A stretch of an episode, of whole sentences and 12 to 60 s, for a platform.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque, the same until the episode is processed again.', resolve: idOf('Clip') }),
    episode: t.field({ type: Episode, description: 'Where it is from.', resolve: resolvers.episode }),
    title: t.exposeString('title', { description: 'From its own salient words.' }),
    startSeconds: t.exposeFloat('startSeconds', { description: 'Where it begins, in seconds of the recording.' }),
    endSeconds: t.exposeFloat('endSeconds', { description: 'Where it ends, in seconds of the recording.' }),
    durationSeconds: t.float({
      description: 'How long it is.',
      resolve: ({ startSeconds, endSeconds }) => Math.round((endSeconds - startSeconds) * 1000) / 1000,
    }),
    score: t.exposeFloat('score', { description: '0 to 1: how good a clip it promises to be.' }),
    features: t.expose('features', {
      type: 'JSON',
      description: 'What the score is made of, by name, each 0 to 1; the genre weighs them.',
    }),
    genre: t.expose('genre', { type: Genre, description: 'The genre that weighed them.' }),
    platform: t.expose('platform', { type: Platform, description: 'Where it is to be shown.' }),
    platformFit: t.field({
      type: PlatformFit,
      description: 'Whether it suits that platform.',
      resolve: resolvers.platformFit,
    }),
    status: t.expose('status', { type: ClipStatus, description: 'Whether it exists as a file.' }),
    captions: t.string({
      description: 'Captions of just this clip, timed from its start.',
      args: {
        format: t.arg({
          type: TranscriptFormat,
          required: true,
          defaultValue: 'VTT',
          description: 'How they are written.',
        }),
      },
      resolve: resolvers.captions,
    }),
    averageRating: t.float({
      nullable: true,
      description: 'The mean of its ratings, 1 to 5.',
      resolve: resolvers.averageRating,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was found.' }),
  }),
});

const ClipConnection = connectionType(Clip, 'Clip', 'clips');

builder.prismaObjectField(Episode, 'clips', (t) =>
  t.field({
    type: ClipConnection,
    description: 'What was found in it, the best first.',
    args: { platform: t.arg({ type: Platform, description: 'Only for this platform.' }), ...t.arg.connectionArgs() },
    complexity: pageCost,
    resolve: clipsOfEpisode,
  }),
);

const Feedback = builder.prismaObject('Feedback', {
  description: 'What somebody did with an episode or clip, or thinks of it.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque, the same for ever.', resolve: idOf('Feedback') }),
    episode: t.field({ type: Episode, description: 'What it is about.', resolve: resolvers.episode }),
    clip: t.field({
      type: Clip,
      nullable: true,
      description: 'The clip it is about; null once that was replaced.',
      resolve: resolvers.feedbackClip,
    }),
    author: t.field({ type: User, description: 'Whose it is.', resolve: resolvers.author }),
    type: t.expose('type', { type: FeedbackType, description: 'What they did or thought.' }),
    rating: t.exposeInt('rating', { nullable: true, description: '1 to 5.' }),
    comment: t.exposeString('comment', { nullable: true, description: 'In their words.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was given.' }),
  }),
});

const FeedbackConnection = connectionType(Feedback, 'Feedback', 'pieces of feedback');

builder.prismaObjectField(Clip, 'feedback', (t) =>
  t.field({
    type: FeedbackConnection,
    description: 'What was said of it, newest first.',
    args: t.arg.connectionArgs(),
    complexity: pageCost,
    resolve: resolvers.feedback,
  }),
);

builder.queryField('clip', (t) =>
  t.field({
    type: Clip,
    nullable: true,
    description: "A clip; null where it is missing or somebody else's.",
    args: { id: t.arg.id({ required: true, description: 'The clip.' }) },
    resolve: resolvers.clip,
  }),
);

const SubmitFeedbackInput = builder.inputType('SubmitFeedbackInput', {
  description: 'What somebody did or thinks.',
  fields: (t) => ({
    episodeId: t.id({ required: true, description: 'The episode.' }),
    clipId: t.id({ description: 'The clip of it, where it is about one.' }),
    type: t.field({ type: FeedbackType, required: true, description: 'What they did or thought.' }),
    rating: t.int({ description: '1 to 5.' }),
    comment: t.string({ description: 'In their words, up to 2,000 characters.' }),
    idempotencyKey: t.string({
      description: 'The same key with the same input gives the first answer again, for at least 24 hours.',
    }),
  }),
});
const SubmitFeedbackPayload = builder.simpleObject('SubmitFeedbackPayload', {
  description: 'The feedback is kept.',
  fields: (t) => ({ feedback: t.field({ type: Feedback, description: 'As it was kept.' }) }),
});

builder.mutationField('submitFeedback', (t) =>
  t.field({
    type: SubmitFeedbackPayload,
    nullable: true,
    description: 'Keeps what somebody did with an episode or clip, or thinks of it.',
    args: { input: t.arg({ type: SubmitFeedbackInput, required: true, description: 'The feedback.' }) },
    resolve: resolvers.submitFeedback,
  }),
);
