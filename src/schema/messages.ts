import * as resolvers from '#resolvers/messages.ts';
import { builder, idOf, Node } from './builder.ts';
import { connectionType } from './connection.ts';

export const MessageRole = builder.enumType('MessageRole', {
  description: 'Who speaks.',
  values: {
    SYSTEM: { description: 'Instructions to the model.' },
    USER: { description: 'The user.' },
    ASSISTANT: { description: 'Whoever answers: a model, rules, an agent.' },
    TOOL: { description: 'What a tool answered.' },
  },
});

const MessageStatus = builder.enumType('MessageStatus', {
  description: 'Whether a message is whole.',
  values: {
    COMPLETE: { description: 'Whole.' },
    STREAMING: { description: 'Being written.' },
    FAILED: { description: 'Could not be written.' },
    CANCELLED: { description: 'Stopped; what was written is kept.' },
  },
});

export const Message = builder.prismaObject('Message', {
  description: 'One turn of a conversation.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque, the same for ever.', resolve: idOf('Message') }),
    sequence: t.exposeInt('sequence', {
      description: '1, 2, 3 … within its conversation: unique, without gaps, in order of commit.',
    }),
    role: t.expose('role', { type: MessageRole, description: 'Who speaks.' }),
    content: t.exposeString('content', { description: 'What was said.' }),
    status: t.expose('status', { type: MessageStatus, description: 'Whether it is whole.' }),
    toolCalls: t.expose('toolCalls', {
      type: 'JSON',
      nullable: true,
      description: 'The tools a model asked for; kept exactly as sent.',
    }),
    toolCallId: t.exposeString('toolCallId', { nullable: true, description: 'Which of those calls this answers.' }),
    toolResult: t.expose('toolResult', {
      type: 'JSON',
      nullable: true,
      description: 'What the tool answered; kept exactly as sent.',
    }),
    model: t.exposeString('model', { nullable: true, description: 'Which model wrote it.' }),
    tokensInput: t.exposeInt('tokensInput', { nullable: true, description: 'Tokens the model read for it.' }),
    tokensOutput: t.exposeInt('tokensOutput', { nullable: true, description: 'Tokens the model wrote.' }),
    latencyMs: t.exposeInt('latencyMs', { nullable: true, description: 'How long the model took, in milliseconds.' }),
    metadata: t.expose('metadata', { type: 'JSON', nullable: true, description: 'Your own; kept exactly as sent.' }),
    sentAt: t.expose('sentAt', {
      type: 'DateTime',
      description: 'When it was said: now, unless an import told otherwise.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was stored.' }),
  }),
});

export const MessageConnection = connectionType(Message, 'Message', 'messages');

type InputFields = Parameters<Parameters<typeof builder.inputType>[1]['fields']>[0];
const messageFields = (t: InputFields) => ({
  role: t.field({ type: MessageRole, required: true, description: 'Who speaks.' }),
  content: t.string({
    required: true,
    description: 'What is said: up to 200,000 characters; empty only with `toolCalls` or `toolResult`.',
  }),
  sentAt: t.field({ type: 'DateTime', description: 'When it was said; now, where it is left out.' }),
  toolCalls: t.field({ type: 'JSON', description: 'The tools a model asks for.' }),
  toolCallId: t.string({ description: 'Which of those calls this answers.' }),
  toolResult: t.field({ type: 'JSON', description: 'What the tool answered.' }),
  model: t.string({ description: 'Which model wrote it.' }),
  tokensInput: t.int({ description: 'Tokens the model read for it.' }),
  tokensOutput: t.int({ description: 'Tokens the model wrote.' }),
  metadata: t.field({ type: 'JSON', description: 'Your own; kept exactly as sent.' }),
});
const keyField = (t: InputFields) =>
  t.string({ description: 'The same key with the same input gives the first answer again, for at least 24 hours.' });

const NewMessage = builder.inputType('NewMessage', { description: 'A message to add.', fields: messageFields });
const AddMessageInput = builder.inputType('AddMessageInput', {
  description: 'A message, and where it goes.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'The conversation.' }),
    ...messageFields(t),
    idempotencyKey: keyField(t),
  }),
});
const AddMessagesInput = builder.inputType('AddMessagesInput', {
  description: 'At most 100 messages, stored all or none, with consecutive sequence numbers.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'The conversation.' }),
    messages: t.field({ type: [NewMessage], required: true, description: 'In order.' }),
    idempotencyKey: keyField(t),
  }),
});
const AddMessagePayload = builder.simpleObject('AddMessagePayload', {
  description: 'The message that was stored.',
  fields: (t) => ({ message: t.field({ type: Message, description: 'With its number.' }) }),
});
const AddMessagesPayload = builder.simpleObject('AddMessagesPayload', {
  description: 'The messages that were stored.',
  fields: (t) => ({ messages: t.field({ type: [Message], description: 'With their numbers, in order.' }) }),
});

builder.mutationFields((t) => ({
  addMessage: t.field({
    type: AddMessagePayload,
    nullable: true,
    description: 'Adds one message at the end of a conversation.',
    args: { input: t.arg({ type: AddMessageInput, required: true, description: 'The message.' }) },
    resolve: resolvers.addMessage,
  }),
  addMessages: t.field({
    type: AddMessagesPayload,
    nullable: true,
    description: 'Adds up to 100 messages at the end of a conversation, all or none.',
    args: { input: t.arg({ type: AddMessagesInput, required: true, description: 'The messages.' }) },
    resolve: resolvers.addMessages,
  }),
}));

builder.subscriptionField('messageAdded', (t) =>
  t.field({
    type: Message,
    description:
      'Every message after `afterSequence` that is already stored, then every new one: each once, in order, across reconnects. Without `afterSequence`, only new ones.',
    args: {
      conversationId: t.arg.id({ required: true, description: 'The conversation.' }),
      afterSequence: t.arg.int({ description: 'The last number you have seen; 0 for all.' }),
    },
    subscribe: resolvers.messageAdded,
    resolve: (message) => message,
  }),
);
