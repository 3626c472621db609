import { MAX_CONTENT } from '#domain/conversations/messages.ts';
import type { StoredCitation } from '#domain/conversations/replies/drafting/draft.ts';
import type { ReplyChunk as ReplyChunkShape } from '#domain/conversations/replies/reply-feed.ts';
import { conversationEdge } from '#resolvers/conversations.ts';
import { jobEdge } from '#resolvers/jobs.ts';
import { messageEdge } from '#resolvers/messages.ts';
import * as resolvers from '#resolvers/replies.ts';
import { builder } from './builder.ts';
import { KEPT, keptFor, NOT_KEPT } from './caching.ts';
import { payloadEdge } from './connection.ts';
import { Conversation, ConversationConnection, modelSettings } from './conversations.ts';
import { Failure } from './failures.ts';
import { digits, type InputFields, idempotencyKey, metadata } from './inputs.ts';
import { Job, JobConnection } from './jobs.ts';
import { Memory } from './memories.ts';
import { clientId, Message, MessageConnection } from './messages.ts';
import { TranscriptSegment } from './transcripts.ts';

const Citation = builder.objectRef<StoredCitation>('Citation').implement({
  description: 'A passage that a reply rests on.',
  extensions: keptFor({ minutes: 30 }),
  fields: (t) => ({
    quote: t.exposeString('quote', { description: 'The words of the passage.' }),
    segment: t.field({
      type: TranscriptSegment,
      nullable: true,
      description:
        'The segment of a transcript that the passage is from; null where it is from none, or the segment is gone.',
      extensions: NOT_KEPT,
      resolve: resolvers.segment,
    }),
    memory: t.field({
      type: Memory,
      nullable: true,
      description: 'The memory that the passage is from; null where it is from none, or the memory is gone.',
      extensions: KEPT,
      resolve: resolvers.memory,
    }),
    startSeconds: t.exposeFloat('startSeconds', {
      nullable: true,
      description:
        'When the passage begins to be said, in seconds from the start of the recording; null where it is from no transcript.',
    }),
    endSeconds: t.exposeFloat('endSeconds', {
      nullable: true,
      description:
        'When the passage has been said, in seconds from the start of the recording; null where it is from no transcript.',
    }),
  }),
});

/** What a reply rests on: three passages by rules, the few that a model names. Its cost goes by it. */
const CITATIONS_OF_A_REPLY = 5;

builder.prismaObjectFields(Message, (t) => ({
  streamOffset: t.int({
    description:
      'Where `content` ends in the stream of the text, in UTF-16 units: give it as `afterOffset` of `replyStream` to follow a reply from the `content` that you have. Not the length of `content`: a reply that was begun anew counts all that was ever streamed for it.',
    extensions: KEPT,
    resolve: resolvers.streamOffset,
  }),
  citations: t.field({
    type: [Citation],
    complexity: { field: 1, multiplier: CITATIONS_OF_A_REPLY },
    description: 'The passages that the message rests on, where it is a reply.',
    extensions: KEPT,
    resolve: resolvers.citations,
  }),
  job: t.field({
    type: Job,
    nullable: true,
    description: 'The newest job about the message: for a reply, the one that writes it. Null where there was none.',
    extensions: NOT_KEPT,
    resolve: resolvers.job,
  }),
  error: t.field({
    type: Failure,
    nullable: true,
    description: 'Why the message FAILED; null in any other status.',
    extensions: NOT_KEPT,
    resolve: resolvers.error,
  }),
}));

const ReplyChunk = builder.objectRef<ReplyChunkShape>('ReplyChunk').implement({
  description: 'A stretch of the text of a message, as `replyStream` brings it.',
  fields: (t) => ({
    messageId: t.id({ description: 'The id of the message.', resolve: resolvers.messageIdOfChunk }),
    offset: t.exposeInt('offset', {
      description:
        'Where the chunk begins, in UTF-16 units. `offset` plus the length of `text` is what to give as `afterOffset` to go on after the chunk.',
    }),
    text: t.exposeString('text', {
      description: 'The text of the chunk; empty where there is nothing new but `done` or `restarted`.',
    }),
    done: t.exposeBoolean('done', {
      description: 'Whether this is the last chunk; `status` of `message` says how the message ended.',
    }),
    restarted: t.exposeBoolean('restarted', {
      description:
        'Whether the message was begun anew: the text of all chunks before this one is void, and only that from here on is to be shown.',
    }),
    message: t.field({
      type: Message,
      nullable: true,
      description:
        'The whole message as it is now: what has been written of it, and with the last chunk all of it. Null where it has been deleted.',
      resolve: resolvers.messageOfChunk,
    }),
  }),
});

