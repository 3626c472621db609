import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { PageArgs } from '#domain/core/paging.ts';
import { startExtraction } from '#domain/memories/extraction/start-extraction.ts';
import { checkMemoryFilter, type MemoryFilter } from '#domain/memories/filter.ts';
import * as domain from '#domain/memories/memories.ts';
import type { NewMemory } from '#domain/memories/new-memory.ts';
import type { Memory } from '#generated/prisma/client.ts';
import type { MemoryKind } from '#generated/prisma/enums.ts';
import { conversationById } from '#loaders/conversations.ts';
import { type MemoryOrder, memoriesOfUser, memoryById, memoryOrders, nextMemoryExpiry } from '#loaders/memories.ts';
import { messageById } from '#loaders/messages.ts';
import { userById } from '#loaders/users.ts';
import { connection, edgeIn } from './connections.ts';
import type { Context } from './context.ts';
import { existing } from './existing.ts';
import { optionalRowId, rowId } from './global-ids.ts';

export type MemoryFilterInput = {
  kinds?: readonly MemoryKind[] | null | undefined;
  tagsAll?: readonly string[] | null | undefined;
  tagsAny?: readonly string[] | null | undefined;
  conversationId?: string | null | undefined;
  contentContains?: string | null | undefined;
  includeExpired?: boolean | null | undefined;
  includeSuperseded?: boolean | null | undefined;
};

/** The input `filter` of a field as the domain has it. Throws BadUserInput. */
export function memoryFilter(filter: MemoryFilterInput | null | undefined): MemoryFilter {
  const searchFilter = {
    kinds: filter?.kinds ?? null,
    tagsAll: filter?.tagsAll ?? null,
    tagsAny: filter?.tagsAny ?? null,
    conversationId: optionalRowId(filter?.conversationId, 'Conversation', 'filter.conversationId'),
    contentContains: filter?.contentContains ?? null,
    includeExpired: filter?.includeExpired ?? false,
    includeSuperseded: filter?.includeSuperseded ?? false,
  };
  return checkMemoryFilter(searchFilter);
}

/**
 * Says until when an answer about memories holds, where it may be kept. Before they are read: one that expires in between is then
 * the next to expire.
 */
export async function holdUntilNextExpiry({ load }: Context): Promise<void> {
  if (load.lifetime) load.lifetime.endAt(await load(nextMemoryExpiry, null));
}

/** Returns a page of the viewer's memories. */
export async function memories(
  _root: unknown,
  {
    filter,
    orderBy,
    ...page
  }: PageArgs & { filter?: MemoryFilterInput | null | undefined; orderBy?: MemoryOrder | null | undefined },
  ctx: Context,
) {
  const listFilter = { ...memoryFilter(filter), orderBy: orderBy ?? 'CREATED_DESC' };
  await holdUntilNextExpiry(ctx);
  return connection(ctx, memoriesOfUser, { parentId: ctx.deps.actor.userId, filter: listFilter }, page);
}

/** Returns the memory of a payload at its position among the viewer's. */
export const memoryEdge = ({ memory }: { memory: Memory }, _args: unknown, ctx: Context) =>
  edgeIn(ctx, memoryOrders.CREATED_DESC, memory);

/** Returns the user whose memory it is. */
export const owner = (row: Memory, _args: unknown, { load }: Context) => existing(load(userById, row.ownerId));

/** Returns the message that a memory was learned from; null where there is none. */
export const sourceMessage = (row: Memory, _args: unknown, { load }: Context) =>
  row.sourceMessageId ? load(messageById, row.sourceMessageId) : null;

/** Returns the conversation that a memory was learned in; null where there is none. */
export const conversation = (row: Memory, _args: unknown, { load }: Context) =>
  row.conversationId ? load(conversationById, row.conversationId) : null;

/** Returns the memory that has taken the place of another; null where none has. */
export const supersededBy = (row: Memory, _args: unknown, { load }: Context) =>
  row.supersededById ? load(memoryById, row.supersededById) : null;

type Input<T> = { input: T };

/** Returns the memory as it is now, and whether it was there before. */
export async function saveMemory(_root: unknown, { input }: Input<NewMemory>, { deps }: Context) {
  return domain.saveMemory(deps, {
    ...input,
    sourceMessageId: optionalRowId(input.sourceMessageId, 'Message', 'input.sourceMessageId'),
    conversationId: optionalRowId(input.conversationId, 'Conversation', 'input.conversationId'),
    supersedes: input.supersedes?.map((id, index) => rowId(id, 'Memory', `input.supersedes.${index}`)),
  });
}

/** Returns the memory as the change left it. */
export async function updateMemory(_root: unknown, { input }: Input<domain.MemoryChange>, { deps }: Context) {
  const memoryId = rowId(input.memoryId, 'Memory', 'input.memoryId');
  return { memory: await domain.updateMemory(deps, { ...input, memoryId }) };
}

type MemoryRef = WithIdempotencyKey & { memoryId: string };

/** Returns the memory that holds again. */
export async function restoreMemory(_root: unknown, { input }: Input<MemoryRef>, { deps }: Context) {
  const memoryId = rowId(input.memoryId, 'Memory', 'input.memoryId');
  return { memory: await domain.restoreMemory(deps, { ...input, memoryId }) };
}

/** Returns the id of the memory that is gone, and the ids of those that hold again. */
export async function deleteMemory(_root: unknown, { input }: Input<MemoryRef>, { deps }: Context) {
  const memoryId = rowId(input.memoryId, 'Memory', 'input.memoryId');
  return { deletedId: input.memoryId, restoredIds: await domain.deleteMemory(deps, { ...input, memoryId }) };
}

type MessageRef = WithIdempotencyKey & { messageId: string };

/** Returns the job that learns from a message. */
export async function extractMemories(_root: unknown, { input }: Input<MessageRef>, { deps }: Context) {
  const messageId = rowId(input.messageId, 'Message', 'input.messageId');
  return { job: await startExtraction(deps, { ...input, messageId }) };
}

/** Returns the memories whose place a saved one took. */
export const superseded = ({ supersededIds }: { supersededIds: readonly string[] }, _args: unknown, ctx: Context) =>
  existingMemories(ctx, supersededIds);

/** Returns the memories that hold again since another was deleted. */
export const restored = ({ restoredIds }: { restoredIds: readonly string[] }, _args: unknown, ctx: Context) =>
  existingMemories(ctx, restoredIds);

async function existingMemories({ load }: Context, ids: readonly string[]): Promise<Memory[]> {
  const found = await Promise.all(ids.map((id) => load(memoryById, id)));
  return found.filter((memory) => memory !== null);
}
