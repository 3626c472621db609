import { MAX_RATING_COMMENT_LENGTH, type ModelRatings as ModelRatingsShape } from '#domain/conversations/ratings.ts';
import { messageEdge } from '#resolvers/messages.ts';
import * as resolvers from '#resolvers/ratings.ts';
import { builder } from './builder.ts';
import { NOT_KEPT } from './caching.ts';
import { payloadEdge } from './connection.ts';
import { digits, type InputFields, idempotencyKey } from './inputs.ts';
import { Message, MessageConnection } from './messages.ts';

const MessageRating = builder.enumType('MessageRating', {
  description: 'What a user thinks of a reply.',
  values: {
    UP: { description: 'The reply is good.' },
    DOWN: { description: 'The reply is not good.' },
  },
});

builder.prismaObjectFields(Message, (t) => ({
  rating: t.expose('rating', {
    type: MessageRating,
    nullable: true,
    description: 'What the user thinks of the message, where it is a reply; null where nobody has rated it.',
  }),
  ratingComment: t.exposeString('ratingComment', {
    nullable: true,
    description: 'What the user says to the `rating`.',
  }),
}));

builder.relayMutationField(
  'rateMessage',
  {
    description: 'A reply, and what the user thinks of it.',
    inputFields: (t: InputFields) => ({
      messageId: t.id({ required: true, description: 'The id of the reply, a message of the ASSISTANT.' }),
      rating: t.field({
        type: MessageRating,
        description: 'What the user thinks of the reply; null, or left out, clears rating and comment.',
      }),
      comment: t.string({
        description: `Why, in any words, 1 to ${digits(MAX_RATING_COMMENT_LENGTH)} characters; only together with a \`rating\`.`,
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Rates a reply, in place of the rating and comment that it had; `messageUpdated` tells of it. A reply that is written anew loses its rating. Errors: NOT_FOUND, CONFLICT (the reply is being written), IDEMPOTENCY_CONFLICT.',
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
  description: 'How the replies of one model were rated.',
  fields: (t) => ({
    model: t.exposeString('model', {
      nullable: true,
      description: 'The name of the model, as `Message.model` has it; null for replies that no model wrote.',
    }),
    up: t.exposeInt('up', { description: 'How many replies are rated UP.' }),
    down: t.exposeInt('down', { description: 'How many replies are rated DOWN.' }),
  }),
});

builder.queryField('replyRatings', (t) =>
  t.field({
    type: [ModelRatings],
    description:
      'How replies were rated, by the model that wrote them: the 100 models with the most ratings, most first.',
    args: {
      allUsers: t.arg.boolean({
        defaultValue: false,
        description: 'Whether to count the ratings of all users, instead of those of the viewer. Requires scope ADMIN.',
      }),
    },
    complexity: 20,
    extensions: NOT_KEPT,
    resolve: resolvers.replyRatings,
  }),
);
