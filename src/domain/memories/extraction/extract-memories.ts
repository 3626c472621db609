import type { Deps } from '#domain/core/deps.ts';
import { enqueue } from '#domain/core/enqueue.ts';
import type { Json, TransactionChange } from '#domain/core/transaction.ts';
import { recordAudit } from '#domain/core/write.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import { forgetMessages, isForgotten } from '#domain/memories/forgetting.ts';
import { enqueueEmbedding } from '#domain/memories/memories.ts';
import { keepMessage } from '#domain/memories/new-memory.ts';
import { acquireOwnerLock } from '#domain/memories/upsert.ts';
import type { Message } from '#generated/prisma/client.ts';
import { end, findMemoriesAbout, forget, forgetAll, learn } from './apply-statements.ts';
import { extractByModel, MAX_KNOWN } from './extract-by-model.ts';
import { extractByRules, grammarOf } from './extract-by-rules.ts';
import type { Fact } from './fact.ts';
import { findForgotten } from './find-forgotten.ts';
import { removeOffRecord } from './off-record.ts';
import { isExtractionEnabled } from './opt-out.ts';
import { findRelatedMemories } from './related.ts';
import { isForgetting, type MemoryIds, type Statement } from './statement.ts';

/** How many characters of a message are read. Anything longer was pasted, and says little about the user. */
const MAX_READ = 20_000;
/** How many characters of a message are used to find the memories that the model is shown. */
const MAX_COMPARED = 2_000;

type Counts = { saved: number; merged: number; forgotten: number };

/**
 * Extracts memories from a user's message: by the model if there is one, else by rules. Replies, and what was recalled for them, are never
 * read. The job's result counts the memories that are new, were already known, or were deleted; deletions are also audited. Safe to run
 * twice. Throws what a Model throws.
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
  if (!message) return;
  const isEnabled = isExtractionEnabled(deps.replying, message.conversation);
  const statements = (await extract(deps, message, isEnabled, job.signal)).filter(
    (statement) => isEnabled || isForgetting(statement),
  );
  if (!isEnabled && statements.length === 0) return;
  await job.finish(async (change) => {
    const { tx } = change;
    const counts: Counts = { saved: 0, merged: 0, forgotten: 0 };
    await acquireOwnerLock(tx, deps.actor.userId);
    const kept = await keepMessage(tx, message.id, deps.actor.userId);
    // An edited message has another number, and what was read is not in it any more.
    if (kept?.sequence !== message.sequence || (await isForgotten(tx, message.id))) return counts;
    for (const statement of statements) await applyStatement(change, deps, message, statement, counts);
    const { forgotten } = counts;
    if (forgotten > 0)
      await recordAudit(tx, deps.actor, 'memory.forget', { type: 'Message', id: message.id }, { forgotten });
    return counts satisfies Json;
  });
  deps.auditSeals.wake();
}

/** Applies a statement of a message to the memories, and counts the result. */
async function applyStatement(
  change: TransactionChange,
  deps: Deps,
  message: Message,
  statement: Statement<Fact | MemoryIds>,
  counts: Counts,
): Promise<void> {
  const { tx } = change;
  if (statement.type === 'LEARN') {
    const { memory, replaces } = statement;
    const replaced = replaces ? await findMemoriesAbout(tx, deps, replaces) : [];
    const saved = await learn(change, deps, message, memory, replaced);
    if (!saved) return;
    counts[saved.merged ? 'merged' : 'saved'] += 1;
    if (saved.contentChanged) await enqueueEmbedding(deps, (next) => enqueue(change, deps, next), saved.id);
  } else if (statement.type === 'END') {
    await end(change, deps, message, await findMemoriesAbout(tx, deps, statement.fact), statement.sentence);
  } else counts.forgotten += await applyForgetting(change, deps, message, statement);
}

/** Returns how many memories were deleted. */
async function applyForgetting(
  change: TransactionChange,
  deps: Deps,
  message: Message,
  statement: Exclude<Statement<unknown>, { type: 'LEARN' | 'END' }>,
): Promise<number> {
  const { tx } = change;
  if (statement.type === 'FORGET_ALL') return forgetAll(change, deps, message);
  if (statement.type === 'WITHHOLD') {
    await forgetMessages(tx, deps, [message.id]);
    return 0;
  }
  const { memories, messageIds } = await findForgotten(tx, deps, message, statement);
  await forgetMessages(tx, deps, messageIds);
  return forget(change, deps, message, memories);
}

/**
 * Extracts by the model if there is one and extraction is enabled. What the rules recognize as ended or to be forgotten applies in any
 * case.
 */
async function extract(
  deps: Deps,
  { content, sentAt }: Message,
  isEnabled: boolean,
  signal: AbortSignal,
): Promise<Statement<Fact | MemoryIds>[]> {
  const { model, log } = deps;
  const text = content.slice(0, MAX_READ).toWellFormed();
  const byRules = extractByRules(text, sentAt);
  if (!model || !isEnabled) return byRules;
  const heard = byRules.some(({ type }) => type === 'WITHHOLD') ? removeOffRecord(text, grammarOf) : text;
  if (heard.trim() === '') return byRules;
  const beginning = heard.slice(0, MAX_COMPARED);
  const related = await findRelatedMemories(deps.database.prisma, deps, { text: beginning, topic: null });
  const known = related.filter(({ isActive }) => isActive).slice(0, MAX_KNOWN);
  const byModel = await extractByModel(model, { text: heard, writtenAt: sentAt, known }, signal);
  if (byModel) return [...byModel, ...byRules.filter(({ type }) => type !== 'LEARN')];
  log.info('the model was asked for memories and answered something else; rules take its place');
  return byRules;
}
