import * as resolvers from '#resolvers/conversations.ts';
import { conversations as conversationsOfEpisode } from '#resolvers/episodes.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { CACHED, cachedFor, NOT_CACHED } from './caching.ts';
import { connectionType } from './connection.ts';
import { Episode } from './episodes.ts';
import { Lead } from './leads.ts';
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

export const Conversation = builder.prismaObject('Conversation', {
  description: 'An ordered sequence of messages between one user and an assistant, or a lead.',
  extensions: cachedFor({ minutes: 30 }),
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id of the conversation; it never changes.',
      extensions: { ...CACHED, ...reads('id') },
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
      extensions: CACHED,
      resolve: resolvers.owner,
    }),
    episode: t.field({
      type: Episode,
      nullable: true,
      description: 'The episode that the conversation is about; null if there is none, or the episode was deleted.',
      extensions: NOT_CACHED,
      resolve: resolvers.episode,
    }),
    lead: t.field({
      type: Lead,
      nullable: true,
      description: 'The lead that the conversation is with; null if there is none, or the lead was deleted.',
      extensions: NOT_CACHED,
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
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the conversation was created; one that was imported, when its first message was sent.',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When the conversation last changed, including by a message.',
    }),
    lastMessageAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'The time of the latest message; null if there is none.',
      extensions: { ...CACHED, ...reads('lastSequence', 'lastActivityAt') },
      resolve: (row) => (row.lastSequence === 0 ? null : row.lastActivityAt),
    }),
    messageCount: t.int({
      description: 'The number of messages in the conversation.',
      extensions: { ...CACHED, ...reads('lastSequence', 'discardedNumbers') },
      resolve: resolvers.messageCount,
    }),
    lastUpdate: t.exposeInt('lastUpdate', {
      description:
        'The number of the newest message update in the conversation. Pass it as `afterUpdate` of `messageUpdated` to receive later updates.',
    }),
    tokensInput: t.expose('tokensInput', {
      type: 'SafeInt',
      description:
        'The total number of model input tokens of all messages of the conversation, also of those that were discarded or written again.',
    }),
    tokensOutput: t.expose('tokensOutput', {
      type: 'SafeInt',
      description:
        'The total number of model output tokens of all messages of the conversation, also of those that were discarded or written again.',
    }),
  }),
});

export const ConversationConnection = connectionType(Conversation, 'Conversation', 'conversations');

builder.prismaObjectField(Episode, 'conversations', (t) =>
  t.field({
    type: ConversationConnection,
    description: 'The conversations about the episode, most recently active first.',
    args: t.arg.connectionArgs(),
    complexity: pageCost,
    resolve: conversationsOfEpisode,
  }),
);
