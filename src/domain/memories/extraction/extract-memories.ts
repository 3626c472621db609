import type { Deps } from '#domain/core/deps.ts';
import { enqueue } from '#domain/core/enqueue.ts';
import type { Json, Tx } from '#domain/core/transaction.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import { enqueueEmbedding } from '#domain/memories/memories.ts';
import { keepMessage } from '#domain/memories/new-memory.ts';
import { checkTags } from '#domain/memories/tags.ts';
import { acquireOwnerLock, upsertMemory } from '#domain/memories/upsert.ts';
import type { Message } from '#generated/prisma/client.ts';
import { extractByModel } from './extract-by-model.ts';
import { extractByRules } from './extract-by-rules.ts';
import type { ExtractedMemory } from './extracted-memory.ts';
import { isExtractionEnabled } from './opt-out.ts';

/** Characters that are read of a message: what is longer was pasted, and says little of who pasted it. */
const MAX_READ = 20_000;

/**
 * Extracts memories from a user's message, by the model where there is one, else by rules; never from replies, or from what
 * was recalled for them. Its result counts the memories that are new and those that were known. May run twice with one effect.
 * Throws as a Model does.
 */
export async function extractMemories(
  deps: Deps,
  { messageId }: { messageId: string },
  job: RunningJob,
): Promise<void> {
  const message = await deps.database.prisma.message.findFirst({
    where: { id: messageId, ownerId: deps.actor.userId, role: 'USER' },
    include: { conversation: { select: { metadata: true } } },
  });
  if (!message || !isExtractionEnabled(deps.replying, message.conversation)) return;
  const extracted = await extract(deps, message, job.signal);
  await job.finish(async (tx, publish) => {
    const counts = { saved: 0, merged: 0 };
    await acquireOwnerLock(tx, deps.actor.userId);
    if (!(await keepMessage(tx, message.id, deps.actor.userId))) return counts;
    for (const memory of extracted) {
      const saved = await saveExtracted(tx, deps, message, memory);
      if (!saved) continue;
      counts[saved.merged ? 'merged' : 'saved'] += 1;
      if (saved.contentChanged) await enqueueEmbedding(deps, (next) => enqueue(tx, deps, next, publish), saved.id);
    }
    return counts satisfies Json;
  });
}

async function extract(
  { model, log }: Deps,
  { content, sentAt }: Message,
  signal: AbortSignal,
): Promise<ExtractedMemory[]> {
  const text = content.slice(0, MAX_READ).toWellFormed();
  const extracted = model && (await extractByModel(model, text, sentAt, signal));
  if (model && !extracted)
    log.info('the model was asked for memories and answered something else; rules take its place');
  return extracted ?? extractByRules(text, sentAt);
}

/**
 * Saves an extracted memory. Null where its topic has a newer one already: messages may be read in another order than they
 * were sent.
 */
async function saveExtracted(tx: Tx, deps: Deps, message: Message, { topic, ...memory }: ExtractedMemory) {
  const ownerId = deps.actor.userId;
  const others = { ownerId, topic, supersededById: null };
  if (topic && (await tx.memory.count({ where: { ...others, sourceMessage: { sentAt: { gt: message.sentAt } } } })) > 0)
    return null;
  const saved = await upsertMemory(tx, deps, {
    ...memory,
    tags: checkTags('tags', memory.tags),
    topic,
    sourceMessageId: message.id,
    conversationId: message.conversationId,
    expiresAt: null,
    metadata: null,
  });
  if (topic) {
    const data = { supersededById: saved.id, updatedAt: deps.now() };
    await tx.memory.updateMany({ where: { ...others, id: { not: saved.id } }, data });
  }
  return saved;
}
