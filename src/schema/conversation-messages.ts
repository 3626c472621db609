import { MAX_CONTEXT_MESSAGES } from '#domain/conversations/context-window.ts';
import * as resolvers from '#resolvers/conversations.ts';
import { conversation } from '#resolvers/messages.ts';
import { builder, pageCost } from './builder.ts';
import { CACHED } from './caching.ts';
import { Conversation } from './conversations.ts';
import { Message, MessageConnection, MessageRole } from './messages.ts';
import { reads } from './reads.ts';

builder.prismaObjectFields(Conversation, (t) => ({
  lastMessage: t.field({
    type: Message,
    nullable: true,
    description: 'The newest message of the conversation; null if it has none.',
    extensions: { ...CACHED, ...reads('id') },
    resolve: resolvers.lastMessage,
  }),
  messages: t.field({
    type: MessageConnection,
    description:
      'The messages of the conversation, in order of `sequence`. For example, `last: 20` returns the newest 20.',
    args: {
      ...t.arg.connectionArgs(),
      roles: t.arg({ type: [MessageRole], description: 'Only messages of these roles.' }),
      afterSequence: t.arg.int({
        description:
          'Return only messages with a greater `sequence`, as after the cursor of that message, which `after` takes.',
      }),
      beforeSequence: t.arg.int({
        description:
          'Return only messages with a smaller `sequence`, as before the cursor of that message, which `before` takes.',
      }),
    },
    complexity: pageCost,
    extensions: { ...CACHED, ...reads('id', 'lastSequence', 'discardedNumbers') },
    resolve: resolvers.messages,
  }),
  context: t.field({
    type: [Message],
    description:
      'The context window that a model would receive for the next reply: the newest consecutive messages that fit, oldest first. Messages that are STREAMING or FAILED are left out, but not a FAILED one that has its former text, where that was written to its end.',
    args: {
      maxMessages: t.arg.int({
        defaultValue: resolvers.DEFAULT_CONTEXT_MESSAGES,
        description: `The maximum number of messages, 0 to ${MAX_CONTEXT_MESSAGES}.`,
      }),
      maxTokens: t.arg.int({
        description:
          "The maximum number of tokens, estimated with the package tokenx (within a few percent of OpenAI's count) plus 4 per message. Default: unlimited.",
      }),
    },
    complexity: ({ maxMessages }) => ({
      field: 1,
      multiplier: Math.max(0, maxMessages ?? resolvers.DEFAULT_CONTEXT_MESSAGES),
    }),
    extensions: { ...CACHED, ...reads('id') },
    resolve: resolvers.context,
  }),
}));

builder.prismaObjectField(Message, 'conversation', (t) =>
  t.field({
    type: Conversation,
    description: 'The conversation that the message is in.',
    extensions: CACHED,
    resolve: conversation,
  }),
);
