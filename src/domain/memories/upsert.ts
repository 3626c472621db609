import { v7 as uuidv7 } from 'uuid';
import type { Deps } from '#domain/core/deps.ts';
import { writeMetadata } from '#domain/core/json-columns.ts';
import { lockName } from '#domain/core/row-locks.ts';
import { visitInSlices } from '#domain/core/time-slices.ts';
import type { Json, TransactionChange, Tx } from '#domain/core/transaction.ts';
import type { Prisma } from '#generated/prisma/client.ts';
import type { MemoryKind } from '#generated/prisma/enums.ts';
import { minHashSignature } from './minhash.ts';
import { isSameStatement } from './same-statement.ts';
import { uniteTags } from './tags.ts';

/** A validated memory, to be saved for the actor. Null means "not given". */
export type CheckedMemory = {
  content: string;
  kind: MemoryKind;
  tags: string[];
  importance: number;
  topic: string | null;
  sourceMessageId: string | null;
  conversationId: string | null;
  expiresAt: Date | null;
  metadata: Json | null;
};

/** `contentChanged` tells whether the content is new, so that anything derived from the old content is stale. */
export type SavedMemory = { id: string; merged: boolean; contentChanged: boolean };

type Row = CheckedMemory & { ownerId: string; minhashSignature: number[] };
type Candidate = { id: string; content: string; tags: string[]; importance: number };

/**
 * How many memories are compared at most, those that share most of the signature first. A memory with nine tenths of the trigrams shares 7
 * of the 12 numbers on average; one with half of them, which is hardly a duplicate, shares a number with a probability of 32 %.
 */
const MAX_CANDIDATES = 20;

/**
 * Saves a memory, or refreshes the active one of the same kind that says the same, unless that is among `supersedes`. Then marks the
 * memories in `supersedes` as superseded by it. If two transactions save the same statement concurrently, the second finds the memory of
 * the first.
 */
export async function upsertMemory(
  { tx, changed }: TransactionChange,
  deps: Deps,
  memory: CheckedMemory,
  supersedes: readonly string[] = [],
): Promise<SavedMemory> {
  const ownerId = deps.actor.userId;
  await acquireOwnerLock(tx, ownerId);
  const row = { ...memory, ownerId, minhashSignature: minHashSignature(ownerId, memory.content) };
  const duplicate = await findNearDuplicate(tx, row, supersedes);
  const saved = duplicate ? await refresh(tx, deps, duplicate, row) : await insert(tx, row);
  await writeMetadata(tx, 'memories', saved.id, memory.metadata ?? undefined);
  if (supersedes.length > 0) {
    await tx.memory.updateMany({
      where: { ownerId, id: { in: [...supersedes] } },
      data: { supersededById: saved.id, updatedAt: deps.now() },
    });
  }
  for (const id of [saved.id, ...supersedes]) changed({ ownerId, type: 'MEMORY', id });
  return saved;
}

/**
 * Locks an owner's memories until the commit, which serializes all saves, changes and deletions. So a memory that was found to say the same
 * still does when it is refreshed.
 */
export async function acquireOwnerLock(tx: Tx, ownerId: string): Promise<void> {
  await lockName(tx, `parley:memories:${ownerId}`);
}

/**
 * Returns the active memory of the same kind that says the same: of those that share a number of the MinHash signature, the first that
 * differs only in function words, spelling, letter case and punctuation.
 */
async function findNearDuplicate(
  tx: Tx,
  { ownerId, content, kind, minhashSignature }: Row,
  supersedes: readonly string[],
): Promise<Candidate | undefined> {
  const candidates = await tx.$queryRaw<Candidate[]>`
    SELECT m.id, m.content, m.tags, m.importance FROM memories m
    WHERE m.minhash_signature && ${minhashSignature}::int[] AND m.owner_id = ${ownerId}::uuid
      AND m.kind = ${kind}::memory_kind AND m.superseded_by_id IS NULL AND m.id <> ALL(${supersedes}::uuid[])
      AND (m.expires_at IS NULL OR m.expires_at > now())
    ORDER BY (SELECT count(*) FROM unnest(m.minhash_signature) AS n WHERE n = ANY(${minhashSignature}::int[])) DESC,
      m.created_at DESC
    LIMIT ${MAX_CANDIDATES}`;
  let duplicate: Candidate | undefined;
  await visitInSlices(candidates, (candidate) => {
    if (!duplicate && isSameStatement(candidate.content, content)) duplicate = candidate;
  });
  return duplicate;
}

async function insert(tx: Tx, { metadata: _, ...row }: Row): Promise<SavedMemory> {
  const data = { id: uuidv7(), ...row };
  await tx.memory.create({ data, select: { id: true } });
  return { id: data.id, merged: false, contentChanged: true };
}

async function refresh(tx: Tx, { now }: Deps, duplicate: Candidate, row: Row): Promise<SavedMemory> {
  const { content, minhashSignature, topic, sourceMessageId, conversationId, expiresAt } = row;
  const data: Prisma.MemoryUncheckedUpdateInput = {
    content,
    minhashSignature,
    tags: uniteTags(row.tags, duplicate.tags),
    importance: Math.max(row.importance, duplicate.importance),
    updatedAt: now(),
    ...(topic === null ? {} : { topic }),
    // Set together, because the message belongs to the conversation.
    ...(conversationId === null ? {} : { sourceMessageId, conversationId }),
    ...(expiresAt === null ? {} : { expiresAt }),
  };
  await tx.memory.update({ where: { id: duplicate.id }, data, select: { id: true } });
  const contentChanged = content !== duplicate.content;
  if (contentChanged) await deleteEmbedding(tx, duplicate.id);
  return { id: duplicate.id, merged: true, contentChanged };
}

/** Deletes a memory's embedding, after its content has changed. */
export async function deleteEmbedding(tx: Tx, memoryId: string): Promise<void> {
  await tx.memoryEmbedding.deleteMany({ where: { memoryId } });
}
