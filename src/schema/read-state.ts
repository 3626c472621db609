import { MAX_UNREAD_COUNT } from '#domain/conversations/read-state.ts';
import { conversationEdge } from '#resolvers/conversations.ts';
import * as resolvers from '#resolvers/read-state.ts';
import { builder } from './builder.ts';
import { KEPT } from './caching.ts';
import { payloadEdge } from './connection.ts';
import { Conversation, ConversationConnection } from './conversations.ts';
import { digits, type InputFields, idempotencyKey } from './inputs.ts';
import { reads } from './reads.ts';

/** What it costs to count up to a thousand messages, next to reading a field. */
const UNREAD_COST = 5;

builder.prismaObjectFields(Conversation, (t) => ({
  lastReadSequence: t.exposeInt('lastReadSequence', {
    description: 'The user has read the messages up to this `sequence`, on whichever device; 0 where none is read.',
  }),
  unreadCount: t.int({
    description: `How many messages behind \`lastReadSequence\` wait to be read, up to ${digits(MAX_UNREAD_COUNT)}, which stands for that many or more: messages of the ASSISTANT that are COMPLETE or FAILED, except those that call tools. What the user has written is read, and a reply counts once it has ended, unless the user has stopped it.`,
    complexity: UNREAD_COST,
    extensions: { ...KEPT, ...reads('id', 'lastSequence', 'lastReadSequence') },
    resolve: resolvers.unreadCount,
  }),
}));

builder.relayMutationField(
  'markConversationRead',
  {
    description: 'A conversation, and up to which message it is read.',
    inputFields: (t: InputFields) => ({
      conversationId: t.id({ required: true, description: 'The id of the conversation that was read.' }),
      sequence: t.int({
        required: true,
        description:
          'The `sequence` of the last message that the user has read, 0 or more; beyond the end it means the end.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Marks a conversation as read up to a message, on all devices; only forward, so that a slow device takes nothing back. Stops before a reply that is being written, which is to be marked when it has ended. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.markConversationRead,
  },
  {
    description: 'The conversation that was read.',
    outputFields: (t) => ({
      conversation: t.expose('conversation', { type: Conversation, description: 'The conversation as it is now.' }),
      conversationEdge: payloadEdge(t, ConversationConnection.edge, 'conversations', conversationEdge),
    }),
  },
);

builder.relayMutationField(
  'markConversationUnread',
  {
    description: 'A conversation, and from which message on it is unread.',
    inputFields: (t: InputFields) => ({
      conversationId: t.id({ required: true, description: 'The id of the conversation to read again.' }),
      sequence: t.int({
        description:
          'The `sequence` of the first message that is to be unread, 1 or more; where it is left out, the newest that can be unread.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Marks a conversation as unread from a message on, on all devices; only back. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.markConversationUnread,
  },
  {
    description: 'The conversation that is unread again.',
    outputFields: (t) => ({
      conversation: t.expose('conversation', { type: Conversation, description: 'The conversation as it is now.' }),
      conversationEdge: payloadEdge(t, ConversationConnection.edge, 'conversations', conversationEdge),
    }),
  },
);
