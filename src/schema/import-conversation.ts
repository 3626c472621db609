import { MAX_TITLE_LENGTH } from '#domain/conversations/conversations.ts';
import { MAX_TURNS } from '#domain/conversations/import/read-history.ts';
import { MAX_CONTENT, MAX_NAME_LENGTH } from '#domain/conversations/messages.ts';
import * as resolvers from '#resolvers/conversations.ts';
import { builder } from './builder.ts';
import { payloadEdge } from './connection.ts';
import { Channel, Conversation, ConversationConnection } from './conversations.ts';
import { digits, type InputFields, idempotencyKey, metadata } from './inputs.ts';
import { MessageRole } from './messages.ts';

const LENGTH = `1 to ${digits(MAX_CONTENT)} characters`;

const HistoryTurn = builder.inputType('HistoryTurn', {
  description:
    'One turn of a conversation to import: either a message, by its `role`, or the older pair { user, agent }, which becomes one or two messages. A history may mix both. Turns of an assistant that are empty are passed over.',
  fields: (t) => ({
    role: t.field({ type: MessageRole, description: 'Who speaks; only together with `content`.' }),
    content: t.string({
      description: `What is said, ${LENGTH}; only together with \`role\`. Null or empty where an assistant only calls tools.`,
    }),
    contentParts: t.field({
      type: 'JSON',
      description:
        'What is said, in place of `content`, as a list of parts as OpenAI and Anthropic have them. Texts, calls of tools and what they returned are imported, the last as messages of the role TOOL; images, files and reasoning are passed over.',
    }),
    toolCalls: t.field({ type: 'JSON', description: 'The calls of tools that an assistant asks for in the turn.' }),
    toolCallId: t.string({
      description: `The id of the call that a turn of the role TOOL answers; 1 to ${MAX_NAME_LENGTH} characters.`,
    }),
    toolResult: t.field({ type: 'JSON', description: 'What a tool returned, where that is no text.' }),
    tool_calls: t.field({ type: 'JSON', description: '`toolCalls`, as OpenAI spells it.' }),
    tool_call_id: t.string({ description: '`toolCallId`, as OpenAI spells it.' }),
    model: t.string({
      description: `The name of the model that wrote the turn, 1 to ${MAX_NAME_LENGTH} characters.`,
    }),
    user: t.string({ description: `What the user says, ${LENGTH}.` }),
    agent: t.string({ description: `What the assistant answers, ${LENGTH}.` }),
    sentAt: t.field({ type: 'DateTime', description: 'When the turn was said; now where it is left out.' }),
  }),
});

const PassedOver = builder.simpleObject('PassedOver', {
  description: 'Something that an import passes over.',
  fields: (t) => ({
    what: t.string({
      description:
        'What was passed over: EMPTY_MESSAGE, REASONING, IMAGE, AUDIO, ATTACHMENT or UNKNOWN_CONTENT; more may be added.',
    }),
    count: t.int({ description: 'How often such content was passed over.' }),
    names: t.stringList({ description: 'What some of the content was called, as the names of files.' }),
  }),
});

builder.relayMutationField(
  'importConversation',
  {
    description:
      'A conversation from elsewhere. Exports of other applications, with several conversations or more than a request may have, are sent to `POST /conversations`.',
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
      conversationEdge: payloadEdge(t, ConversationConnection.edge, 'conversations', resolvers.conversationEdge),
      passedOver: t.expose('passedOver', {
        type: [PassedOver],
        description: 'What of the history is not in the conversation; empty where all of it is.',
      }),
    }),
  },
);
