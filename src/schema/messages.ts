import { MAX_CONTENT, MAX_MESSAGES_AT_ONCE, MAX_NAME_LENGTH } from '#domain/conversations/messages.ts';
import * as resolvers from '#resolvers/messages.ts';
import { builder, idOf, Node } from './builder.ts';
import { KEPT, keptFor } from './caching.ts';
import { connectionType, payloadEdge } from './connection.ts';
import { digits, type InputFields, idempotencyKey, metadata } from './inputs.ts';
import { reads } from './reads.ts';

export const MessageRole = builder.enumType('MessageRole', {
  description: 'Who speaks in a message.',
  values: {
    SYSTEM: { description: 'Nobody: the message is an instruction to the model.' },
    USER: { description: 'The user of the conversation.' },
    ASSISTANT: { description: 'Whoever answers: a model, rules, an agent.' },
    TOOL: { description: 'A tool that a model has called.' },
  },
});

const MessageStatus = builder.enumType('MessageStatus', {
  description: 'Whether a message is whole.',
  values: {
    COMPLETE: { description: 'The message is whole.' },
    STREAMING: { description: 'The message is being written; follow it with `replyStream`.' },
    FAILED: { description: 'The message could not be written to its end; `error` says why.' },
    CANCELLED: { description: 'The message was stopped; what was written of it is kept.' },
  },
});

export const Message = builder.prismaObject('Message', {
  description: 'One turn of a conversation.',
  extensions: keptFor({ minutes: 30 }),
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id of the message; it never changes.',
      extensions: { ...KEPT, ...reads('id') },
      resolve: idOf('Message'),
    }),
    sequence: t.exposeInt('sequence', {
      description:
        'The number of the message in its conversation: 1, 2, 3 …, unique, without gaps, in order of commit.',
    }),
    role: t.expose('role', { type: MessageRole, description: 'Who speaks in the message.' }),
    content: t.exposeString('content', { description: 'The text of the message.' }),
    status: t.expose('status', { type: MessageStatus, description: 'Whether the message is whole.' }),
    toolCalls: t.expose('toolCalls', {
      type: 'JSON',
      nullable: true,
      description: 'The calls of tools that a model asks for in the message, kept exactly as sent.',
    }),
    toolCallId: t.exposeString('toolCallId', {
      nullable: true,
      description: 'The id of the call, among `toolCalls` of an earlier message, that the message answers.',
    }),
    toolResult: t.expose('toolResult', {
      type: 'JSON',
      nullable: true,
      description: 'What a tool returned, kept exactly as sent.',
    }),
    model: t.exposeString('model', {
      nullable: true,
      description: 'The name of the model that wrote the message; null where no model did.',
    }),
    tokensInput: t.exposeInt('tokensInput', {
      nullable: true,
      description: 'How many tokens the model read to write the message.',
    }),
    tokensOutput: t.exposeInt('tokensOutput', {
      nullable: true,
      description: 'How many tokens the model wrote for the message.',
    }),
    latencyMs: t.exposeInt('latencyMs', {
      nullable: true,
      description: 'How long it took to write the message, in milliseconds.',
    }),
    reasoning: t.exposeString('reasoning', {
      nullable: true,
      description:
        'What the model thought before it wrote the message, apart from `content`: up to 50,000 characters, then `…`. Null until the message is COMPLETE, and where the model tells nothing of it.',
    }),
    metadata: t.expose('metadata', {
      type: 'JSON',
      nullable: true,
      description: 'Data of the client about the message, kept exactly as sent.',
    }),
    clientId: t.exposeString('clientId', {
      nullable: true,
      description: 'What its client calls the message: unique in the conversation, null where it was given none.',
    }),
    updateNumber: t.exposeInt('updateNumber', {
      description:
        'The number of the newest update of the message, among those of all messages of the conversation: give it as `afterUpdate` of `messageUpdated` to go on after it. 0 where it was never updated.',
    }),
    sentAt: t.expose('sentAt', {
      type: 'DateTime',
      description: 'When the message was said: as its client told, or else when it was stored.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the message was stored.' }),
  }),
});

export const MessageConnection = connectionType(Message, 'Message', 'messages');

const messageFields = (t: InputFields) => ({
  role: t.field({ type: MessageRole, required: true, description: 'Who speaks in the message.' }),
  content: t.string({
    required: true,
    description: `The text of the message, up to ${digits(MAX_CONTENT)} characters; empty only together with \`toolCalls\` or \`toolResult\`.`,
  }),
  sentAt: t.field({ type: 'DateTime', description: 'When the message was said; now where it is left out.' }),
  toolCalls: t.field({ type: 'JSON', description: 'The calls of tools that a model asks for in the message.' }),
  toolCallId: t.string({
    description: `The id of the call, among \`toolCalls\` of an earlier message, that the message answers; 1 to ${MAX_NAME_LENGTH} characters.`,
  }),
  toolResult: t.field({ type: 'JSON', description: 'What a tool returned.' }),
  model: t.string({
    description: `The name of the model that wrote the message, 1 to ${MAX_NAME_LENGTH} characters.`,
  }),
  tokensInput: t.int({ description: 'How many tokens the model read to write the message, 0 or more.' }),
  tokensOutput: t.int({ description: 'How many tokens the model wrote for the message, 0 or more.' }),
  metadata: metadata(t, 'message'),
});

/** The `clientId` of an input that adds a message. */
export const clientId = (t: InputFields) =>
  t.string({
    description: `What you call the message, 1 to ${MAX_NAME_LENGTH} characters, to know it again wherever it comes back to you. Unique in the conversation: where that has a message of this name, the first is given again, whatever else is sent, and nothing is stored.`,
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
      'Adds one message at the end of a conversation; nobody answers it, unlike `sendMessage`. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
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
          'The new messages as edges of `Conversation.messages`, at their places in the default order, to be put into a page that is held already.',
        resolve: resolvers.messageEdges,
      }),
    }),
  },
);

builder.subscriptionField('messageAdded', (t) =>
  t.field({
    type: Message,
    description:
      'Every message after `afterSequence` that is already stored, then every new one: each once, in order, across reconnects. Ends when the conversation is deleted. Errors: NOT_FOUND.',
    args: {
      conversationId: t.arg.id({ required: true, description: 'The id of the conversation to follow.' }),
      afterSequence: t.arg.int({
        description:
          'The `sequence` of the last message that you have, 0 for all; only new messages where it is left out.',
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
      'Every message of a conversation whose `status` or `rating` changes, as it is then: also a reply that ends, or is written anew, but not its text as it grows, which `replyStream` brings. One that changes several times before you read it comes once. Ends when the conversation is deleted. Errors: NOT_FOUND.',
    args: {
      conversationId: t.arg.id({ required: true, description: 'The id of the conversation to follow.' }),
      afterUpdate: t.arg.int({
        description:
          'First what was updated since: the `lastUpdate` that you have read with the conversation, or the `updateNumber` of the last message that came. Only new updates where it is left out.',
      }),
    },
    subscribe: resolvers.messageUpdated,
    resolve: resolvers.messageOfEvent,
  }),
);
