import { MAX_TITLE_LENGTH } from '#domain/conversations/conversations.ts';
import { MAX_INSTRUCTIONS_LENGTH } from '#domain/conversations/model-settings.ts';
import * as resolvers from '#resolvers/conversations.ts';
import { builder } from './builder.ts';
import { payloadEdge } from './connection.ts';
import { Channel, Conversation, ConversationConnection } from './conversations.ts';
import { changedMetadata, digits, type InputFields, idempotencyKey, metadata } from './inputs.ts';

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
