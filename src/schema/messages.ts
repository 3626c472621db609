import { MAX_CONTENT, MAX_MESSAGES_AT_ONCE, MAX_NAME_LENGTH } from '#domain/conversations/messages.ts';
import * as resolvers from '#resolvers/messages.ts';
import { builder, idOf, Node } from './builder.ts';
import { CACHED, cachedFor } from './caching.ts';
import { connectionType, payloadEdge } from './connection.ts';
import { digits, type InputFields, idempotencyKey, metadata } from './inputs.ts';
import { reads } from './reads.ts';

export const MessageRole = builder.enumType('MessageRole', {
  description: 'The author of a message.',
  values: {
    SYSTEM: { description: 'An instruction to the model.' },
    USER: { description: 'The user of the conversation.' },
    ASSISTANT: { description: 'The assistant: a model, rules or a sales agent.' },
    TOOL: { description: 'The result of a tool call.' },
  },
});

const MessageStatus = builder.enumType('MessageStatus', {
  description: 'The status of a message.',
  values: {
    COMPLETE: { description: 'The message is complete.' },
    STREAMING: { description: 'The message is being written; follow it with `replyStream`.' },
    FAILED: {
      description: 'Writing the message failed; see `error`. If it was written again, it has its former text.',
    },
    CANCELLED: {
      description:
        'The message was stopped; the text written so far is kept. If it was written again and had none yet, it has its former text.',
    },
  },
});

export const Message = builder.prismaObject('Message', {
  description: 'A message (turn) of a conversation.',
  extensions: cachedFor({ minutes: 30 }),
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id of the message; it never changes.',
      extensions: { ...CACHED, ...reads('id') },
      resolve: idOf('Message'),
    }),
    sequence: t.exposeInt('sequence', {
      description:
        'The number of the message in its conversation: 1, 2, 3 …, unique, in order of commit. There are no gaps, except where `editMessage` has discarded messages; their numbers are not used again. An edited message gets the next number.',
    }),
    role: t.expose('role', { type: MessageRole, description: 'The author of the message.' }),
    content: t.exposeString('content', { description: 'The text of the message.' }),
    status: t.expose('status', { type: MessageStatus, description: 'The status of the message.' }),
    toolCalls: t.expose('toolCalls', {
      type: 'JSON',
      nullable: true,
      description: 'The tool calls that a model requests in the message, stored exactly as sent.',
    }),
    toolCallId: t.exposeString('toolCallId', {
      nullable: true,
      description: 'The id of the tool call that the message answers, from `toolCalls` of an earlier message.',
    }),
    toolResult: t.expose('toolResult', {
      type: 'JSON',
      nullable: true,
      description: 'The value that a tool returned, stored exactly as sent.',
    }),
    model: t.exposeString('model', {
      nullable: true,
      description: 'The name of the model that wrote the message; null if no model did.',
    }),
    tokensInput: t.exposeInt('tokensInput', {
      nullable: true,
      description: 'The number of input tokens that the model used for the message.',
    }),
    tokensOutput: t.exposeInt('tokensOutput', {
      nullable: true,
      description: 'The number of output tokens of the model for the message.',
    }),
    latencyMs: t.exposeInt('latencyMs', {
      nullable: true,
      description: 'How long generating the message took, in milliseconds.',
    }),
    reasoning: t.exposeString('reasoning', {
      nullable: true,
      description:
        'The reasoning of the model before its answer, which is not part of `content`: up to 50,000 characters, then `…`. Null until the message is COMPLETE, and if the model returns no reasoning.',
    }),
    metadata: t.expose('metadata', {
      type: 'JSON',
      nullable: true,
      description: 'Arbitrary JSON data of the client about the message, stored exactly as sent.',
    }),
    clientId: t.exposeString('clientId', {
      nullable: true,
      description: 'The id that the client gave to the message, unique in the conversation; null if it gave none.',
    }),
    updateNumber: t.exposeInt('updateNumber', {
      description:
        'The number of the newest update of the message. Updates of all messages of a conversation share one sequence of numbers. Pass it as `afterUpdate` of `messageUpdated` to receive later updates. 0 if the message was never updated.',
    }),
    sentAt: t.expose('sentAt', {
      type: 'DateTime',
      description:
        'When the message was said or written, according to the client; otherwise when it was stored or last edited.',
    }),
    editedAt: t.expose('editedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the text of the message was last replaced by `editMessage`; null if it never was.',
    }),
    discardedFrom: t.exposeInt('discardedFrom', {
      nullable: true,
      description:
        'What edits of the message have discarded: all that had a `sequence` from this number up to that of the message, its former place included. Clients remove these messages. Null if it was never edited.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the message was stored.' }),
  }),
});

export const MessageConnection = connectionType(Message, 'Message', 'messages');

