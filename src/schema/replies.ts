import { MAX_CONTENT } from '#domain/conversations/messages.ts';
import type { StoredCitation } from '#domain/conversations/replies/drafting/draft.ts';
import type { ReplyChunk as ReplyChunkShape } from '#domain/conversations/replies/reply-feed.ts';
import { conversationEdge } from '#resolvers/conversations.ts';
import { jobEdge } from '#resolvers/jobs.ts';
import { messageEdge } from '#resolvers/messages.ts';
import * as resolvers from '#resolvers/replies.ts';
import { builder } from './builder.ts';
import { CACHED, cachedFor, NOT_CACHED } from './caching.ts';
import { modelSettings } from './change-conversations.ts';
import { payloadEdge } from './connection.ts';
import { Conversation, ConversationConnection } from './conversations.ts';
import { Failure } from './failures.ts';
import { digits, type InputFields, idempotencyKey, metadata } from './inputs.ts';
import { Job, JobConnection } from './jobs.ts';
import { Memory } from './memories.ts';
import { clientId, Message, MessageConnection } from './messages.ts';
import { TranscriptSegment } from './transcripts.ts';

const Citation = builder.objectRef<StoredCitation>('Citation').implement({
  description: 'A source passage that supports a reply.',
  extensions: cachedFor({ minutes: 30 }),
  fields: (t) => ({
    quote: t.exposeString('quote', {
      description:
        'The words of the passage, with a single space between them. `…` at its beginning or end marks what was left out of a long one.',
    }),
    segment: t.field({
      type: TranscriptSegment,
      nullable: true,
      description:
        'The transcript segment that the passage is from; null if the source is not a transcript, or the segment was deleted.',
      extensions: NOT_CACHED,
      resolve: resolvers.segment,
    }),
    memory: t.field({
      type: Memory,
      nullable: true,
      description:
        'The memory that the passage is from; null if the source is not a memory, or the memory was deleted.',
      extensions: CACHED,
      resolve: resolvers.memory,
    }),
    startSeconds: t.exposeFloat('startSeconds', {
      nullable: true,
      description:
        'The start of the passage, in seconds from the start of the recording; null if the source is not a transcript.',
    }),
    endSeconds: t.exposeFloat('endSeconds', {
      nullable: true,
      description:
        'The end of the passage, in seconds from the start of the recording; null if the source is not a transcript.',
    }),
  }),
});

/** What a reply rests on: three passages by rules, the few that a model names. Its cost goes by it. */
const CITATIONS_OF_A_REPLY = 5;

builder.prismaObjectFields(Message, (t) => ({
  streamOffset: t.int({
    description:
      'The offset of the end of `content` in the stream of the reply, in UTF-16 code units. Pass it as `afterOffset` of `replyStream` to continue from this `content`. If the reply was restarted, it is greater than the length of `content`, since it counts all text ever streamed.',
    extensions: CACHED,
    resolve: resolvers.streamOffset,
  }),
  citations: t.field({
    type: [Citation],
    complexity: { field: 1, multiplier: CITATIONS_OF_A_REPLY },
    description: 'The source passages that support the message; empty unless it is a reply with sources.',
    extensions: CACHED,
    resolve: resolvers.citations,
  }),
  job: t.field({
    type: Job,
    nullable: true,
    description:
      'The newest job that works on the message; for a reply, the job that writes it. Null if there was none.',
    extensions: NOT_CACHED,
    resolve: resolvers.job,
  }),
  error: t.field({
    type: Failure,
    nullable: true,
    description: 'Why writing the message failed; null unless the status is FAILED.',
    extensions: NOT_CACHED,
    resolve: resolvers.error,
  }),
}));

const ReplyChunk = builder.objectRef<ReplyChunkShape>('ReplyChunk').implement({
  description: 'A piece of the text of a message, as delivered by `replyStream`.',
  fields: (t) => ({
    messageId: t.id({ description: 'The id of the message.', resolve: resolvers.messageIdOfChunk }),
    offset: t.exposeInt('offset', {
      description:
        'The start of the chunk in the stream, in UTF-16 code units. To continue after this chunk, pass `offset` plus the length of `text` as `afterOffset`.',
    }),
    text: t.exposeString('text', {
      description: 'The text of the chunk; empty if only `done` or `restarted` is new.',
    }),
    done: t.exposeBoolean('done', {
      description: 'Whether this is the last chunk. If so, `message.status` says how the message ended.',
    }),
    restarted: t.exposeBoolean('restarted', {
      description:
        'Whether the message was restarted. If true, discard the text of all earlier chunks, and show only the text from this chunk on.',
    }),
    message: t.field({
      type: Message,
      nullable: true,
      description:
        'The message in its present state, with all text written so far; complete in the last chunk. Null if it was deleted.',
      resolve: resolvers.messageOfChunk,
    }),
  }),
});

const LENGTH = `1 to ${digits(MAX_CONTENT)} characters, not only white space`;

