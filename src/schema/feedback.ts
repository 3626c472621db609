import { MAX_COMMENT_LENGTH, RATINGS } from '#domain/episodes/feedback.ts';
import * as resolvers from '#resolvers/feedback.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { Clip } from './clips.ts';
import { connectionType, payloadEdge } from './connection.ts';
import { Episode } from './episodes.ts';
import { digits, type InputFields, idempotencyKey } from './inputs.ts';
import { User } from './users.ts';

const FeedbackType = builder.enumType('FeedbackType', {
  description: 'What somebody did with an episode or a clip, or thought of it.',
  values: {
    LIKE: { description: 'The author liked it.' },
    DISLIKE: { description: 'The author did not like it.' },
    PUBLISHED: { description: 'The author published it.' },
    REJECTED: { description: 'The author would not publish it.' },
    TRIMMED: { description: 'The author moved its beginning or its end.' },
    OTHER: { description: 'Anything else, which the comment says.' },
  },
});

const Feedback = builder.prismaObject('Feedback', {
  description: 'What somebody did with an episode or one of its clips, or thinks of it.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the feedback; it never changes.', resolve: idOf('Feedback') }),
    episode: t.field({
      type: Episode,
      description: 'The episode that the feedback is about.',
      resolve: resolvers.episode,
    }),
    clip: t.field({
      type: Clip,
      nullable: true,
      description:
        'The clip that the feedback is about; null where it is about the whole episode, or the clip is gone.',
      resolve: resolvers.clip,
    }),
    author: t.field({ type: User, description: 'The user who gave the feedback.', resolve: resolvers.author }),
    type: t.expose('type', { type: FeedbackType, description: 'What the author did or thought.' }),
    rating: t.exposeInt('rating', {
      nullable: true,
      description: `The rating by the author, from ${RATINGS.min} (worst) to ${RATINGS.max} (best).`,
    }),
    comment: t.exposeString('comment', { nullable: true, description: 'The comment of the author.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the feedback was given.' }),
  }),
});

const FeedbackConnection = connectionType(Feedback, 'Feedback', 'pieces of feedback');

builder.prismaObjectField(Clip, 'viewerFeedback', (t) =>
  t.field({
    type: Feedback,
    nullable: true,
    description: 'What the viewer said about the clip last; null where they said nothing.',
    resolve: resolvers.viewerFeedback,
  }),
);
builder.prismaObjectField(Clip, 'feedback', (t) =>
  t.field({
    type: FeedbackConnection,
    description: 'The feedback about the clip, newest first.',
    args: t.arg.connectionArgs(),
    complexity: pageCost,
    resolve: resolvers.feedback,
  }),
);

builder.relayMutationField(
  'submitFeedback',
  {
    description: 'What somebody did with an episode or one of its clips, or thinks of it.',
    inputFields: (t: InputFields) => ({
      episodeId: t.id({ required: true, description: 'The id of the episode that the feedback is about.' }),
      clipId: t.id({ description: 'The id of the clip of the episode, where the feedback is about one.' }),
      type: t.field({ type: FeedbackType, required: true, description: 'What the author did or thought.' }),
      rating: t.int({ description: `A rating from ${RATINGS.min} (worst) to ${RATINGS.max} (best).` }),
      comment: t.string({ description: `A comment in any words, 1 to ${digits(MAX_COMMENT_LENGTH)} characters.` }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Stores what the viewer did with an episode or a clip, or thinks of it. Errors: NOT_FOUND (the episode, or a clip of it), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.submitFeedback,
  },
  {
    description: 'The feedback that was stored.',
    outputFields: (t) => ({
      feedback: t.expose('feedback', { type: Feedback, description: 'The new feedback.' }),
      feedbackEdge: payloadEdge(t, FeedbackConnection.edge, 'Clip.feedback', resolvers.feedbackEdge),
    }),
  },
);
