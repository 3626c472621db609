import * as resolvers from '#resolvers/conversations.ts';
import { conversations as conversationsOfEpisode } from '#resolvers/episodes.ts';
import { conversation as conversationOfMessage } from '#resolvers/messages.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { connectionType } from './connection.ts';
import { Episode } from './episodes.ts';
import { Message, MessageConnection, MessageRole } from './messages.ts';
import { User } from './users.ts';

const Channel = builder.enumType('Channel', {
  description: 'How a conversation is held.',
  values: {
    TEXT: { description: 'Typed.' },
    VOICE: { description: 'Spoken, through a voice bot.' },
    PHONE: { description: 'Spoken, on the phone.' },
  },
});

const ConversationOrder = builder.enumType('ConversationOrder', {
  description: 'How a list of conversations is ordered.',
  values: {
    LAST_MESSAGE_DESC: { description: 'The one with the newest message first; without messages, by its creation.' },
    CREATED_DESC: { description: 'Newest first.' },
    CREATED_ASC: { description: 'Oldest first.' },
    TITLE_ASC: { description: 'By title; those without one first.' },
  },
});

export const Conversation = builder.prismaObject('Conversation', {
  description: 'Messages in order, between one user and whoever answers.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque, the same for ever.', resolve: idOf('Conversation') }),
    title: t.exposeString('title', { nullable: true, description: 'What it is about.' }),
    channel: t.expose('channel', { type: Channel, description: 'How it is held.' }),
    owner: t.field({ type: User, description: 'Whose it is.', resolve: resolvers.owner }),
    episode: t.field({
      type: Episode,
      nullable: true,
      description: 'The episode it is about.',
      resolve: resolvers.episode,
    }),
    pinned: t.exposeBoolean('pinned', { description: 'Kept at hand; clean-ups leave it alone.' }),
    archived: t.exposeBoolean('archived', { description: 'Put away.' }),
    metadata: t.expose('metadata', { type: 'JSON', nullable: true, description: 'Your own; kept exactly as sent.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed, messages included.' }),
    lastMessageAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When its newest message was said.',
      resolve: (row) => (row.lastSequence === 0 ? null : row.lastActivityAt),
    }),
    messageCount: t.exposeInt('lastSequence', { description: 'How many messages it has.' }),
    lastMessage: t.field({
      type: Message,
      nullable: true,
      description: 'Its newest message.',
      resolve: resolvers.lastMessage,
    }),
    tokensInput: t.expose('tokensInput', { type: 'SafeInt', description: 'Sum over its messages.' }),
    tokensOutput: t.expose('tokensOutput', { type: 'SafeInt', description: 'Sum over its messages.' }),
    messages: t.field({
      type: MessageConnection,
      description: 'In order of `sequence`. `last: 20` opens a chat at its end.',
      args: {
        ...t.arg.connectionArgs(),
        roles: t.arg({ type: [MessageRole], description: 'Only messages of these roles.' }),
      },
      complexity: pageCost,
      resolve: resolvers.messages,
    }),
    context: t.field({
      type: [Message],
      description:
        'What a model is sent for the next reply: the newest messages that fit, oldest first, without a gap.',
      args: {
        maxMessages: t.arg.int({ defaultValue: resolvers.DEFAULT_CONTEXT_MESSAGES, description: '0 to 100.' }),
        maxTokens: t.arg.int({
          description:
            'How many tokens may be spent, estimated with the tokenx package (within a few percent of what OpenAI counts) and 4 a message.',
        }),
      },
      complexity: ({ maxMessages }) => ({
        field: 1,
        multiplier: Math.max(0, maxMessages ?? resolvers.DEFAULT_CONTEXT_MESSAGES),
      }),
      resolve: resolvers.context,
    }),
  }),
});

const ConversationConnection = connectionType(Conversation, 'Conversation', 'conversations');

builder.prismaObjectField(Message, 'conversation', (t) =>
  t.field({ type: Conversation, description: 'Where it was said.', resolve: conversationOfMessage }),
);
builder.prismaObjectField(Episode, 'conversations', (t) =>
  t.field({
    type: ConversationConnection,
    description: 'Conversations about it, the one with the newest message first.',
    args: t.arg.connectionArgs(),
    complexity: pageCost,
    resolve: conversationsOfEpisode,
  }),
);

const ConversationFilter = builder.inputType('ConversationFilter', {
  description: 'All that is given must hold.',
  fields: (t) => ({
    pinned: t.boolean({ description: 'Only pinned ones, or only others.' }),
    archived: t.boolean({ description: 'Only archived ones, or only others.' }),
    channel: t.field({ type: Channel, description: 'Only those held so.' }),
    episodeId: t.id({ description: 'Only those about this episode.' }),
    titleContains: t.string({ description: 'Only those whose title has this in it, in upper or lower case.' }),
  }),
});

const ConversationStats = builder.simpleObject('ConversationStats', {
  description: "Sums over all the viewer's conversations.",
  fields: (t) => ({
    conversations: t.int({ description: 'How many there are.' }),
    messages: t.int({ description: 'How many messages are in them.' }),
    archived: t.int({ description: 'How many of them are archived.' }),
    tokensInput: t.field({ type: 'SafeInt', description: 'Tokens that models read.' }),
    tokensOutput: t.field({ type: 'SafeInt', description: 'Tokens that models wrote.' }),
  }),
});

