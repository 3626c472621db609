import { MAX_CONTEXT_MESSAGES } from '#domain/conversations/context-window.ts';
import { MAX_TITLE_LENGTH } from '#domain/conversations/conversations.ts';
import { MAX_INSTRUCTIONS_LENGTH } from '#domain/conversations/model-settings.ts';
import * as resolvers from '#resolvers/conversations.ts';
import { conversations as conversationsOfEpisode } from '#resolvers/episodes.ts';
import { conversation as conversationOfMessage } from '#resolvers/messages.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { KEPT, keptFor, NOT_KEPT } from './caching.ts';
import { connectionType, payloadEdge } from './connection.ts';
import { Episode } from './episodes.ts';
import { changedMetadata, digits, type InputFields, idempotencyKey, metadata } from './inputs.ts';
import { Lead } from './leads.ts';
import { Message, MessageConnection, MessageRole } from './messages.ts';
import { reads } from './reads.ts';
import { User } from './users.ts';

export const Channel = builder.enumType('Channel', {
  description: 'The medium of a conversation.',
  values: {
    TEXT: { description: 'A typed conversation.' },
    VOICE: { description: 'A spoken conversation with a voice bot.' },
    PHONE: { description: 'A spoken conversation by phone.' },
  },
});

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

export const Conversation = builder.prismaObject('Conversation', {
  description: 'An ordered sequence of messages between one user and an assistant, or a lead.',
  extensions: keptFor({ minutes: 30 }),
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id of the conversation; it never changes.',
      extensions: { ...KEPT, ...reads('id') },
      resolve: idOf('Conversation'),
    }),
    title: t.exposeString('title', {
      nullable: true,
      description:
        "The title of the conversation. If none is set, `sendMessage` and `askEpisode` derive it from the user's message, and a model, if there is one, improves it after the first reply. A title that a client has set is never replaced.",
    }),
    channel: t.expose('channel', { type: Channel, description: 'The medium of the conversation.' }),
    owner: t.field({
      type: User,
      description: 'The user who owns the conversation.',
      extensions: KEPT,
      resolve: resolvers.owner,
    }),
    episode: t.field({
      type: Episode,
      nullable: true,
      description: 'The episode that the conversation is about; null if there is none, or the episode was deleted.',
      extensions: NOT_KEPT,
      resolve: resolvers.episode,
    }),
    lead: t.field({
      type: Lead,
      nullable: true,
      description: 'The lead that the conversation is with; null if there is none, or the lead was deleted.',
      extensions: NOT_KEPT,
      resolve: resolvers.lead,
    }),
    pinned: t.exposeBoolean('pinned', { description: 'Whether the conversation is pinned.' }),
    archived: t.exposeBoolean('archived', { description: 'Whether the conversation is archived.' }),
    metadata: t.expose('metadata', {
      type: 'JSON',
      nullable: true,
      description: 'Arbitrary JSON data of the client about the conversation, stored exactly as sent.',
    }),
    sourceId: t.exposeString('sourceId', {
      nullable: true,
      description:
        'The source application of an uploaded conversation and its id there, such as `CHATGPT:6745…`, or a hash of it if it had no id; null for conversations that were not uploaded.',
    }),
    model: t.exposeString('model', {
      nullable: true,
      description:
        'The model that writes the replies, one of `models`. If it is null, or no longer among `models`, the first of them replies.',
    }),
    instructions: t.exposeString('instructions', {
      nullable: true,
      description:
        "The user's instructions to the model, sent with every reply. Ignored if replies are written by rules, without a model.",
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the conversation was created.' }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When the conversation last changed, including by a message.',
    }),
    lastMessageAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'The time of the latest message; null if there is none.',
      extensions: { ...KEPT, ...reads('lastSequence', 'lastActivityAt') },
      resolve: (row) => (row.lastSequence === 0 ? null : row.lastActivityAt),
    }),
    messageCount: t.exposeInt('lastSequence', { description: 'The number of messages in the conversation.' }),
    lastUpdate: t.exposeInt('lastUpdate', {
      description:
        'The number of the newest message update in the conversation. Pass it as `afterUpdate` of `messageUpdated` to receive later updates.',
    }),
    lastMessage: t.field({
      type: Message,
      nullable: true,
      description: 'The newest message of the conversation; null if it has none.',
      extensions: { ...KEPT, ...reads('id') },
      resolve: resolvers.lastMessage,
    }),
    tokensInput: t.expose('tokensInput', {
      type: 'SafeInt',
      description: 'The total number of model input tokens of all messages of the conversation.',
    }),
    tokensOutput: t.expose('tokensOutput', {
      type: 'SafeInt',
      description: 'The total number of model output tokens of all messages of the conversation.',
    }),
    messages: t.field({
      type: MessageConnection,
      description:
        'The messages of the conversation, in order of `sequence`. For example, `last: 20` returns the newest 20.',
      args: {
        ...t.arg.connectionArgs(),
        roles: t.arg({ type: [MessageRole], description: 'Only messages of these roles.' }),
      },
      complexity: pageCost,
      extensions: { ...KEPT, ...reads('id', 'lastSequence') },
      resolve: resolvers.messages,
    }),
    context: t.field({
      type: [Message],
      description:
        'The context window that a model would receive for the next reply: the newest consecutive messages that fit, oldest first. Messages that are STREAMING or FAILED are left out.',
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
      extensions: { ...KEPT, ...reads('id') },
      resolve: resolvers.context,
    }),
  }),
});

