import * as resolvers from '#resolvers/conversations.ts';
import { builder, pageCost } from './builder.ts';
import { CACHED, cachedFor, NOT_CACHED } from './caching.ts';
import { Channel, Conversation, ConversationConnection } from './conversations.ts';

const ConversationOrder = builder.enumType('ConversationOrder', {
  description: 'The sort order of a list of conversations.',
  values: {
    LAST_MESSAGE_DESC: {
      description:
        'By the time of the newest message, latest first; conversations without messages, by their creation time.',
    },
    CREATED_DESC: { description: 'By creation time, newest first.' },
    CREATED_ASC: { description: 'By creation time, oldest first.' },
    TITLE_ASC: {
      description: 'By title in ascending order, ignoring case and accents; conversations without a title come first.',
    },
  },
});

const ConversationFilter = builder.inputType('ConversationFilter', {
  description: 'Filter for conversations. All given conditions must match.',
  fields: (t) => ({
    pinned: t.boolean({
      description:
        'If true, only pinned conversations; if false, only conversations that are not pinned. Default: both.',
    }),
    archived: t.boolean({
      description:
        'If true, only archived conversations; if false, only conversations that are not archived. Default: both.',
    }),
    channel: t.field({ type: Channel, description: 'Only conversations with this channel.' }),
    episodeId: t.id({ description: 'Only conversations about the episode with this id.' }),
    leadId: t.id({ description: 'Only conversations with the lead with this id, including phone calls.' }),
    unread: t.boolean({
      description:
        'If true, only conversations with an `unreadCount` above 0; if false, only those with an `unreadCount` of 0. Default: both.',
    }),
    titleContains: t.string({
      description:
        'Only conversations whose title contains this text, ignoring case and accents. An empty text is no filter.',
    }),
  }),
});

const ConversationStats = builder.simpleObject('ConversationStats', {
  description: 'Totals of all conversations of the viewer.',
  extensions: cachedFor({ minutes: 30 }),
  fields: (t) => ({
    conversations: t.int({ description: 'The number of conversations.' }),
    messages: t.int({ description: 'The number of messages in all conversations.' }),
    archived: t.int({ description: 'The number of archived conversations.' }),
    tokensInput: t.field({ type: 'SafeInt', description: 'The total number of model input tokens of all messages.' }),
    tokensOutput: t.field({ type: 'SafeInt', description: 'The total number of model output tokens of all messages.' }),
  }),
});

builder.queryFields((t) => ({
  conversation: t.field({
    type: Conversation,
    nullable: true,
    description: 'A conversation by id; null if it does not exist or belongs to another user.',
    args: { id: t.arg.id({ required: true, description: 'The id of the conversation.' }) },
    extensions: CACHED,
    resolve: resolvers.conversation,
  }),
  conversations: t.field({
    type: ConversationConnection,
    description: "The viewer's conversations.",
    args: {
      filter: t.arg({ type: ConversationFilter, description: 'Only conversations that match this filter.' }),
      orderBy: t.arg({
        type: ConversationOrder,
        defaultValue: 'LAST_MESSAGE_DESC',
        description: 'The order of the conversations.',
      }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    extensions: CACHED,
    resolve: resolvers.conversations,
  }),
  models: t.stringList({
    description:
      'The names of the models that a conversation can select, the default model first. Empty if no model is configured and replies are written by rules.',
    extensions: NOT_CACHED,
    resolve: resolvers.models,
  }),
  conversationStats: t.field({
    type: ConversationStats,
    description: 'Totals of all conversations of the viewer.',
    complexity: 20,
    extensions: CACHED,
    resolve: resolvers.conversationStats,
  }),
}));
