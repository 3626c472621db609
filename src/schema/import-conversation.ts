import { MAX_TITLE_LENGTH } from '#domain/conversations/conversations.ts';
import { MAX_TURNS } from '#domain/conversations/import-conversation.ts';
import { MAX_CONTENT } from '#domain/conversations/messages.ts';
import * as resolvers from '#resolvers/conversations.ts';
import { builder } from './builder.ts';
import { Channel, Conversation } from './conversations.ts';
import { digits, type InputFields, idempotencyKey, metadata } from './inputs.ts';
import { MessageRole } from './messages.ts';

const LENGTH = `1 to ${digits(MAX_CONTENT)} characters`;

const HistoryTurn = builder.inputType('HistoryTurn', {
  description:
    'One turn of a conversation to import: either { role, content }, or the older pair { user, agent }, which becomes one or two messages. A history may mix both.',
  fields: (t) => ({
    role: t.field({ type: MessageRole, description: 'Who speaks; only together with `content`.' }),
    content: t.string({ description: `What is said, ${LENGTH}; only together with \`role\`.` }),
    user: t.string({ description: `What the user says, ${LENGTH}.` }),
    agent: t.string({ description: `What the assistant answers, ${LENGTH}.` }),
    sentAt: t.field({ type: 'DateTime', description: 'When the turn was said; now where it is left out.' }),
  }),
});

builder.relayMutationField(
  'importConversation',
  {
    description: 'A conversation from elsewhere.',
    inputFields: (t: InputFields) => ({
      title: t.string({ description: `What the conversation is about, 1 to ${MAX_TITLE_LENGTH} characters.` }),
      channel: t.field({
        type: Channel,
        defaultValue: 'TEXT',
        description: 'By what means the conversation was held.',
      }),
      history: t.field({
        type: [HistoryTurn],
        required: true,
        description: `The turns of the conversation in order, 1 to ${digits(MAX_TURNS)}.`,
      }),
      metadata: metadata(t, 'conversation'),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Creates a conversation with a history from elsewhere, all or nothing. Errors: NOT_FOUND (repeated after the conversation was deleted), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.importConversation,
  },
  {
    description: 'The conversation that the history became.',
    outputFields: (t) => ({
      conversation: t.expose('conversation', { type: Conversation, description: 'The new conversation.' }),
    }),
  },
);
