import { MAX_COMMENT_LENGTH, RATINGS } from '#domain/episodes/feedback.ts';
import * as resolvers from '#resolvers/feedback.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { Clip } from './clips.ts';
import { connectionType, payloadEdge } from './connection.ts';
import { Episode } from './episodes.ts';
import { digits, type InputFields, idempotencyKey } from './inputs.ts';
import { User } from './users.ts';

const FeedbackType = builder.enumType('FeedbackType', {
  description: 'The kind of feedback about an episode or a clip.',
  values: {
    LIKE: { description: 'The author liked it.' },
    DISLIKE: { description: 'The author did not like it.' },
    PUBLISHED: { description: 'The author published it.' },
    REJECTED: { description: 'The author decided not to publish it.' },
    TRIMMED: { description: 'The author changed the start or end of the clip.' },
    OTHER: { description: 'Other feedback, explained in the comment.' },
  },
});

const Feedback = builder.prismaObject('Feedback', {
  description: 'What a user did with an episode or one of its clips, or thinks of it.',
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
        'The clip that the feedback is about; null if it is about the whole episode, or the clip was deleted.',
      resolve: resolvers.clip,
    }),
    author: t.field({ type: User, description: 'The user who gave the feedback.', resolve: resolvers.author }),
    type: t.expose('type', { type: FeedbackType, description: 'The kind of feedback.' }),
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
    description: "The viewer's most recent feedback about the clip; null if there is none.",
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

builder.prismaObjectField(Episode, 'feedback', (t) =>
  t.field({
    type: FeedbackConnection,
    description: 'The feedback about the episode as a whole, newest first.',
    args: {
      includeClips: t.arg.boolean({
        defaultValue: false,
        description: 'Whether feedback about the clips of the episode is listed, too, also about clips that are gone.',
      }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    resolve: resolvers.episodeFeedback,
  }),
);

builder.relayMutationField(
  'submitFeedback',
  {
    description: 'What a user did with an episode or one of its clips, or thinks of it.',
    inputFields: (t: InputFields) => ({
      episodeId: t.id({ required: true, description: 'The id of the episode that the feedback is about.' }),
      clipId: t.id({ description: 'The id of a clip of the episode, if the feedback is about a clip.' }),
      type: t.field({ type: FeedbackType, required: true, description: 'The kind of feedback.' }),
      rating: t.int({ description: `A rating from ${RATINGS.min} (worst) to ${RATINGS.max} (best).` }),
      comment: t.string({ description: `A comment as free text, 1 to ${digits(MAX_COMMENT_LENGTH)} characters.` }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      "Stores the viewer's feedback about an episode or a clip. A newer rating of a clip by the same user replaces the older one in `averageRating` and `ratingCount`; both stay in `feedback`. Errors: NOT_FOUND (the episode, or a clip of it), IDEMPOTENCY_CONFLICT.",
    resolve: resolvers.submitFeedback,
  },
  {
    description: 'The feedback that was stored.',
    outputFields: (t) => ({
      feedback: t.expose('feedback', { type: Feedback, description: 'The new feedback.' }),
      feedbackEdge: payloadEdge(
        t,
        FeedbackConnection.edge,
        'Clip.feedback` or `Episode.feedback',
        resolvers.feedbackEdge,
      ),
    }),
  },
);
