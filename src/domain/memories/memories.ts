import { pickChangedColumns } from '#domain/core/changed-columns.ts';
import type { Deps } from '#domain/core/deps.ts';
import { NotFound } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { withExactJsonOf, writeMetadata } from '#domain/core/json-columns.ts';
import type { NewJob } from '#domain/core/new-job.ts';
import { jsonColumn, type Tx } from '#domain/core/transaction.ts';
import { checkFraction } from '#domain/core/validation.ts';
import { write, writeAndLoad } from '#domain/core/write.ts';
import type { Memory } from '#generated/prisma/client.ts';
import type { MemoryKind } from '#generated/prisma/enums.ts';
import { forgetMessages } from './forgetting.ts';
import { minHashSignature } from './minhash.ts';
import type { NewMemory } from './new-memory.ts';
import { assertExpiresInFuture, assertOwnMemories, checkContent, checkMemory, resolveSource } from './new-memory.ts';
import { checkTags } from './tags.ts';
import { acquireOwnerLock, deleteEmbedding, upsertMemory } from './upsert.ts';

/** A change of a memory; omitted fields stay unchanged. */
export type MemoryChange = WithIdempotencyKey & {
  memoryId: string;
  content?: string | null | undefined;
  kind?: MemoryKind | null | undefined;
  tags?: readonly string[] | null | undefined;
  importance?: number | null | undefined;
  expiresAt?: Date | null | undefined;
  metadata?: unknown;
};

/**
 * Saves a memory, or refreshes the one that says the same (`upsertMemory`). Safe to repeat with the same idempotency key. Throws
 * BadUserInput, NotFound (message, conversation, superseded memory), IdempotencyConflict.
 */
export async function saveMemory(
  deps: Deps,
  { idempotencyKey, ...input }: NewMemory,
): Promise<{ memory: Memory; merged: boolean; supersededIds: string[] }> {
  const { supersedes, ...memory } = checkMemory(input);
  return writeAndLoad(deps, {
    action: 'memory.save',
    once: { key: idempotencyKey, input },
    async run({ about, enqueue, ...change }) {
      const { tx } = change;
      assertExpiresInFuture(deps, memory);
      await acquireOwnerLock(tx, deps.actor.userId);
      const source = await resolveSource(tx, deps, memory);
      await assertOwnMemories(tx, deps, supersedes);
      const saved = await upsertMemory(change, deps, { ...memory, ...source }, supersedes);
      about({ type: 'Memory', id: saved.id }, { kind: memory.kind, merged: saved.merged });
      if (saved.contentChanged) await enqueueEmbedding(deps, enqueue, saved.id);
      return { id: saved.id, merged: saved.merged };
    },
    what: 'memory',
    load: async ({ id, merged }, tx) => {
      const saved = await findOwnMemory(tx, deps, id);
      return saved && { memory: saved, merged, supersededIds: supersedes };
    },
  });
}

/**
 * Changes the given fields. A null expiresAt or metadata clears it; a value equal to the present one changes nothing. Safe to repeat with
 * the same idempotency key. Throws BadUserInput, NotFound, IdempotencyConflict.
 */
export async function updateMemory(deps: Deps, { idempotencyKey, ...change }: MemoryChange): Promise<Memory> {
  const { memoryId: id } = change;
  const columns = {
    ...(change.content == null ? {} : contentColumns(deps, change.content)),
    ...(change.kind == null ? {} : { kind: change.kind }),
    ...(change.tags == null ? {} : { tags: checkTags('input.tags', change.tags) }),
    ...(change.importance == null ? {} : { importance: checkFraction('input.importance', change.importance) }),
    ...(change.expiresAt === undefined ? {} : { expiresAt: change.expiresAt, endedReason: null }),
    ...(change.metadata === undefined ? {} : { metadata: jsonColumn(change.metadata) }),
  };
  return writeAndLoad(deps, {
    action: 'memory.update',
    once: { key: idempotencyKey, input: change },
    async run({ tx, about, enqueue, changed }) {
      await acquireOwnerLock(tx, deps.actor.userId);
      const memory = await findOwnMemory(tx, deps, id);
      if (!memory) throw new NotFound('memory');
      const data = pickChangedColumns(memory, columns);
      if (Object.keys(data).length === 0) return;
      const { metadata, ...others } = data;
      await tx.memory.update({ where: { id }, data: { ...others, updatedAt: deps.now() } });
      await writeMetadata(tx, 'memories', id, metadata);
      about({ type: 'Memory', id }, { changed: Object.keys(data).filter((name) => name !== 'minhashSignature') });
      changed({ ...memory, type: 'MEMORY' });
      if (data.content !== undefined) {
        await deleteEmbedding(tx, id);
        await enqueueEmbedding(deps, enqueue, id);
      }
    },
    what: 'memory',
    load: (_, tx) => findOwnMemory(tx, deps, id),
  });
}

