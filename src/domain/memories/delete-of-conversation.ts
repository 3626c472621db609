import type { Deps } from '#domain/core/deps.ts';
import type { TransactionChange } from '#domain/core/transaction.ts';
import { write } from '#domain/core/write.ts';
import type { Prisma } from '#generated/prisma/client.ts';
import { acquireOwnerLock } from './upsert.ts';

/** How many memories one transaction deletes at most. */
const SLICE_MEMORIES = 1_000;

/** The memories of a conversation, or only those whose source is one of its messages from a number on. */
type MemoriesOf = { conversationId: string; fromSequence?: number };

const whereOf = ({ actor }: Deps, { conversationId, fromSequence }: MemoriesOf): Prisma.MemoryWhereInput => ({
  conversationId,
  ownerId: actor.userId,
  ...(fromSequence === undefined ? {} : { sourceMessage: { is: { sequence: { gte: fromSequence } } } }),
});

/**
 * Deletes memories of the actor's conversation, 1,000 per transaction, until fewer are left. Each transaction is audited. Safe to
 * repeat, also after a crash. Does nothing for somebody else's conversation.
 */
export async function deleteMemoriesInSlices(deps: Deps, of: Pick<MemoriesOf, 'conversationId'>): Promise<void> {
  const { prisma } = deps.database;
  for (;;) {
    const rows = await prisma.memory.findMany({ where: whereOf(deps, of), select: { id: true }, take: SLICE_MEMORIES });
    if (rows.length < SLICE_MEMORIES) return;
    await write(deps, {
      action: 'conversation.delete-memories',
      async run({ about, ...change }) {
        const memories = await deleteSlice(change, deps, of);
        about({ type: 'Conversation', id: of.conversationId }, { memories });
      },
    });
  }
}

/** How many memories one transaction detaches at most: each is written anew, with what search reads of it. */
const DETACHED_MEMORIES = 250;

/**
 * Detaches memories from the actor's conversation, which is to be deleted, and from its messages: 250 per transaction, until fewer are
 * left. Each transaction is audited. Safe to repeat, also after a crash. Does nothing for somebody else's conversation.
 */
export async function detachMemoriesInSlices(
  deps: Deps,
  { conversationId }: Pick<MemoriesOf, 'conversationId'>,
): Promise<void> {
  const where = { conversationId, ownerId: deps.actor.userId };
  for (;;) {
    const left = await deps.database.prisma.memory.findMany({ where, select: { id: true }, take: DETACHED_MEMORIES });
    if (left.length < DETACHED_MEMORIES) return;
    await write(deps, {
      action: 'conversation.detach-memories',
      async run({ tx, about, changed }) {
        await acquireOwnerLock(tx, where.ownerId);
        const rows = await tx.memory.findMany({ where, select: { id: true }, take: DETACHED_MEMORIES });
        const ids = rows.map(({ id }) => id);
        await tx.memory.updateMany({
          where: { id: { in: ids } },
          data: { conversationId: null, sourceMessageId: null },
        });
        for (const id of ids) changed({ ownerId: where.ownerId, type: 'MEMORY', id });
        about({ type: 'Conversation', id: conversationId }, { memories: ids.length });
      },
    });
  }
}

/**
 * Deletes all these memories of the actor's conversation within a transaction, and returns their number. Memories of other conversations
 * that they had superseded become active again. Locks the owner's memories: a caller that locks the conversation first has called
 * `acquireOwnerLock` before that.
 */
export async function deleteMemoriesOf(change: TransactionChange, deps: Deps, of: MemoriesOf): Promise<number> {
  await acquireOwnerLock(change.tx, deps.actor.userId);
  for (let total = 0; ; ) {
    const deleted = await deleteSlice(change, deps, of);
    total += deleted;
    if (deleted < SLICE_MEMORIES) return total;
  }
}

/** Deletes the oldest first: what a later memory of the conversation has superseded does not become active in between. */
async function deleteSlice({ tx, changed }: TransactionChange, deps: Deps, of: MemoriesOf): Promise<number> {
  const ownerId = deps.actor.userId;
  await acquireOwnerLock(tx, ownerId);
  const where = whereOf(deps, of);
  const orderBy = [{ createdAt: 'asc' }, { id: 'asc' }] as const;
  const rows = await tx.memory.findMany({ where, orderBy: [...orderBy], take: SLICE_MEMORIES, select: { id: true } });
  const ids = rows.map(({ id }) => id);
  const restored = await tx.memory.findMany({
    where: { ownerId, supersededById: { in: ids }, id: { notIn: ids } },
    select: { id: true },
  });
  await tx.memory.deleteMany({ where: { ownerId, id: { in: ids } } });
  for (const id of ids) changed({ ownerId, type: 'MEMORY', id, deleted: true });
  for (const { id } of restored) changed({ ownerId, type: 'MEMORY', id });
  return ids.length;
}
