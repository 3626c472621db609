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
    'One turn of a conversation to import: either a message with its `role`, or a pair { user, agent }, which becomes one or two messages. A history may mix both. Empty turns of an assistant are skipped.',
  fields: (t) => ({
    role: t.field({
      type: MessageRole,
      description: 'The author of the message. Cannot be combined with `user` or `agent`.',
    }),
    content: t.string({
      description: `The text of the message, ${LENGTH}. Requires \`role\`. May be null or empty if an assistant only calls tools.`,
    }),
    contentParts: t.field({
      type: 'JSON',
      description:
        'The content as a list of content parts in the format of OpenAI or Anthropic, instead of `content`. Texts, tool calls and tool results are imported, the results as messages of the role TOOL; images, files and reasoning are skipped.',
    }),
    toolCalls: t.field({ type: 'JSON', description: 'The tool calls that an assistant requests in the turn.' }),
    toolCallId: t.string({
      description: `The id of the tool call that a turn of the role TOOL answers; 1 to ${MAX_NAME_LENGTH} characters.`,
    }),
    toolResult: t.field({ type: 'JSON', description: 'The value that a tool returned, if it is not text.' }),
    tool_calls: t.field({ type: 'JSON', description: "An alias of `toolCalls`, as spelled in OpenAI's API." }),
    tool_call_id: t.string({ description: "An alias of `toolCallId`, as spelled in OpenAI's API." }),
    model: t.string({
      description: `The name of the model that wrote the turn, 1 to ${MAX_NAME_LENGTH} characters.`,
    }),
    user: t.string({ description: `The text of the message, ${LENGTH}.` }),
    agent: t.string({ description: `The text of the assistant's message, ${LENGTH}.` }),
    sentAt: t.field({
      type: 'DateTime',
      description:
        'When the turn was said or written. Default: the time of the turn before it; before the first time, that time; now if no turn has one.',
    }),
  }),
});

const PassedOver = builder.simpleObject('PassedOver', {
  description: 'Content that an import skipped.',
  fields: (t) => ({
    what: t.string({
      description:
        'The kind of content: EMPTY_MESSAGE, REASONING, IMAGE, AUDIO, ATTACHMENT or UNKNOWN_CONTENT; more may be added.',
    }),
    count: t.int({ description: 'The number of times that such content was skipped.' }),
    names: t.stringList({ description: 'Names of some of the content, such as file names.' }),
  }),
});

builder.relayMutationField(
  'importConversation',
  {
    description:
      'A conversation from another application. Upload export files with several conversations, or larger than a request may be, to `POST /conversations`.',
    inputFields: (t: InputFields) => ({
      title: t.string({ description: `The title of the conversation, 1 to ${MAX_TITLE_LENGTH} characters.` }),
      channel: t.field({
        type: Channel,
        defaultValue: 'TEXT',
        description: 'The medium of the conversation.',
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
      'Creates a conversation with a history from another application, all of it or nothing. Errors: NOT_FOUND (a retry after the conversation was deleted), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.importConversation,
  },
  {
    description: 'The conversation created from the history.',
    outputFields: (t) => ({
      conversation: t.expose('conversation', { type: Conversation, description: 'The new conversation.' }),
      conversationEdge: payloadEdge(t, ConversationConnection.edge, 'conversations', resolvers.conversationEdge),
      passedOver: t.expose('passedOver', {
        type: [PassedOver],
        description: 'The content of the history that was skipped; empty if all of it was imported.',
      }),
    }),
  },
);
