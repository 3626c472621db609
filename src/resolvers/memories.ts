import type { PageArgs } from '#domain/core/paging.ts';
import { checkMemoryFilter, type MemoryFilter } from '#domain/memories/filter.ts';
import * as memories from '#domain/memories/memories.ts';
import type { NewMemory } from '#domain/memories/new-memory.ts';
import type { Memory } from '#generated/prisma/client.ts';
import type { MemoryKind } from '#generated/prisma/enums.ts';
import { conversationById } from '#loaders/conversations.ts';
import { memoriesOfUser, memoryById } from '#loaders/memories.ts';
import { messageById } from '#loaders/messages.ts';
import { userById } from '#loaders/users.ts';
import { connection } from './connections.ts';
import type { Context } from './context.ts';
import { existing } from './existing.ts';
import { optionalRowId, rowId } from './global-ids.ts';

export type MemoryFilterInput = {
  kinds?: readonly MemoryKind[] | null | undefined;
  tagsAll?: readonly string[] | null | undefined;
  tagsAny?: readonly string[] | null | undefined;
  conversationId?: string | null | undefined;
  includeExpired?: boolean | null | undefined;
  includeSuperseded?: boolean | null | undefined;
};

/** The input `filter` of a field as the domain has it. Throws BadUserInput. */
export function memoryFilter(filter: MemoryFilterInput | null | undefined): MemoryFilter {
  const asked = {
    kinds: filter?.kinds ?? null,
    tagsAll: filter?.tagsAll ?? null,
    tagsAny: filter?.tagsAny ?? null,
    conversationId: optionalRowId(filter?.conversationId, 'Conversation', 'filter.conversationId'),
    includeExpired: filter?.includeExpired ?? false,
    includeSuperseded: filter?.includeSuperseded ?? false,
  };
  return checkMemoryFilter(asked);
}

export function memoryList(
  _root: unknown,
  { filter, ...page }: PageArgs & { filter?: MemoryFilterInput | null | undefined },
  ctx: Context,
) {
  return connection(ctx, memoriesOfUser, { parentId: ctx.deps.actor.userId, filter: memoryFilter(filter) }, page);
}

export const owner = (row: Memory, _args: unknown, { load }: Context) => existing(load(userById, row.ownerId));
export const sourceMessage = (row: Memory, _args: unknown, { load }: Context) =>
  row.sourceMessageId ? load(messageById, row.sourceMessageId) : null;
export const conversation = (row: Memory, _args: unknown, { load }: Context) =>
  row.conversationId ? load(conversationById, row.conversationId) : null;
export const supersededBy = (row: Memory, _args: unknown, { load }: Context) =>
  row.supersededById ? load(memoryById, row.supersededById) : null;

type Input<T> = { input: T };

export async function saveMemory(_root: unknown, { input }: Input<NewMemory>, { deps }: Context) {
  return memories.saveMemory(deps, {
    ...input,
    sourceMessageId: optionalRowId(input.sourceMessageId, 'Message', 'input.sourceMessageId'),
    conversationId: optionalRowId(input.conversationId, 'Conversation', 'input.conversationId'),
    supersedes: input.supersedes?.map((id, index) => rowId(id, 'Memory', `input.supersedes.${index}`)),
  });
}

export async function updateMemory(
  _root: unknown,
  { input: { id, ...input } }: Input<Omit<memories.MemoryChange, 'memoryId'> & { id: string }>,
  { deps }: Context,
) {
  return { memory: await memories.updateMemory(deps, { ...input, memoryId: rowId(id, 'Memory') }) };
}

export async function deleteMemory(_root: unknown, { input: { id } }: Input<{ id: string }>, { deps }: Context) {
  await memories.deleteMemory(deps, { memoryId: rowId(id, 'Memory') });
  return { deletedId: id };
}
