import type { Deps } from '#domain/core/deps.ts';
import { visitInSlices } from '#domain/core/time-slices.ts';
import type { TransactionChange, Tx } from '#domain/core/transaction.ts';
import { forgetAllMessages, forgetMessages } from '#domain/memories/forgetting.ts';
import { isSameStatement } from '#domain/memories/same-statement.ts';
import { checkTags } from '#domain/memories/tags.ts';
import { type SavedMemory, upsertMemory } from '#domain/memories/upsert.ts';
import type { Message } from '#generated/prisma/client.ts';
import type { ExtractedMemory } from './extracted-memory.ts';
import { type Fact, isAbout, searchText } from './fact.ts';
import { findMemoriesById, findRelatedMemories, findRelatedMessages, type RelatedMemory } from './related.ts';
import { isRequestOrQuestion, readSentences, splitSentences } from './sentences.ts';
import type { MemoryIds } from './statement.ts';

/**
 * Saves what a message tells, and supersedes what it replaces. Returns null if something newer is known about that: messages may be
 * processed in another order than they were sent.
 */
export async function learn(
  change: TransactionChange,
  deps: Deps,
  message: Message,
  { topic: ownTopic, ...memory }: ExtractedMemory,
  replaced: readonly RelatedMemory[],
): Promise<SavedMemory | null> {
  const { tx, changed } = change;
  const ownerId = deps.actor.userId;
  const others = replaced.filter(({ isActive, content }) => isActive && !isSameStatement(content, memory.content));
  if (others.some(({ saidAt }) => saidAt > message.sentAt)) return null;
  const topic = ownTopic ?? others.find((other) => other.topic !== null)?.topic ?? null;
  const ofTopic = { ownerId, topic, supersededById: null };
  if (
    topic &&
    (await tx.memory.count({ where: { ...ofTopic, sourceMessage: { sentAt: { gt: message.sentAt } } } })) > 0
  )
    return null;
  const { id: sourceMessageId, conversationId } = message;
  const checked = { ...memory, tags: checkTags('tags', memory.tags), topic, sourceMessageId, conversationId };
  const saved = await upsertMemory(
    change,
    deps,
    { ...checked, expiresAt: null, metadata: null },
    others.map(({ id }) => id),
  );
  if (topic) {
    const data = { supersededById: saved.id, updatedAt: deps.now() };
    const where = { ...ofTopic, id: { not: saved.id } };
    for (const { id } of await tx.memory.updateManyAndReturn({ where, data, select: { id: true } }))
      changed({ ownerId, type: 'MEMORY', id });
  }
  return saved;
}

/** Returns the actor's memories that are about a fact, or that have the given ids. */
export async function findMemoriesAbout(
  tx: Pick<Tx, '$queryRawUnsafe'>,
  deps: Deps,
  fact: Fact | MemoryIds,
): Promise<RelatedMemory[]> {
  if ('memoryIds' in fact) return findMemoriesById(tx, deps, fact.memoryIds);
  const related = await findRelatedMemories(tx, deps, { text: searchText(fact), topic: fact.topic });
  return related.filter((memory) => isAbout(fact, memory));
}

/** Ends those memories that are older than the message, and records the sentence as the reason. */
export async function end(
  { tx, changed }: TransactionChange,
  deps: Deps,
  message: Message,
  memories: readonly RelatedMemory[],
  sentence: string,
): Promise<void> {
  const ids = memories
    .filter(
      ({ isActive, saidAt, sourceMessageId }) => isActive && saidAt <= message.sentAt && sourceMessageId !== message.id,
    )
    .map(({ id }) => id);
  if (ids.length === 0) return;
  await tx.$executeRaw`
    UPDATE memories SET expires_at = now(), ended_reason = ${sentence}, updated_at = ${deps.now()} WHERE id = ANY(${ids}::uuid[])`;
  for (const id of ids) changed({ ownerId: deps.actor.userId, type: 'MEMORY', id });
}

/**
 * Deletes memories, and returns how many; those that they had superseded are ended. The messages that they were learned from are not used
 * again, nor is the message with the request.
 */
export async function forget(
  { tx, changed }: TransactionChange,
  deps: Deps,
  message: Message,
  memories: readonly RelatedMemory[],
): Promise<number> {
  const ownerId = deps.actor.userId;
  const older = memories.filter(({ saidAt }) => saidAt <= message.sentAt);
  const ids = older.map(({ id }) => id);
  await forgetMessages(tx, deps, [message.id, ...older.flatMap(({ sourceMessageId }) => sourceMessageId ?? [])]);
  const superseded = await tx.$queryRaw<{ id: string }[]>`
    UPDATE memories SET expires_at = now() WHERE superseded_by_id = ANY(${ids}::uuid[]) RETURNING id`;
  await tx.memory.deleteMany({ where: { id: { in: ids } } });
  for (const { id } of superseded) changed({ ownerId, type: 'MEMORY', id });
  for (const id of ids) changed({ ownerId, type: 'MEMORY', id, deleted: true });
  return ids.length;
}

/** Returns the ids of earlier messages that state a fact, apart from forgotten ones. */
export async function findMessagesAbout(
  tx: Pick<Tx, '$queryRawUnsafe'>,
  deps: Deps,
  { id: ownId, sentAt }: Pick<Message, 'id' | 'sentAt'>,
  fact: Fact,
): Promise<string[]> {
  const related = await findRelatedMessages(tx, deps, { text: searchText(fact), before: sentAt });
  const messageIds: string[] = [];
  await visitInSlices(related, ({ id, content }) => {
    const sentences = splitSentences(content).filter((sentence) => !isRequestOrQuestion(sentence));
    if (id !== ownId && sentences.flatMap(readSentences).some((statement) => isAbout(fact, statement)))
      messageIds.push(id);
  });
  return messageIds;
}

/**
 * Deletes all memories of the actor that are older than a message, and returns how many. Marks everything that they said until then as
 * forgotten.
 */
export async function forgetAll(change: TransactionChange, deps: Deps, message: Message): Promise<number> {
  const { tx, changed } = change;
  const ownerId = deps.actor.userId;
  await forgetAllMessages(tx, deps, message.sentAt);
  const deleted = await tx.$queryRaw<{ id: string }[]>`
    DELETE FROM memories m WHERE m.owner_id = ${ownerId}::uuid
      AND coalesce((SELECT s.sent_at FROM messages s WHERE s.id = m.source_message_id), m.created_at) <= ${message.sentAt}::timestamptz
    RETURNING m.id`;
  for (const { id } of deleted) changed({ ownerId, type: 'MEMORY', id, deleted: true });
  return deleted.length;
}
