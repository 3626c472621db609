import type { StoredCitation } from '#domain/conversations/replies/drafting/draft.ts';
import type { ReplyChunk as ReplyChunkShape } from '#domain/conversations/replies/reply-feed.ts';
import * as resolvers from '#resolvers/replies.ts';
import { builder } from './builder.ts';
import { Conversation } from './conversations.ts';
import { TranscriptSegment } from './episodes.ts';
import { Job, JobError } from './jobs.ts';
import { Memory } from './memories.ts';
import { Message } from './messages.ts';

const Citation = builder.objectRef<StoredCitation>('Citation').implement({
  description: 'A passage that an answer rests on.',
  fields: (t) => ({
    quote: t.exposeString('quote', { description: 'Its words.' }),
    segment: t.field({
      type: TranscriptSegment,
      nullable: true,
      description: 'Where in a transcript they stand; null where it is no transcript, or the segment was replaced.',
      resolve: resolvers.segment,
    }),
    memory: t.field({
      type: Memory,
      nullable: true,
      description: 'The memory they come from; null where it is no memory, or was deleted.',
      resolve: resolvers.memory,
    }),
    startSeconds: t.exposeFloat('startSeconds', { nullable: true, description: 'When they begin to be said.' }),
    endSeconds: t.exposeFloat('endSeconds', { nullable: true, description: 'When they have been said.' }),
  }),
});

builder.prismaObjectFields(Message, (t) => ({
  citations: t.field({ type: [Citation], description: 'What an answer rests on.', resolve: resolvers.citations }),
  job: t.field({
    type: Job,
    nullable: true,
    description: 'The newest job about this message: for a reply, the one that writes it.',
    resolve: resolvers.job,
  }),
  error: t.field({ type: JobError, nullable: true, description: 'Why it FAILED.', resolve: resolvers.error }),
}));

const ReplyChunk = builder.objectRef<ReplyChunkShape>('ReplyChunk').implement({
  description: 'A stretch of the text of a message.',
  fields: (t) => ({
    messageId: t.id({ description: 'The message.', resolve: resolvers.messageIdOfChunk }),
    offset: t.exposeInt('offset', {
      description:
        'Where it begins, in UTF-16 units. Offset plus the length of `text` is where to go on from, as `afterOffset`.',
    }),
    text: t.exposeString('text', {
      description: 'What is said; empty where there is nothing new but `done` or `restarted`.',
    }),
    done: t.exposeBoolean('done', { description: 'Whether nothing follows; `message.status` says how it ended.' }),
    restarted: t.exposeBoolean('restarted', {
      description: 'What came before this chunk is void: the reply was begun anew; show only text from here on.',
    }),
    message: t.field({
      type: Message,
      nullable: true,
      description: 'The whole message, with the last chunk.',
      resolve: resolvers.messageOfChunk,
    }),
  }),
});

const KEY = 'The same key with the same input gives the first answer again, for at least 24 hours.';

const SendMessageInput = builder.inputType('SendMessageInput', {
  description: 'What a user says.',
  fields: (t) => ({
    conversationId: t.id({ description: 'A new conversation where it is left out.' }),
    content: t.string({ required: true, description: 'What is said: 1 to 200,000 characters.' }),
    idempotencyKey: t.string({ description: KEY }),
  }),
});
const AskEpisodeInput = builder.inputType('AskEpisodeInput', {
  description: 'A question about an episode.',
  fields: (t) => ({
    episodeId: t.id({ required: true, description: 'The episode; it has a transcript.' }),
    question: t.string({ required: true, description: 'What is asked: 1 to 200,000 characters.' }),
    conversationId: t.id({
      description:
        'A conversation about this episode. Where it is left out: the one that was last spoken in and is not archived, or a new one.',
    }),
    idempotencyKey: t.string({ description: KEY }),
  }),
});
const StopReplyInput = builder.inputType('StopReplyInput', {
  description: 'Which reply is stopped.',
  fields: (t) => ({ messageId: t.id({ required: true, description: 'The reply.' }) }),
});
const SendMessagePayload = builder.simpleObject('SendMessagePayload', {
  description: 'What was said, and the reply that is being written.',
  fields: (t) => ({
    conversation: t.field({ type: Conversation, description: 'Where it was said.' }),
    userMessage: t.field({ type: Message, description: 'What was said.' }),
    reply: t.field({ type: Message, description: 'Empty and STREAMING at first; follow it with `replyStream`.' }),
    job: t.field({ type: Job, description: 'What writes the reply; `retryJob` writes one anew that FAILED.' }),
  }),
});
const StopReplyPayload = builder.simpleObject('StopReplyPayload', {
  description: 'The reply as it is now.',
  fields: (t) => ({ message: t.field({ type: Message, description: 'The reply.' }) }),
});

builder.mutationFields((t) => ({
  sendMessage: t.field({
    type: SendMessagePayload,
    nullable: true,
    description:
      "Stores the user's message and starts the assistant's reply; follow it with `replyStream`. CONFLICT while another is being written in the conversation.",
    args: { input: t.arg({ type: SendMessageInput, required: true, description: 'What is said.' }) },
    resolve: resolvers.sendMessage,
  }),
  askEpisode: t.field({
    type: SendMessagePayload,
    nullable: true,
    description:
      'Asks about an episode; the answer cites the passages it rests on. CONFLICT where it has no transcript, and while another answer is being written in the conversation.',
    args: { input: t.arg({ type: AskEpisodeInput, required: true, description: 'The question.' }) },
    resolve: resolvers.askEpisode,
  }),
  stopReply: t.field({
    type: StopReplyPayload,
    nullable: true,
    description: 'Stops a reply; what was written is kept. One that has ended stays as it is.',
    args: { input: t.arg({ type: StopReplyInput, required: true, description: 'Which.' }) },
    resolve: resolvers.stopReply,
  }),
}));

builder.subscriptionField('replyStream', (t) =>
  t.field({
    type: ReplyChunk,
    description: "The reply's text from `afterOffset` (in UTF-16 units) on, as it is written; ends with `done`.",
    args: {
      messageId: t.arg.id({ required: true, description: 'The reply, or any message.' }),
      afterOffset: t.arg.int({ defaultValue: 0, description: 'Where the text that you have ends.' }),
    },
    subscribe: resolvers.replyStream,
    resolve: (chunk) => chunk,
  }),
);
