import * as questions from '#domain/conversations/replies/ask-episode.ts';
import type { StoredCitation } from '#domain/conversations/replies/drafting/draft.ts';
import * as editing from '#domain/conversations/replies/edit-message.ts';
import * as regenerating from '#domain/conversations/replies/regenerate-reply.ts';
import * as replies from '#domain/conversations/replies/replies.ts';
import { followReply, type ReplyChunk } from '#domain/conversations/replies/reply-feed.ts';
import * as stopping from '#domain/conversations/replies/stop-reply.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import { globalId } from '#domain/core/global-ids.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { Message } from '#generated/prisma/client.ts';
import { jobOfSubject } from '#loaders/jobs.ts';
import { memoryById } from '#loaders/memories.ts';
import { messageById, messageOrder, textOfMessage } from '#loaders/messages.ts';
import { segmentById } from '#loaders/transcript-segments.ts';
import { edgeIn } from './connections.ts';
import type { Context } from './context.ts';
import { readFailure } from './failures.ts';
import { optionalRowId, rowId } from './global-ids.ts';
import { withFreshLoaders } from './subscriptions.ts';

type SendInput = Omit<replies.NewUserMessage, 'conversationId'> & { conversationId?: string | null | undefined };

/** Returns the stored message and the reply that has begun. */
export const sendMessage = (_root: unknown, { input }: { input: SendInput }, { deps }: Context) =>
  replies.sendMessage(deps, {
    ...input,
    conversationId: optionalRowId(input.conversationId, 'Conversation', 'input.conversationId'),
  });

type AskInput = Omit<questions.EpisodeQuestion, 'conversationId'> & { conversationId?: string | null | undefined };

/** Returns the stored question and the reply that has begun. */
export const askEpisode = (_root: unknown, { input }: { input: AskInput }, { deps }: Context) =>
  questions.askEpisode(deps, {
    ...input,
    episodeId: rowId(input.episodeId, 'Episode', 'input.episodeId'),
    conversationId: optionalRowId(input.conversationId, 'Conversation', 'input.conversationId'),
  });

/** Returns what the user said at its position in the conversation. */
export const userMessageEdge = ({ userMessage }: { userMessage: Message }, _args: unknown, ctx: Context) =>
  edgeIn(ctx, messageOrder, userMessage);

/** Returns the reply at its position in the conversation. */
export const replyEdge = ({ reply }: { reply: Message }, _args: unknown, ctx: Context) =>
  edgeIn(ctx, messageOrder, reply);

type EditInput = Omit<editing.MessageEdit, 'resend' | 'deleteMemories'> & {
  resend?: boolean | null | undefined;
  deleteMemories?: boolean | null | undefined;
};

/** Returns the message as edited, and the reply that has begun, if one was asked for. */
export const editMessage = (_root: unknown, { input }: { input: EditInput }, { deps }: Context) =>
  editing.editMessage(deps, {
    ...input,
    messageId: rowId(input.messageId, 'Message', 'input.messageId'),
    resend: input.resend ?? false,
    deleteMemories: input.deleteMemories ?? false,
  });

/** Returns the reply at its position in the conversation; null where none has begun. */
export const optionalReplyEdge = ({ reply }: { reply: Message | null }, args: unknown, ctx: Context) =>
  reply && replyEdge({ reply }, args, ctx);

type ReplyInput = WithIdempotencyKey & { messageId: string };

/** Returns the reply that has begun again, and the message that it answers. */
export const regenerateReply = (_root: unknown, { input }: { input: ReplyInput }, { deps }: Context) =>
  regenerating.regenerateReply(deps, { ...input, messageId: rowId(input.messageId, 'Message', 'input.messageId') });

/** Returns the reply as it ended. */
export async function stopReply(_root: unknown, { input }: { input: ReplyInput }, { deps }: Context) {
  const messageId = rowId(input.messageId, 'Message', 'input.messageId');
  return { message: await stopping.stopReply(deps, { ...input, messageId }) };
}

/** Yields the text of a message from an offset on, as it is written. */
export function replyStream(
  _root: unknown,
  args: { messageId: string; afterOffset?: number | null | undefined },
  ctx: Context,
) {
  const afterOffset = args.afterOffset ?? 0;
  if (afterOffset < 0) throw new BadUserInput('afterOffset', '`afterOffset` must be 0 or more.');
  const messageId = rowId(args.messageId, 'Message', 'messageId');
  return withFreshLoaders(ctx, (load) =>
    followReply(ctx.deps, { messageId, afterOffset }, () => load()(textOfMessage, messageId)),
  );
}

/** Returns the global id of the message that a chunk is of. */
export const messageIdOfChunk = ({ messageId }: ReplyChunk) => globalId('Message', messageId);

/** Returns the message that a chunk is of, as it is now; null where it has been deleted. */
export const messageOfChunk = ({ messageId }: ReplyChunk, _args: unknown, { load }: Context) =>
  load(messageById, messageId);

/** Returns where the text of a message ends in its stream. */
export const streamOffset = ({ textOffset, content }: Message) => textOffset + content.length;

/** Returns what a message rests on. */
export const citations = (row: Message) => (row.citations ?? []) as StoredCitation[];

/** Returns the segment that a citation is from; null where there is none. */
export const segment = ({ segmentId }: StoredCitation, _args: unknown, { load }: Context) =>
  segmentId ? load(segmentById, segmentId) : null;

/** Returns the memory that a citation is from; null where there is none. */
export const memory = ({ memoryId }: StoredCitation, _args: unknown, { load }: Context) =>
  memoryId ? load(memoryById, memoryId) : null;

/** Returns the newest job about a message; null where there was none. */
export const job = (row: Message, _args: unknown, { load }: Context) => load(jobOfSubject, row.id);

/** Returns why a message FAILED; null in any other status. */
export async function error(row: Message, args: unknown, ctx: Context) {
  const failed = row.status === 'FAILED' ? await job(row, args, ctx) : null;
  return failed && readFailure(failed);
}