const messageFields = (t: InputFields) => ({
  role: t.field({ type: MessageRole, required: true, description: 'The author of the message.' }),
  content: t.string({
    required: true,
    description: `The text of the message, up to ${digits(MAX_CONTENT)} characters. May be empty or blank only if \`toolCalls\` or \`toolResult\` is given.`,
  }),
  sentAt: t.field({ type: 'DateTime', description: 'When the message was said or written. Default: now.' }),
  toolCalls: t.field({ type: 'JSON', description: 'The tool calls that a model requests in the message.' }),
  toolCallId: t.string({
    description: `The id of the tool call that the message answers, from \`toolCalls\` of an earlier message; 1 to ${MAX_NAME_LENGTH} characters.`,
  }),
  toolResult: t.field({ type: 'JSON', description: 'The value that a tool returned.' }),
  model: t.string({
    description: `The name of the model that wrote the message, 1 to ${MAX_NAME_LENGTH} characters.`,
  }),
  tokensInput: t.int({ description: 'The number of input tokens that the model used for the message, 0 or more.' }),
  tokensOutput: t.int({ description: 'The number of output tokens of the model for the message, 0 or more.' }),
  metadata: metadata(t, 'message'),
});

/** The `clientId` of an input that adds a message. */
export const clientId = (t: InputFields) =>
  t.string({
    description: `An id that the client chooses for the message, 1 to ${MAX_NAME_LENGTH} characters, to recognize it in lists and subscriptions. Unique in the conversation: if a message with this id exists, that message is returned, the other fields are ignored and nothing is stored.`,
  });

const NewMessage = builder.inputType('NewMessage', {
  description: 'A message to add to a conversation.',
  fields: messageFields,
});

builder.relayMutationField(
  'addMessage',
  {
    description: 'A message, and the conversation to add it to.',
    inputFields: (t: InputFields) => ({
      conversationId: t.id({ required: true, description: 'The id of the conversation to add the message to.' }),
      ...messageFields(t),
      clientId: clientId(t),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Adds one message at the end of a conversation; unlike `sendMessage`, it does not start a reply. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.addMessage,
  },
  {
    description: 'The message that was stored.',
    outputFields: (t) => ({
      message: t.expose('message', { type: Message, description: 'The new message, with its `sequence`.' }),
      messageEdge: payloadEdge(t, MessageConnection.edge, 'Conversation.messages', resolvers.messageEdge),
    }),
  },
);

builder.relayMutationField(
  'addMessages',
  {
    description: 'Messages, and the conversation to add them to.',
    inputFields: (t: InputFields) => ({
      conversationId: t.id({ required: true, description: 'The id of the conversation to add the messages to.' }),
      messages: t.field({
        type: [NewMessage],
        required: true,
        description: `The messages in order, 1 to ${MAX_MESSAGES_AT_ONCE}.`,
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Adds messages at the end of a conversation, all or none, with consecutive `sequence` numbers. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.addMessages,
  },
  {
    description: 'The messages that were stored.',
    outputFields: (t) => ({
      messages: t.expose('messages', {
        type: [Message],
        description: 'The new messages in order, with their `sequence` numbers.',
      }),
      messageEdges: t.field({
        type: [MessageConnection.edge],
        description:
          'The new messages as edges of `Conversation.messages` in its default order, for adding them to a page that the client has loaded.',
        resolve: resolvers.messageEdges,
      }),
    }),
  },
);

builder.subscriptionField('messageAdded', (t) =>
  t.field({
    type: Message,
    description:
      'All stored messages after `afterSequence`, then every new message: each exactly once and in order, also across reconnects. A message that was edited comes again, with its new `sequence`; then remove what its `discardedFrom` says. Completes when the conversation is deleted. Errors: NOT_FOUND.',
    args: {
      conversationId: t.arg.id({ required: true, description: 'The id of the conversation to follow.' }),
      afterSequence: t.arg.int({
        description:
          'The `sequence` of the last message that the client has; 0 for all messages. After one that the conversation does not have, as it may be once a backup was restored: only new messages. Default: only new messages.',
      }),
    },
    subscribe: resolvers.messageAdded,
    resolve: resolvers.messageOfEvent,
  }),
);

builder.subscriptionField('messageUpdated', (t) =>
  t.field({
    type: Message,
    description:
      'Every message of a conversation whose `status`, `rating` or text changes, in its new state; for example a reply that ends or is restarted, or a message that is edited. Growing text is not reported: use `replyStream`. Several changes of one message may be merged. Completes when the conversation is deleted. Errors: NOT_FOUND.',
    args: {
      conversationId: t.arg.id({ required: true, description: 'The id of the conversation to follow.' }),
      afterUpdate: t.arg.int({
        description:
          'The number of the last known update, after which to start: `Conversation.lastUpdate`, or the `updateNumber` of the last message received. After one that the conversation does not have, as it may be once a backup was restored: only new updates. Default: only new updates.',
      }),
    },
    subscribe: resolvers.messageUpdated,
    resolve: resolvers.messageOfEvent,
  }),
);
