import { takeUpdateNumber } from '#domain/conversations/message-updates.ts';
import { replyChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { enqueue } from '#domain/core/enqueue.ts';
import { withExactJson } from '#domain/core/json-columns.ts';
import { AttemptEnded, type RunningJob } from '#domain/jobs/running-job.ts';
import { asksToForget, isExtractionEnabled } from '#domain/memories/extraction/opt-out.ts';
import { replyFinished } from '#domain/webhooks/events.ts';
import type { Conversation, Message, Prisma } from '#generated/prisma/client.ts';
import type { DraftEnd } from './drafting/draft.ts';
import { draftReply } from './drafting/draft-reply.ts';
import { discardReplaced } from './replaced-reply.ts';
import { createReplyWriter } from './reply-writer.ts';
import { lacksModelTitle } from './title-conversation.ts';
import { writeDraft } from './write-draft.ts';

/** The payload of the job: the empty reply, and the message that it answers. */
export type ReplyTask = { replyId: string; userMessageId: string };

/**
 * Writes the reply to a user's message while it is being produced. Then enqueues the extraction of memories from the message, and the
 * title of the conversation. Safe to run twice. Throws Unavailable, LIMIT_EXCEEDED, AttemptEnded, and whatever else a Model throws.
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
    await completeReply(deps, task, job, request, {
      ...end,
      latencyMs: Math.round(performance.now() - startedAt),
    });
  } finally {
    // If writing has failed, the model would otherwise continue.
    leaving.abort();
  }
}

/**
 * The user has read the text of a stopped reply, and may ask about it; also that of a reply that could not be written again, which still
 * has its duration, because it is whole.
 */
const IS_READ: Prisma.MessageWhereInput = {
  OR: [{ status: { in: ['COMPLETE', 'CANCELLED'] } }, { status: 'FAILED', latencyMs: { not: null } }],
};
/** A tool's result may be in another column, as JSON. */
const HAS_CONTENT: Prisma.MessageWhereInput = { OR: [{ content: { not: '' } }, { role: 'TOOL' }] };

/** Loads the question, its conversation and the earlier messages. Throws AttemptEnded if the reply or the question was deleted. */
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
      AND: [IS_READ, HAS_CONTENT],
    },
    orderBy: { sequence: 'desc' },
    take: replying.maxContextMessages,
  });
  const earlier = await withExactJson(prisma, 'messages', newest.reverse());
  return { reply, question, conversation, earlier };
}

/** Completes the reply and its job in one transaction. Throws AttemptEnded. */
function completeReply(
  deps: Deps,
  { replyId, userMessageId }: ReplyTask,
  job: RunningJob,
  { conversation, question }: { conversation: Conversation; question: Message },
  { citations, ...figures }: DraftEnd & { latencyMs: number },
): Promise<void> {
  return job.finish(async (change) => {
    const { tx, publish, changed, emit } = change;
    const { tokensInput, tokensOutput } = figures;
    const updateNumber = await takeUpdateNumber(change, conversation.id, {
      tokensInput: { increment: tokensInput ?? 0 },
      tokensOutput: { increment: tokensOutput ?? 0 },
      updatedAt: deps.now(),
    });
    const { count } = await tx.message.updateMany({
      where: { id: replyId, status: 'STREAMING' },
      data: { status: 'COMPLETE', citations, updateNumber, ...figures },
    });
    if (count === 0) throw new AttemptEnded('targetGone');
    await discardReplaced(tx, replyId);
    publish(replyChannel(replyId));
    changed({ ownerId: deps.actor.userId, type: 'CONVERSATION', id: conversation.id });
    emit(
      replyFinished({ id: replyId, ownerId: deps.actor.userId, conversationId: conversation.id, status: 'COMPLETE' }),
    );
    if (isExtractionEnabled(deps.replying, conversation) || asksToForget(question)) {
      const subject = { type: 'Message', id: userMessageId };
      const payload = { messageId: userMessageId };
      await enqueue(change, deps, { kind: 'EXTRACT_MEMORIES', subject, payload });
    }
    if (deps.model && lacksModelTitle(conversation)) {
      const subject = { type: 'Conversation', id: conversation.id };
      const payload = { conversationId: conversation.id, userMessageId, replyId };
      await enqueue(change, deps, { kind: 'TITLE_CONVERSATION', subject, payload });
    }
    return undefined;
  });
}
