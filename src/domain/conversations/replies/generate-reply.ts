import { replyChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { enqueue } from '#domain/core/enqueue.ts';
import { AttemptEnded, type RunningJob } from '#domain/jobs/running-job.ts';
import { isExtractionEnabled } from '#domain/memories/extraction/opt-out.ts';
import type { Conversation } from '#generated/prisma/client.ts';
import type { DraftEnd } from './drafting/draft.ts';
import { draftReply } from './drafting/draft-reply.ts';
import { createReplyWriter } from './reply-writer.ts';
import { writeDraft } from './write-draft.ts';

/** The payload of the job: the empty reply, and the message that it answers. */
export type ReplyTask = { replyId: string; userMessageId: string };

/**
 * Writes the reply to a user's message, as it is made, and enqueues the extraction of memories from the message. May run twice
 * with one effect. Throws Unavailable, LIMIT_EXCEEDED, AttemptEnded, and what else a Model throws.
 */
export async function generateReply(deps: Deps, task: ReplyTask, job: RunningJob): Promise<void> {
  const startedAt = performance.now();
  job.reportProgress({ fraction: 0, stage: 'thinking' });
  const { reply, ...request } = await loadRequest(deps, task);
  const leaving = new AbortController();
  try {
    const signal = AbortSignal.any([job.signal, leaving.signal]);
    const draft = await draftReply(deps, { ...request, signal });
    const end = await writeDraft(draft, createReplyWriter(deps, job, reply, draft.repeatable), () =>
      job.reportProgress({ fraction: 0.5, stage: 'writing' }),
    );
    await completeReply(deps, task, job, request.conversation, {
      ...end,
      latencyMs: Math.round(performance.now() - startedAt),
    });
  } finally {
    // Where writing failed, the model would otherwise go on.
    leaving.abort();
  }
}

/** Loads what the reply is drafted from. Throws AttemptEnded where it was deleted. */
async function loadRequest({ database: { prisma }, replying, actor }: Deps, { replyId, userMessageId }: ReplyTask) {
  const mine = { ownerId: actor.userId };
  const [reply, userMessage] = await Promise.all([
    prisma.message.findFirst({ where: { id: replyId, status: 'STREAMING', ...mine } }),
    prisma.message.findFirst({ where: { id: userMessageId, ...mine }, include: { conversation: true } }),
  ]);
  if (!reply || !userMessage) throw new AttemptEnded('targetGone');
  const { conversation, ...question } = userMessage;
  const newest = await prisma.message.findMany({
    where: {
      conversationId: conversation.id,
      sequence: { lt: question.sequence },
      // What was written of a stopped reply was read, and the question may be about it.
      status: { in: ['COMPLETE', 'CANCELLED'] },
      content: { not: '' },
    },
    orderBy: { sequence: 'desc' },
    take: replying.maxContextMessages,
  });
  return { reply, question, conversation, earlier: newest.reverse() };
}

/** Completes the reply and its job in one transaction. Throws AttemptEnded. */
function completeReply(
  deps: Deps,
  { replyId, userMessageId }: ReplyTask,
  job: RunningJob,
  conversation: Conversation,
  { citations, ...figures }: DraftEnd & { latencyMs: number },
): Promise<void> {
  return job.finish(async (tx, publish) => {
    const { tokensInput, tokensOutput } = figures;
    await tx.conversation.updateMany({
      where: { id: conversation.id },
      data: {
        tokensInput: { increment: tokensInput ?? 0 },
        tokensOutput: { increment: tokensOutput ?? 0 },
        updatedAt: deps.now(),
      },
    });
    const { count } = await tx.message.updateMany({
      where: { id: replyId, status: 'STREAMING' },
      data: { status: 'COMPLETE', citations, ...figures },
    });
    if (count === 0) throw new AttemptEnded('targetGone');
    publish(replyChannel(replyId));
    if (isExtractionEnabled(deps.replying, conversation)) {
      const subject = { type: 'Message', id: userMessageId };
      const payload = { messageId: userMessageId };
      await enqueue(tx, deps, { kind: 'EXTRACT_MEMORIES', subject, payload }, publish);
    }
    return undefined;
  });
}