export const ConversationConnection = connectionType(Conversation, 'Conversation', 'conversations');

builder.prismaObjectField(Message, 'conversation', (t) =>
  t.field({
    type: Conversation,
    description: 'The conversation that the message is in.',
    extensions: KEPT,
    resolve: conversationOfMessage,
  }),
);
builder.prismaObjectField(Episode, 'conversations', (t) =>
  t.field({
    type: ConversationConnection,
    description: 'The conversations about the episode, most recently active first.',
    args: t.arg.connectionArgs(),
    complexity: pageCost,
    resolve: conversationsOfEpisode,
  }),
);

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
      description: 'Only conversations whose title contains this text, ignoring case and accents.',
    }),
  }),
});

const ConversationStats = builder.simpleObject('ConversationStats', {
  description: 'Totals of all conversations of the viewer.',
  extensions: keptFor({ minutes: 30 }),
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
    extensions: KEPT,
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
    extensions: KEPT,
    resolve: resolvers.conversations,
  }),
  models: t.stringList({
    description:
      'The names of the models that a conversation can select, the default model first. Empty if no model is configured and replies are written by rules.',
    extensions: NOT_KEPT,
    resolve: resolvers.models,
  }),
  conversationStats: t.field({
    type: ConversationStats,
    description: 'Totals of all conversations of the viewer.',
    complexity: 20,
    extensions: KEPT,
    resolve: resolvers.conversationStats,
  }),
}));

/** The `model` and `instructions` of an input; `more` says what else is to be known of both. */
export const modelSettings = (t: InputFields, more = '') => ({
  model: t.string({
    description: `The model that writes the replies, one of \`models\`. Default: the first of them. ${more}`.trim(),
  }),
  instructions: t.string({
    description:
      `Instructions to the model, sent with every reply, 1 to ${digits(MAX_INSTRUCTIONS_LENGTH)} characters. They may take up at most half of the model's context window, and are truncated beyond that. ${more}`.trim(),
  }),
});

const TITLE = `The title of the conversation, 1 to ${MAX_TITLE_LENGTH} characters`;

builder.relayMutationField(
  'createConversation',
  {
    description: 'The conversation to create.',
    inputFields: (t: InputFields) => ({
      title: t.string({ description: `${TITLE}.` }),
      channel: t.field({ type: Channel, defaultValue: 'TEXT', description: 'The medium of the conversation.' }),
      episodeId: t.id({ description: 'The id of the episode that the conversation is about.' }),
      leadId: t.id({ description: 'The id of the lead that the conversation is with.' }),
      metadata: metadata(t, 'conversation'),
      ...modelSettings(t),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description: 'Creates an empty conversation. Errors: NOT_FOUND (the episode or the lead), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.createConversation,
  },
  {
    description: 'The conversation that was created.',
    outputFields: (t) => ({
      conversation: t.expose('conversation', { type: Conversation, description: 'The new conversation.' }),
      conversationEdge: payloadEdge(t, ConversationConnection.edge, 'conversations', resolvers.conversationEdge),
    }),
  },
);

builder.relayMutationField(
  'updateConversation',
  {
    description: 'Changes to a conversation; omitted fields stay unchanged.',
    inputFields: (t: InputFields) => ({
      conversationId: t.id({ required: true, description: 'The id of the conversation to change.' }),
      title: t.string({ description: `${TITLE}; null removes it.` }),
      pinned: t.boolean({ description: 'Whether the conversation is pinned.' }),
      archived: t.boolean({ description: 'True archives the conversation, false restores it.' }),
      metadata: changedMetadata(t, 'conversation'),
      ...modelSettings(t, 'Null resets it.'),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Changes the title, metadata, model and instructions of a conversation, and whether it is pinned or archived. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.updateConversation,
  },
  {
    description: 'The conversation that was changed.',
    outputFields: (t) => ({
      conversation: t.expose('conversation', { type: Conversation, description: 'The conversation after the change.' }),
      conversationEdge: payloadEdge(t, ConversationConnection.edge, 'conversations', resolvers.conversationEdge),
    }),
  },
);

builder.relayMutationField(
  'deleteConversation',
  {
    description: 'The conversation to delete.',
    inputFields: (t: InputFields) => ({
      conversationId: t.id({ required: true, description: 'The id of the conversation to delete.' }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Deletes a conversation with all its messages. A reply that is being written is stopped, and subscriptions to the conversation end. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.deleteConversation,
  },
  {
    description: 'The conversation that was deleted.',
    outputFields: (t) => ({
      deletedId: t.exposeID('deletedId', { description: 'The id of the conversation that was deleted.' }),
    }),
  },
);
