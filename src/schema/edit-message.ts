import { MAX_CONTENT } from '#domain/conversations/messages.ts';
import { conversationEdge } from '#resolvers/conversations.ts';
import { optionalJobEdge } from '#resolvers/jobs.ts';
import { messageEdge } from '#resolvers/messages.ts';
import * as resolvers from '#resolvers/replies.ts';
import { builder } from './builder.ts';
import { payloadEdge } from './connection.ts';
import { Conversation, ConversationConnection } from './conversations.ts';
import { digits, type InputFields, idempotencyKey } from './inputs.ts';
import { Job, JobConnection } from './jobs.ts';
import { Message, MessageConnection } from './messages.ts';

const NO_REPLY = 'null unless `resend` is true.';

builder.relayMutationField(
  'editMessage',
  {
    description: 'A message of the user, and its new text.',
    inputFields: (t: InputFields) => ({
      messageId: t.id({ required: true, description: 'The id of the message, which must be of the USER.' }),
      content: t.string({
        required: true,
        description: `The new text of the message, 1 to ${digits(MAX_CONTENT)} characters, not only white space.`,
      }),
      resend: t.boolean({
        defaultValue: false,
        description: 'Whether a job is started that writes a reply to the new text, as after `sendMessage`.',
      }),
      deleteMemories: t.boolean({
        defaultValue: false,
        description:
          'Whether the memories are deleted whose `sourceMessage` is this message or one that is discarded. Memories that these had superseded become active again.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Replaces the text of a message of the user, and discards all messages after it. The message keeps its id and gets the next `sequence` of the conversation, so `messageAdded` delivers it again, and `messageUpdated`, too. Memories that were learned from the former text or from discarded messages stay, with `sourceMessage` null, unless `deleteMemories` is true. If `resend` is true, a reply is started; follow it with `replyStream`. No effect if the newest message already has this text, unless `resend` is true. Errors: NOT_FOUND, CONFLICT (a reply is being written in the conversation, or the message was said in a call), LIMIT_EXCEEDED (more than 500,000 messages follow it; 100,000 on the embedded database), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.editMessage,
  },
  {
    description: 'The message that was edited, and the reply that is being written to it.',
    outputFields: (t) => ({
      conversation: t.expose('conversation', {
        type: Conversation,
        description: 'The conversation that the message is in.',
      }),
      conversationEdge: payloadEdge(t, ConversationConnection.edge, 'conversations', conversationEdge),
      message: t.expose('message', { type: Message, description: 'The message with its new text and `sequence`.' }),
      messageEdge: payloadEdge(t, MessageConnection.edge, 'Conversation.messages', messageEdge),
      discardedCount: t.exposeInt('discarded', {
        description:
          'The number of messages that were discarded. They had a `sequence` from `message.discardedFrom` up to that of the message.',
      }),
      reply: t.expose('reply', {
        type: Message,
        nullable: true,
        description: `The reply, initially empty and STREAMING; ${NO_REPLY}`,
      }),
      replyEdge: t.field({
        type: MessageConnection.edge,
        nullable: true,
        description: `The reply as an edge of \`Conversation.messages\` in its default order; ${NO_REPLY}`,
        resolve: resolvers.optionalReplyEdge,
      }),
      job: t.expose('job', { type: Job, nullable: true, description: `The job that writes the reply; ${NO_REPLY}` }),
      jobEdge: t.field({
        type: JobConnection.edge,
        nullable: true,
        description: `The job as an edge of \`jobs\` in its default order; ${NO_REPLY}`,
        resolve: optionalJobEdge,
      }),
    }),
  },
);
