import { checkPageSize } from '#domain/core/paging.ts';
import * as memories from '#domain/search/memory-search.ts';
import * as messages from '#domain/search/message-search.ts';
import * as transcripts from '#domain/search/transcript-search.ts';
import { episodeById } from '#loaders/episodes.ts';
import { memoryById } from '#loaders/memories.ts';
import { messageById } from '#loaders/messages.ts';
import { segmentById } from '#loaders/transcript-segments.ts';
import type { Context } from './context.ts';
import { optionalRowId } from './global-ids.ts';
import { type MemoryFilterInput, memoryFilter } from './memories.ts';

export const DEFAULT_MATCHES = { memories: 10, messages: 20, transcripts: 20 };

type Asked = { query: string; first?: number | null | undefined };

export async function searchMessages(
  _root: unknown,
  {
    query,
    conversationId,
    archived,
    first,
  }: Asked & { conversationId?: string | null | undefined; archived?: boolean | null | undefined },
  { deps, load }: Context,
) {
  const { hits } = await messages.searchMessages(deps, {
    query,
    conversationId: optionalRowId(conversationId, 'Conversation', 'conversationId'),
    archived: archived ?? null,
    limit: checkPageSize('first', first ?? DEFAULT_MATCHES.messages),
  });
  return withRows(hits, async ({ messageId, ...hit }) => ({ ...hit, message: await load(messageById, messageId) }));
}

export async function searchMemories(
  _root: unknown,
  {
    query,
    filter,
    mode,
    first,
  }: Asked & { filter?: MemoryFilterInput | null | undefined; mode?: memories.SearchMode | null | undefined },
  { deps, load }: Context,
) {
  const { hits, ...result } = await memories.searchMemories(deps, {
    query,
    filter: memoryFilter(filter),
    mode: mode ?? 'HYBRID',
    limit: checkPageSize('first', first ?? DEFAULT_MATCHES.memories),
  });
  const matches = await withRows(hits, async ({ memoryId, ...hit }) => ({
    ...hit,
    memory: await load(memoryById, memoryId),
  }));
  return { ...result, matches };
}

export async function searchTranscripts(
  _root: unknown,
  { query, episodeId, first }: Asked & { episodeId?: string | null | undefined },
  { deps, load }: Context,
) {
  const { hits } = await transcripts.searchTranscripts(deps, {
    query,
    episodeId: optionalRowId(episodeId, 'Episode', 'episodeId'),
    limit: checkPageSize('first', first ?? DEFAULT_MATCHES.transcripts),
  });
  return withRows(hits, async ({ episodeId, segmentId, ...hit }) => {
    const [episode, segment] = await Promise.all([load(episodeById, episodeId), load(segmentById, segmentId)]);
    return { ...hit, episode, segment };
  });
}

/** Hits with their rows; without those whose rows were deleted since. */
async function withRows<Hit, Match extends object>(
  hits: readonly Hit[],
  read: (hit: Hit) => Promise<Match>,
): Promise<{ [Field in keyof Match]: NonNullable<Match[Field]> }[]> {
  const matches = await Promise.all(hits.map(read));
  return matches.filter((match) => Object.values(match).every((value) => value !== null)) as never;
}