/**
 * Deletes a memory. Those that it had superseded become active again, and the ids of those of them that have not ended are returned.
 * Replies no longer use the message that the memory was learned from, and nothing is learned from that message again. Safe to repeat with
 * the same idempotency key. Throws NotFound, IdempotencyConflict.
 */
export async function deleteMemory(
  deps: Deps,
  { memoryId: id, idempotencyKey }: WithIdempotencyKey & { memoryId: string },
): Promise<string[]> {
  return write(deps, {
    action: 'memory.delete',
    once: { key: idempotencyKey, input: { memoryId: id } },
    async run({ tx, about, changed }) {
      const ownerId = deps.actor.userId;
      await acquireOwnerLock(tx, ownerId);
      const memory = await findOwnMemory(tx, deps, id);
      if (!memory) throw new NotFound('memory');
      const superseded = await tx.memory.findMany({ where: { supersededById: id, ownerId } });
      if (memory.sourceMessageId) await forgetMessages(tx, deps, [memory.sourceMessageId]);
      await tx.memory.deleteMany({ where: { id, ownerId } });
      about({ type: 'Memory', id });
      changed({ ownerId, type: 'MEMORY', id, deleted: true });
      for (const other of superseded) changed({ ownerId, type: 'MEMORY', id: other.id });
      return superseded.filter((memory) => !hasEnded(deps, memory)).map((memory) => memory.id);
    },
  });
}

/**
 * Reactivates a memory that was superseded, has ended or has expired; its successor is left as it is. An active memory stays unchanged.
 * Safe to repeat with the same idempotency key. Throws NotFound, IdempotencyConflict.
 */
export async function restoreMemory(
  deps: Deps,
  { memoryId: id, idempotencyKey }: WithIdempotencyKey & { memoryId: string },
): Promise<Memory> {
  return writeAndLoad(deps, {
    action: 'memory.restore',
    once: { key: idempotencyKey, input: { memoryId: id } },
    async run({ tx, about, changed }) {
      await acquireOwnerLock(tx, deps.actor.userId);
      const memory = await findOwnMemory(tx, deps, id);
      if (!memory) throw new NotFound('memory');
      const ended = hasEnded(deps, memory);
      if (!ended && !memory.supersededById) return;
      const data = { supersededById: null, ...(ended ? { expiresAt: null, endedReason: null } : {}) };
      await tx.memory.update({ where: { id }, data: { ...data, updatedAt: deps.now() } });
      about({ type: 'Memory', id }, { changed: Object.keys(data) });
      changed({ ...memory, type: 'MEMORY' });
    },
    what: 'memory',
    load: (_, tx) => findOwnMemory(tx, deps, id),
  });
}

const hasEnded = ({ now }: Deps, { expiresAt }: Memory) => expiresAt !== null && expiresAt <= now();

async function findOwnMemory(
  db: Pick<Tx, 'memory' | '$queryRawUnsafe'>,
  { actor }: Deps,
  id: string,
): Promise<Memory | null> {
  return withExactJsonOf(db, 'memories', await db.memory.findFirst({ where: { id, ownerId: actor.userId } }));
}

/** Records that a reply uses these memories of the actor. Logs errors instead of throwing them, because no reply should fail for this. */
export async function markRecalled({ database, actor, now, log }: Deps, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await database.prisma.memory
    .updateMany({ where: { id: { in: [...ids] }, ownerId: actor.userId }, data: { lastRecalledAt: now() } })
    .catch((error: unknown) => log.warn({ err: error }, 'cannot note which memories were recalled'));
}

/** Enqueues the job that embeds a memory; does nothing if no embedder is configured. */
export async function enqueueEmbedding(
  { embedder }: Deps,
  enqueue: (job: NewJob) => Promise<unknown>,
  memoryId: string,
): Promise<void> {
  if (!embedder) return;
  await enqueue({ kind: 'EMBED_MEMORIES', subject: { type: 'Memory', id: memoryId }, payload: { memoryId } });
}

function contentColumns({ actor }: Deps, content: string) {
  return { content: checkContent(content), minhashSignature: minHashSignature(actor.userId, content) };
}