const { payloadType: SendMessagePayload } = builder.relayMutationField(
  'sendMessage',
  {
    description: 'A message of the user, and its conversation.',
    inputFields: (t: InputFields) => ({
      conversationId: t.id({
        description: 'The id of the conversation to continue. Default: a new conversation.',
      }),
      content: t.string({ required: true, description: `The text of the message, ${LENGTH}.` }),
      metadata: metadata(t, 'message'),
      clientId: clientId(t),
      ...modelSettings(t, 'Only for a new conversation.'),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      "Stores the user's message and starts a job that writes the assistant's reply; follow it with `replyStream`. If the conversation already has a message with this `clientId`, that message and its reply are returned. For a new conversation, only an `idempotencyKey` makes the mutation safe to retry. Errors: NOT_FOUND, CONFLICT (a reply is being written in the conversation, or the message with this `clientId` was stored by another mutation and has no reply), IDEMPOTENCY_CONFLICT.",
    resolve: resolvers.sendMessage,
  },
  {
    description: "The user's message, and the reply that is being written.",
    outputFields: (t) => ({
      conversation: t.expose('conversation', {
        type: Conversation,
        description: 'The conversation that the message and its reply are in.',
      }),
      userMessage: t.expose('userMessage', { type: Message, description: 'The message of the user.' }),
      reply: t.expose('reply', {
        type: Message,
        description: 'The reply, initially empty and STREAMING; follow it with `replyStream`.',
      }),
      job: t.expose('job', {
        type: Job,
        description: 'The job that writes the reply. If it FAILED, `retryJob` writes the reply again.',
      }),
      conversationEdge: payloadEdge(t, ConversationConnection.edge, 'conversations', conversationEdge),
      userMessageEdge: payloadEdge(
        t,
        MessageConnection.edge,
        'Conversation.messages',
        resolvers.userMessageEdge,
        'message of the user',
      ),
      replyEdge: payloadEdge(t, MessageConnection.edge, 'Conversation.messages', resolvers.replyEdge, 'reply'),
      jobEdge: payloadEdge(t, JobConnection.edge, 'jobs', jobEdge),
    }),
  },
);

const AskEpisodeInput = builder.inputType('AskEpisodeInput', {
  description: 'A question about an episode.',
  fields: (t) => ({
    episodeId: t.id({ required: true, description: 'The id of the episode, which must have a transcript.' }),
    question: t.string({ required: true, description: `The user's question, ${LENGTH}.` }),
    conversationId: t.id({
      description:
        'The id of a conversation about this episode. Default: its most recently active conversation that is not archived, or a new one if there is none.',
    }),
    metadata: metadata(t, 'message'),
    clientId: clientId(t),
    idempotencyKey: idempotencyKey(t),
  }),
});

builder.mutationField('askEpisode', (t) =>
  t.field({
    type: SendMessagePayload,
    nullable: true,
    description:
      'Asks a question about an episode. The reply cites the passages of the transcript that support it; follow it with `replyStream`. If the conversation already has a message with this `clientId`, that message and its reply are returned. Errors: NOT_FOUND, CONFLICT (the episode has no transcript, a reply is being written in the conversation, or the message with this `clientId` was stored by another mutation and has no reply), IDEMPOTENCY_CONFLICT.',
    args: {
      input: t.arg({
        type: AskEpisodeInput,
        required: true,
        description: 'The question, and the episode that it is about.',
      }),
    },
    resolve: resolvers.askEpisode,
  }),
);

const RegenerateReplyInput = builder.inputType('RegenerateReplyInput', {
  description: 'The reply to write again.',
  fields: (t) => ({
    messageId: t.id({ required: true, description: 'The id of the reply, the newest message of its conversation.' }),
    idempotencyKey: idempotencyKey(t),
  }),
});

builder.mutationField('regenerateReply', (t) =>
  t.field({
    type: SendMessagePayload,
    nullable: true,
    description:
      'Starts a job that writes a reply that has ended again, in the same message, with the present model and instructions of the conversation. The new text replaces the old one, with its citations and rating. If the job fails, or is stopped before its first word, the message has the old text again, with its citations and rating, and the status FAILED or CANCELLED. `messageUpdated` delivers both the beginning and the end. Errors: NOT_FOUND, CONFLICT (a reply is being written in the conversation, other messages follow this one, or it was not written by `sendMessage` or `askEpisode`), IDEMPOTENCY_CONFLICT.',
    args: {
      input: t.arg({ type: RegenerateReplyInput, required: true, description: 'The reply to write again.' }),
    },
    resolve: resolvers.regenerateReply,
  }),
);

builder.relayMutationField(
  'stopReply',
  {
    description: 'The reply to stop.',
    inputFields: (t: InputFields) => ({
      messageId: t.id({ required: true, description: 'The id of the reply to stop, a message of the ASSISTANT.' }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Stops a reply that is being written; the text written so far is kept. If a reply that is written again has no text yet, it gets its former text back. No effect if the reply has ended. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.stopReply,
  },
  {
    description: 'The reply that was stopped.',
    outputFields: (t) => ({
      message: t.expose('message', { type: Message, description: 'The reply after it was stopped.' }),
      messageEdge: payloadEdge(t, MessageConnection.edge, 'Conversation.messages', messageEdge),
    }),
  },
);

builder.subscriptionField('replyStream', (t) =>
  t.field({
    type: ReplyChunk,
    description:
      'The text of a reply from `afterOffset` on, as it is written. Append each chunk to the text so far, unless it is `restarted`. Completes after the chunk that is `done`. Errors: NOT_FOUND.',
    args: {
      messageId: t.arg.id({ required: true, description: 'The id of the reply, or of any message.' }),
      afterOffset: t.arg.int({
        defaultValue: 0,
        description:
          'The offset in the stream from which to continue, in UTF-16 code units: 0, the `offset` of the last chunk plus the length of its `text`, or the `streamOffset` that was loaded together with `content`.',
      }),
    },
    subscribe: resolvers.replyStream,
    resolve: (chunk) => chunk,
  }),
);
