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
  description: 'By what means a conversation is held.',
  values: {
    TEXT: { description: 'The conversation is typed.' },
    VOICE: { description: 'The conversation is spoken, through a voice bot.' },
    PHONE: { description: 'The conversation is spoken, on the phone.' },
  },
});

const ConversationOrder = builder.enumType('ConversationOrder', {
  description: 'How a list of conversations is ordered.',
  values: {
    LAST_MESSAGE_DESC: {
      description: 'By the newest message, the latest first; a conversation without messages counts by its creation.',
    },
    CREATED_DESC: { description: 'By creation, the newest conversation first.' },
    CREATED_ASC: { description: 'By creation, the oldest conversation first.' },
    TITLE_ASC: {
      description: 'By title, from A to Z, whatever its case and accents; conversations without a title come first.',
    },
  },
});

export const Conversation = builder.prismaObject('Conversation', {
  description: 'Messages in order, between one user and whoever answers.',
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
        "What the conversation is about. Where nobody has set one, `sendMessage` and `askEpisode` make it of the user's words; with a model, the model makes a better one after the reply. One that is set by hand stays.",
    }),
    channel: t.expose('channel', { type: Channel, description: 'By what means the conversation is held.' }),
    owner: t.field({
      type: User,
      description: 'The user whose conversation it is.',
      extensions: KEPT,
      resolve: resolvers.owner,
    }),
    episode: t.field({
      type: Episode,
      nullable: true,
      description: 'The episode that the conversation is about; null where it is about none, or the episode is gone.',
      extensions: NOT_KEPT,
      resolve: resolvers.episode,
    }),
    lead: t.field({
      type: Lead,
      nullable: true,
      description: 'The lead that the conversation is with; null where it is with none, or the lead is gone.',
      extensions: NOT_KEPT,
      resolve: resolvers.lead,
    }),
    pinned: t.exposeBoolean('pinned', { description: 'Whether the user keeps the conversation at hand.' }),
    archived: t.exposeBoolean('archived', { description: 'Whether the user has put the conversation away.' }),
    metadata: t.expose('metadata', {
      type: 'JSON',
      nullable: true,
      description: 'Data of the client about the conversation, kept exactly as sent.',
    }),
    sourceId: t.exposeString('sourceId', {
      nullable: true,
      description:
        'What an uploaded conversation was exported from, and its id there, such as `CHATGPT:6745…`, or a hash where it had none; null for others.',
    }),
    model: t.exposeString('model', {
      nullable: true,
      description:
        'The model that replies, one of `models`; null, or one that is no longer among them, stands for the first of these.',
    }),
    instructions: t.exposeString('instructions', {
      nullable: true,
      description:
        'What the user tells the model about how to reply, in every reply; rules, which reply without a model, do not read it.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the conversation was created.' }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When the conversation last changed, by a message or otherwise.',
    }),
    lastMessageAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the latest message was said; null where there is none.',
      extensions: { ...KEPT, ...reads('lastSequence', 'lastActivityAt') },
      resolve: (row) => (row.lastSequence === 0 ? null : row.lastActivityAt),
    }),
    messageCount: t.exposeInt('lastSequence', { description: 'How many messages the conversation has.' }),
    lastUpdate: t.exposeInt('lastUpdate', {
      description:
        'The number of the newest update of a message of the conversation: give it as `afterUpdate` of `messageUpdated` to learn what changes from then on.',
    }),
    lastMessage: t.field({
      type: Message,
      nullable: true,
      description: 'The newest message of the conversation; null where there is none.',
      extensions: { ...KEPT, ...reads('id') },
      resolve: resolvers.lastMessage,
    }),
    tokensInput: t.expose('tokensInput', {
      type: 'SafeInt',
      description: 'Tokens that models read, summed over the messages of the conversation.',
    }),
    tokensOutput: t.expose('tokensOutput', {
      type: 'SafeInt',
      description: 'Tokens that models wrote, summed over the messages of the conversation.',
    }),
    messages: t.field({
      type: MessageConnection,
      description: 'The messages of the conversation, in order of `sequence`. `last: 20` opens a chat at its end.',
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
        'What a model is sent for the next reply: the newest messages that fit, oldest first, without a gap. Messages that are being written or FAILED are left out.',
      args: {
        maxMessages: t.arg.int({
          defaultValue: resolvers.DEFAULT_CONTEXT_MESSAGES,
          description: `How many messages at most, 0 to ${MAX_CONTEXT_MESSAGES}.`,
        }),
        maxTokens: t.arg.int({
          description:
            'How many tokens at most, estimated with the tokenx package (within a few percent of what OpenAI counts) and 4 a message; any number where it is left out.',
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
    description: 'The conversations about the episode, the one with the latest message first.',
    args: t.arg.connectionArgs(),
    complexity: pageCost,
    resolve: conversationsOfEpisode,
  }),
);

const ConversationFilter = builder.inputType('ConversationFilter', {
  description: 'Conditions on conversations; all that are given must hold.',
  fields: (t) => ({
    pinned: t.boolean({ description: 'True: only pinned conversations. False: only others.' }),
    archived: t.boolean({ description: 'True: only archived conversations. False: only others.' }),
    channel: t.field({ type: Channel, description: 'Only conversations that are held by this means.' }),
    episodeId: t.id({ description: 'Only conversations about the episode with this id.' }),
    leadId: t.id({ description: 'Only conversations with the lead with this id, calls among them.' }),
    unread: t.boolean({ description: 'True: only conversations with an `unreadCount` above 0. False: only others.' }),
    titleContains: t.string({
      description: 'Only conversations that have this text in their title, whatever the case and accents of either.',
    }),
  }),
});

const ConversationStats = builder.simpleObject('ConversationStats', {
  description: "Sums over all the viewer's conversations.",
  extensions: keptFor({ minutes: 30 }),
  fields: (t) => ({
    conversations: t.int({ description: 'The number of conversations.' }),
    messages: t.int({ description: 'The number of messages in all conversations.' }),
    archived: t.int({ description: 'The number of archived conversations.' }),
    tokensInput: t.field({ type: 'SafeInt', description: 'Tokens that models read, summed over all messages.' }),
    tokensOutput: t.field({ type: 'SafeInt', description: 'Tokens that models wrote, summed over all messages.' }),
  }),
});

builder.queryFields((t) => ({
  conversation: t.field({
    type: Conversation,
    nullable: true,
    description: "A conversation by id; null where it is missing or somebody else's.",
    args: { id: t.arg.id({ required: true, description: 'The id of the conversation.' }) },
    extensions: KEPT,
    resolve: resolvers.conversation,
  }),
  conversations: t.field({
    type: ConversationConnection,
    description: "The viewer's conversations.",
    args: {
      filter: t.arg({ type: ConversationFilter, description: 'Only conversations that meet these conditions.' }),
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
      'The names of the models that a conversation may choose, that which replies by default first; empty where rules reply.',
    extensions: NOT_KEPT,
    resolve: resolvers.models,
  }),
  conversationStats: t.field({
    type: ConversationStats,
    description: "Sums over all the viewer's conversations.",
    complexity: 20,
    extensions: KEPT,
    resolve: resolvers.conversationStats,
  }),
}));

/** The `model` and `instructions` of an input; `more` says what else is to be known of both. */
export const modelSettings = (t: InputFields, more = '') => ({
  model: t.string({
    description: `The model that is to reply: one of \`models\`, by default the first of them. ${more}`.trim(),
  }),
  instructions: t.string({
    description:
      `What the model is told about how to reply, in every reply, 1 to ${digits(MAX_INSTRUCTIONS_LENGTH)} characters; at most half of what fits into the model's context is used. ${more}`.trim(),
  }),
});

const TITLE = `What the conversation is about, 1 to ${MAX_TITLE_LENGTH} characters`;

builder.relayMutationField(
  'createConversation',
  {
    description: 'The conversation to create.',
    inputFields: (t: InputFields) => ({
      title: t.string({ description: `${TITLE}.` }),
      channel: t.field({ type: Channel, defaultValue: 'TEXT', description: 'By what means the conversation is held.' }),
      episodeId: t.id({ description: 'The id of the episode that the conversation is about.' }),
      leadId: t.id({ description: 'The id of the lead that the conversation is with.' }),
      metadata: metadata(t, 'conversation'),
      ...modelSettings(t),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description: 'Creates an empty conversation. Errors: NOT_FOUND (the episode, the lead), IDEMPOTENCY_CONFLICT.',
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
    description: 'What to change of a conversation; what is left out stays as it is.',
    inputFields: (t: InputFields) => ({
      conversationId: t.id({ required: true, description: 'The id of the conversation to change.' }),
      title: t.string({ description: `${TITLE}; null clears it.` }),
      pinned: t.boolean({ description: 'Whether to keep the conversation at hand.' }),
      archived: t.boolean({ description: 'Whether to put the conversation away; false brings it back.' }),
      metadata: changedMetadata(t, 'conversation'),
      ...modelSettings(t, 'Null clears it.'),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Changes the title, metadata, model and instructions of a conversation; pins and archives it, or brings it back. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.updateConversation,
  },
  {
    description: 'The conversation that was changed.',
    outputFields: (t) => ({
      conversation: t.expose('conversation', { type: Conversation, description: 'The conversation as it is now.' }),
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
      'Deletes a conversation with all its messages, also one that is being written; subscriptions to it end. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.deleteConversation,
  },
  {
    description: 'The conversation that was deleted.',
    outputFields: (t) => ({
      deletedId: t.exposeID('deletedId', { description: 'The id of the conversation that is gone.' }),
    }),
  },
);