builder.queryFields((t) => ({
  conversation: t.field({
    type: Conversation,
    nullable: true,
    description: "A conversation; null where it is missing or somebody else's.",
    args: { id: t.arg.id({ required: true, description: 'The conversation.' }) },
    resolve: resolvers.conversation,
  }),
  conversations: t.field({
    type: ConversationConnection,
    description: "The viewer's conversations.",
    args: {
      filter: t.arg({ type: ConversationFilter, description: 'Which.' }),
      orderBy: t.arg({ type: ConversationOrder, defaultValue: 'LAST_MESSAGE_DESC', description: 'In what order.' }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    resolve: resolvers.conversationList,
  }),
  conversationStats: t.field({
    type: ConversationStats,
    description: "Sums over all the viewer's conversations.",
    complexity: 20,
    resolve: resolvers.conversationStats,
  }),
}));

const CreateConversationInput = builder.inputType('CreateConversationInput', {
  description: 'A new conversation.',
  fields: (t) => ({
    title: t.string({ description: 'What it is about; up to 500 characters.' }),
    channel: t.field({ type: Channel, defaultValue: 'TEXT', description: 'How it is held.' }),
    episodeId: t.id({ description: 'The episode it is about.' }),
    metadata: t.field({ type: 'JSON', description: 'Your own; kept exactly as sent.' }),
    idempotencyKey: t.string({
      description: 'The same key with the same input gives the first answer again, for at least 24 hours.',
    }),
  }),
});
const UpdateConversationInput = builder.inputType('UpdateConversationInput', {
  description: 'What changes; what is left out stays.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The conversation.' }),
    title: t.string({ description: 'Null clears it.' }),
    pinned: t.boolean({ description: 'Keep it at hand, or no longer.' }),
    archived: t.boolean({ description: 'Put it away, or bring it back.' }),
    metadata: t.field({ type: 'JSON', description: 'Replaces what was there; null clears it.' }),
  }),
});
const DeleteConversationInput = builder.inputType('DeleteConversationInput', {
  description: 'What is deleted.',
  fields: (t) => ({ id: t.id({ required: true, description: 'The conversation.' }) }),
});
const HistoryTurn = builder.inputType('HistoryTurn', {
  description:
    'Either { role, content } or the older pair { user, agent }, which becomes one or two messages. Forms may be mixed.',
  fields: (t) => ({
    role: t.field({ type: MessageRole, description: 'Who said it; with `content`.' }),
    content: t.string({ description: 'What was said; with `role`.' }),
    user: t.string({ description: 'What the user said.' }),
    agent: t.string({ description: 'What the assistant answered.' }),
    sentAt: t.field({ type: 'DateTime', description: 'When it was said; now, where it is left out.' }),
  }),
});
const ImportConversationInput = builder.inputType('ImportConversationInput', {
  description: 'A conversation from elsewhere.',
  fields: (t) => ({
    title: t.string({ description: 'What it is about; up to 500 characters.' }),
    channel: t.field({ type: Channel, defaultValue: 'TEXT', description: 'How it was held.' }),
    history: t.field({ type: [HistoryTurn], required: true, description: 'Its turns in order, up to 10,000.' }),
    metadata: t.field({ type: 'JSON', description: 'Your own; kept exactly as sent.' }),
    idempotencyKey: t.string({
      description: 'The same key with the same input gives the first answer again, for at least 24 hours.',
    }),
  }),
});

const conversationPayload = (name: string, description: string) =>
  builder.simpleObject(name, {
    description,
    fields: (t) => ({ conversation: t.field({ type: Conversation, description: 'The conversation as it is now.' }) }),
  });
const DeleteConversationPayload = builder.simpleObject('DeleteConversationPayload', {
  description: 'The conversation is gone, with its messages.',
  fields: (t) => ({ deletedId: t.id({ description: 'The id that was.' }) }),
});

builder.mutationFields((t) => ({
  createConversation: t.field({
    type: conversationPayload('CreateConversationPayload', 'The conversation that was made.'),
    nullable: true,
    description: 'Makes an empty conversation.',
    args: { input: t.arg({ type: CreateConversationInput, required: true, description: 'The conversation.' }) },
    resolve: resolvers.createConversation,
  }),
  updateConversation: t.field({
    type: conversationPayload('UpdateConversationPayload', 'The conversation that was changed.'),
    nullable: true,
    description: 'Titles, pins, archives; replaces metadata.',
    args: { input: t.arg({ type: UpdateConversationInput, required: true, description: 'What changes.' }) },
    resolve: resolvers.updateConversation,
  }),
  deleteConversation: t.field({
    type: DeleteConversationPayload,
    nullable: true,
    description: 'Deletes a conversation with all its messages; who follows it sees its subscription end.',
    args: { input: t.arg({ type: DeleteConversationInput, required: true, description: 'Which.' }) },
    resolve: resolvers.deleteConversation,
  }),
  importConversation: t.field({
    type: conversationPayload('ImportConversationPayload', 'The conversation that was made.'),
    nullable: true,
    description: 'Makes a conversation out of a history from elsewhere, all or nothing.',
    args: { input: t.arg({ type: ImportConversationInput, required: true, description: 'The history.' }) },
    resolve: resolvers.importConversation,
  }),
}));
