import * as questions from '#domain/conversations/replies/ask-episode.ts';
import type { StoredCitation } from '#domain/conversations/replies/drafting/draft.ts';
import * as replies from '#domain/conversations/replies/replies.ts';
import { followReply, type ReplyChunk } from '#domain/conversations/replies/reply-feed.ts';
import * as stopping from '#domain/conversations/replies/stop-reply.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import type { Message } from '#generated/prisma/client.ts';
import { jobOfSubject } from '#loaders/jobs.ts';
import { memoryById } from '#loaders/memories.ts';
import { messageById, textOfMessage } from '#loaders/messages.ts';
import { segmentById } from '#loaders/transcript-segments.ts';
import type { Context } from './context.ts';
import { globalId, optionalRowId, rowId } from './global-ids.ts';
import { error as errorOfJob } from './jobs.ts';
import { withFreshLoaders } from './subscriptions.ts';

type SendInput = {
  conversationId?: string | null | undefined;
  content: string;
  idempotencyKey?: string | null | undefined;
};

export const sendMessage = (_root: unknown, { input }: { input: SendInput }, { deps }: Context) =>
  replies.sendMessage(deps, {
    ...input,
    conversationId: optionalRowId(input.conversationId, 'Conversation', 'input.conversationId'),
  });

type AskInput = Omit<SendInput, 'content'> & { episodeId: string; question: string };

export const askEpisode = (_root: unknown, { input }: { input: AskInput }, { deps }: Context) =>
  questions.askEpisode(deps, {
    ...input,
    episodeId: rowId(input.episodeId, 'Episode', 'input.episodeId'),
    conversationId: optionalRowId(input.conversationId, 'Conversation', 'input.conversationId'),
  });

export async function stopReply(_root: unknown, { input }: { input: { messageId: string } }, { deps }: Context) {
  return {
    message: await stopping.stopReply(deps, { messageId: rowId(input.messageId, 'Message', 'input.messageId') }),
  };
}

export function replyStream(
  _root: unknown,
  args: { messageId: string; afterOffset?: number | null | undefined },
  ctx: Context,
) {
  const afterOffset = args.afterOffset ?? 0;
  if (afterOffset < 0) throw new BadUserInput('afterOffset', '`afterOffset` is 0 or more.');
  const messageId = rowId(args.messageId, 'Message', 'messageId');
  return withFreshLoaders(ctx, (load) =>
    followReply(ctx.deps, { messageId, afterOffset }, () => load()(textOfMessage, messageId)),
  );
}

export const messageIdOfChunk = ({ messageId }: ReplyChunk) => globalId('Message', messageId);
export const messageOfChunk = ({ done, messageId }: ReplyChunk, _args: unknown, { load }: Context) =>
  done ? load(messageById, messageId) : null;

export const citations = (row: Message) => (row.citations ?? []) as StoredCitation[];
export const segment = ({ segmentId }: StoredCitation, _args: unknown, { load }: Context) =>
  segmentId ? load(segmentById, segmentId) : null;
export const memory = ({ memoryId }: StoredCitation, _args: unknown, { load }: Context) =>
  memoryId ? load(memoryById, memoryId) : null;

export const job = (row: Message, _args: unknown, { load }: Context) => load(jobOfSubject, row.id);

export async function error(row: Message, args: unknown, ctx: Context) {
  const failed = row.status === 'FAILED' ? await job(row, args, ctx) : null;
  return failed && errorOfJob(failed);
}