const LENGTH = `1 to ${digits(MAX_CONTENT)} characters`;

const { payloadType: SendMessagePayload } = builder.relayMutationField(
  'sendMessage',
  {
    description: 'What a user says, and in which conversation.',
    inputFields: (t: InputFields) => ({
      conversationId: t.id({
        description: 'The id of the conversation to go on with; a new conversation where it is left out.',
      }),
      content: t.string({ required: true, description: `What the user says, ${LENGTH}.` }),
      metadata: metadata(t, 'message'),
      clientId: clientId(t),
      ...modelSettings(t, 'Only for a new conversation.'),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      "Stores the user's message and starts the assistant's reply; follow it with `replyStream`. A `clientId` that the conversation has already gives the first message and its reply again; where a conversation is begun, only an `idempotencyKey` makes it safe to repeat. Errors: NOT_FOUND, CONFLICT (a reply is being written in the conversation, or the message with the `clientId` was not sent to be answered), IDEMPOTENCY_CONFLICT.",
    resolve: resolvers.sendMessage,
  },
  {
    description: 'What the user said, and the reply that is being written.',
    outputFields: (t) => ({
      conversation: t.expose('conversation', {
        type: Conversation,
        description: 'The conversation that the message and its reply are in.',
      }),
      userMessage: t.expose('userMessage', { type: Message, description: 'What the user said.' }),
      reply: t.expose('reply', {
        type: Message,
        description: 'The reply, empty and STREAMING at first; follow it with `replyStream`.',
      }),
      job: t.expose('job', {
        type: Job,
        description: 'The job that writes the reply; where it FAILED, `retryJob` writes the reply anew.',
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
    episodeId: t.id({ required: true, description: 'The id of the episode, which has a transcript.' }),
    question: t.string({ required: true, description: `What the user asks, ${LENGTH}.` }),
    conversationId: t.id({
      description:
        'The id of a conversation about this episode. Where it is left out: the one with the latest message that is not archived, or a new one.',
    }),
    idempotencyKey: idempotencyKey(t),
  }),
});

builder.mutationField('askEpisode', (t) =>
  t.field({
    type: SendMessagePayload,
    nullable: true,
    description:
      'Asks about an episode; the reply cites the passages of the transcript that it rests on. Errors: NOT_FOUND, CONFLICT (the episode has no transcript, or a reply is being written in the conversation), IDEMPOTENCY_CONFLICT.',
    args: {
      input: t.arg({ type: AskEpisodeInput, required: true, description: 'The question, and what it is about.' }),
    },
    resolve: resolvers.askEpisode,
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
      'Stops a reply; what was written of it is kept. One that has ended stays as it is. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.stopReply,
  },
  {
    description: 'The reply that was stopped.',
    outputFields: (t) => ({
      message: t.expose('message', { type: Message, description: 'The reply as it ended.' }),
      messageEdge: payloadEdge(t, MessageConnection.edge, 'Conversation.messages', messageEdge),
    }),
  },
);

builder.subscriptionField('replyStream', (t) =>
  t.field({
    type: ReplyChunk,
    description:
      'The text of a reply from `afterOffset` on, as it is written, to be put behind the text that you have, unless a chunk is `restarted`; ends with the chunk that is `done`. Errors: NOT_FOUND.',
    args: {
      messageId: t.arg.id({ required: true, description: 'The id of the reply, or of any message.' }),
      afterOffset: t.arg.int({
        defaultValue: 0,
        description:
          'Where the text that you have ends in the stream, in UTF-16 units: 0, the `offset` of your last chunk plus the length of its `text`, or the `streamOffset` that you have loaded with `content`.',
      }),
    },
    subscribe: resolvers.replyStream,
    resolve: (chunk) => chunk,
  }),
);
