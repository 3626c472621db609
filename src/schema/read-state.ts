import { MAX_UNREAD_COUNT } from '#domain/conversations/read-state.ts';
import { conversationEdge } from '#resolvers/conversations.ts';
import * as resolvers from '#resolvers/read-state.ts';
import { builder } from './builder.ts';
import { CACHED } from './caching.ts';
import { payloadEdge } from './connection.ts';
import { Conversation, ConversationConnection } from './conversations.ts';
import { digits, type InputFields, idempotencyKey } from './inputs.ts';
import { reads } from './reads.ts';

/** What it costs to count up to a thousand messages, next to reading a field. */
const UNREAD_COST = 5;

builder.prismaObjectFields(Conversation, (t) => ({
  lastReadSequence: t.exposeInt('lastReadSequence', {
    description: 'The `sequence` of the last message that the user has read, on any device; 0 if none.',
  }),
  unreadCount: t.int({
    description: `The number of unread messages after \`lastReadSequence\`, capped at ${digits(MAX_UNREAD_COUNT)}. Counts messages of the role ASSISTANT that are COMPLETE or FAILED, except tool calls. A reply counts once it has ended, unless the user stopped it.`,
    complexity: UNREAD_COST,
    extensions: { ...CACHED, ...reads('id', 'lastSequence', 'lastReadSequence') },
    resolve: resolvers.unreadCount,
  }),
}));

builder.relayMutationField(
  'markConversationRead',
  {
    description: 'A conversation, and the position up to which it has been read.',
    inputFields: (t: InputFields) => ({
      conversationId: t.id({ required: true, description: 'The id of the conversation to mark as read.' }),
      sequence: t.int({
        required: true,
        description:
          'The `sequence` of the last message that the user has read, 0 or more. A number after the last message means the last message.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Marks a conversation as read up to a message, for all devices. The read position only moves forward, so that a delayed request has no effect. It stops before a reply that is being written; mark that as read when it has ended. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.markConversationRead,
  },
  {
    description: 'The conversation that was marked as read.',
    outputFields: (t) => ({
      conversation: t.expose('conversation', { type: Conversation, description: 'The conversation after the change.' }),
      conversationEdge: payloadEdge(t, ConversationConnection.edge, 'conversations', conversationEdge),
    }),
  },
);

builder.relayMutationField(
  'markConversationUnread',
  {
    description: 'A conversation, and the position from which it is unread.',
    inputFields: (t: InputFields) => ({
      conversationId: t.id({ required: true, description: 'The id of the conversation to mark as unread.' }),
      sequence: t.int({
        description:
          'The `sequence` of the first unread message, 1 or more. Default: the newest message that can be unread.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Marks a conversation as unread from a message on, for all devices. The read position only moves backward. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.markConversationUnread,
  },
  {
    description: 'The conversation that was marked as unread.',
    outputFields: (t) => ({
      conversation: t.expose('conversation', { type: Conversation, description: 'The conversation after the change.' }),
      conversationEdge: payloadEdge(t, ConversationConnection.edge, 'conversations', conversationEdge),
    }),
  },
);
