import { MAX_RATING_COMMENT_LENGTH, type ModelRatings as ModelRatingsShape } from '#domain/conversations/ratings.ts';
import { messageEdge } from '#resolvers/messages.ts';
import * as resolvers from '#resolvers/ratings.ts';
import { builder } from './builder.ts';
import { NOT_CACHED } from './caching.ts';
import { payloadEdge } from './connection.ts';
import { digits, type InputFields, idempotencyKey } from './inputs.ts';
import { Message, MessageConnection } from './messages.ts';

const MessageRating = builder.enumType('MessageRating', {
  description: "A user's rating of a reply.",
  values: {
    UP: { description: 'The reply is good.' },
    DOWN: { description: 'The reply is bad.' },
  },
});

builder.prismaObjectFields(Message, (t) => ({
  rating: t.expose('rating', {
    type: MessageRating,
    nullable: true,
    description: "The user's rating of the message, if it is a reply; null if it was not rated.",
  }),
  ratingComment: t.exposeString('ratingComment', {
    nullable: true,
    description: "The user's comment on the `rating`.",
  }),
}));

builder.relayMutationField(
  'rateMessage',
  {
    description: 'A reply, and its new rating.',
    inputFields: (t: InputFields) => ({
      messageId: t.id({ required: true, description: 'The id of the reply, a message of the ASSISTANT.' }),
      rating: t.field({
        type: MessageRating,
        description: 'The rating of the reply. Null, or omitted: removes rating and comment.',
      }),
      comment: t.string({
        description: `A comment on the rating, 1 to ${digits(MAX_RATING_COMMENT_LENGTH)} characters. Requires \`rating\`.`,
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Rates a reply, and replaces its rating and comment. The subscription `messageUpdated` reports the change. A reply that is written again loses its rating. Errors: NOT_FOUND, CONFLICT (the reply is being written), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.rateMessage,
  },
  {
    description: 'The reply that was rated.',
    outputFields: (t) => ({
      message: t.expose('message', { type: Message, description: 'The reply with its rating.' }),
      messageEdge: payloadEdge(t, MessageConnection.edge, 'Conversation.messages', messageEdge),
    }),
  },
);

const ModelRatings = builder.objectRef<ModelRatingsShape>('ModelRatings').implement({
  description: 'The ratings of the replies of one model.',
  fields: (t) => ({
    model: t.exposeString('model', {
      nullable: true,
      description: 'The name of the model, as in `Message.model`; null for replies that no model wrote.',
    }),
    up: t.exposeInt('up', { description: 'The number of replies rated UP.' }),
    down: t.exposeInt('down', { description: 'The number of replies rated DOWN.' }),
  }),
});

builder.queryField('replyRatings', (t) =>
  t.field({
    type: [ModelRatings],
    description: 'The ratings of replies by model: the 100 models with the most ratings, most first.',
    args: {
      allUsers: t.arg.boolean({
        defaultValue: false,
        description: "If true, the ratings of all users are counted instead of the viewer's. Requires scope ADMIN.",
      }),
    },
    complexity: 20,
    extensions: NOT_CACHED,
    resolve: resolvers.replyRatings,
  }),
);
