import * as memories from '#domain/search/memory-search.ts';
import * as messages from '#domain/search/message-search.ts';
import { searchPage } from '#domain/search/page.ts';
import type { SearchMode } from '#domain/search/search-result.ts';
import * as transcripts from '#domain/search/transcript-search.ts';
import { episodeById } from '#loaders/episodes.ts';
import { memoryById } from '#loaders/memories.ts';
import { messageById } from '#loaders/messages.ts';
import { segmentById } from '#loaders/transcript-segments.ts';
import type { Context } from './context.ts';
import { optionalRowId } from './global-ids.ts';
import { holdUntilNextExpiry, type MemoryFilterInput, memoryFilter } from './memories.ts';

/** How many matches a page has where `first` is not given. */
export const DEFAULT_MATCHES = { memories: 10, messages: 20, transcripts: 20 };

type SearchArgs = { query: string; first?: number | null | undefined; offset?: number | null | undefined };
type MessageArgs = SearchArgs & { conversationId?: string | null | undefined; archived?: boolean | null | undefined };
type MemoryArgs = SearchArgs & { filter?: MemoryFilterInput | null | undefined; mode?: SearchMode | null | undefined };
type TranscriptArgs = SearchArgs & { episodeId?: string | null | undefined };

/** Searches the viewer's messages. Throws BadUserInput. */
export async function searchMessages(
  _root: unknown,
  { query, conversationId, archived, first, offset }: MessageArgs,
  { deps, load }: Context,
) {
  const { hits, ...result } = await messages.searchMessages(deps, {
    query,
    conversationId: optionalRowId(conversationId, 'Conversation', 'conversationId'),
    archived: archived ?? null,
    ...searchPage(first ?? DEFAULT_MATCHES.messages, offset ?? 0),
  });
  const matches = await withRows(hits, async ({ messageId, ...hit }) => {
    return { ...hit, message: await load(messageById, messageId) };
  });
  return { ...result, matches };
}

/** Searches the viewer's memories. Throws BadUserInput, and Unavailable where a search by meaning alone cannot be had. */
export async function searchMemories(_root: unknown, { query, filter, mode, first, offset }: MemoryArgs, ctx: Context) {
  const { deps, load } = ctx;
  await holdUntilNextExpiry(ctx);
  const { hits, isPassing, ...result } = await memories.searchMemories(deps, {
    query,
    filter: memoryFilter(filter),
    mode: mode ?? 'HYBRID',
    ...searchPage(first ?? DEFAULT_MATCHES.memories, offset ?? 0),
  });
  if (isPassing) load.lifetime?.end();
  const matches = await withRows(hits, async ({ memoryId, ...hit }) => {
    return { ...hit, memory: await load(memoryById, memoryId) };
  });
  return { ...result, matches };
}

/** Searches the transcripts of the viewer's episodes. Throws BadUserInput. */
export async function searchTranscripts(
  _root: unknown,
  { query, episodeId, first, offset }: TranscriptArgs,
  { deps, load }: Context,
) {
  const { hits, ...result } = await transcripts.searchTranscripts(deps, {
    query,
    episodeId: optionalRowId(episodeId, 'Episode', 'episodeId'),
    ...searchPage(first ?? DEFAULT_MATCHES.transcripts, offset ?? 0),
  });
  const matches = await withRows(hits, async ({ episodeId, segmentId, ...hit }) => {
    const [episode, segment] = await Promise.all([load(episodeById, episodeId), load(segmentById, segmentId)]);
    return { ...hit, episode, segment };
  });
  return { ...result, matches };
}

/** Returns hits with their rows, without those whose rows were deleted since. */
async function withRows<Hit, Match extends object>(
  hits: readonly Hit[],
  read: (hit: Hit) => Promise<Match>,
): Promise<{ [Field in keyof Match]: NonNullable<Match[Field]> }[]> {
  const matches = await Promise.all(hits.map(read));
  return matches.filter((match) => Object.values(match).every((value) => value !== null)) as never;
}
