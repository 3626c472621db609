import type { Deps } from '#domain/core/deps.ts';
import type { MemoryFilter } from '#domain/memories/filter.ts';
import { fuse } from './fusion.ts';
import { memories, memoryScope } from './memory-corpus.ts';
import { depthOf, type SearchPage, slicePage } from './page.ts';
import type { Ranked } from './rank.ts';
import { type LexicalSearch, search } from './search.ts';
import type { MemoryHit, Passing, SearchMode, SearchResult } from './search-result.ts';
import { findSimilarMemories, type SimilarMemory } from './semantic.ts';

export type MemorySearch = SearchPage & { query: string; filter: MemoryFilter; mode: SearchMode };

/** How many of either ranking are fused, whatever page is asked for: what stands further down would not come to the top of both. */
export const FUSION_DEPTH = 100;

/**
 * The least cosine that the closest memory has to have. How close unrelated texts are depends on the model: 0.1 to 0.3 with many,
 * more with some.
 */
const MIN_SIMILARITY = 0.4;

/**
 * Searches the viewer's memories. Where `found` is false the hits are the nearest ones by words, though none is close. `mode` is
 * what ran: LEXICAL where there is no embedder, and instead of HYBRID where it does not answer. Throws BadUserInput, and
 * Unavailable where the embedder does not answer in mode SEMANTIC.
 */
export async function searchMemories(
  deps: Deps,
  { query, filter, mode, ...page }: MemorySearch,
): Promise<SearchResult<MemoryHit> & Passing> {
  const startedAt = performance.now();
  const depth = depthOf(page);
  const wordsOnly = mode === 'LEXICAL' || !deps.embedder;
  const lexicalDepth = wordsOnly ? depth : mode === 'HYBRID' ? Math.max(FUSION_DEPTH, depth) : 0;
  const limit = mode === 'HYBRID' ? FUSION_DEPTH : depth;
  const [lexical, similar] = await Promise.all([
    search(deps, memories, memoryScope(deps, filter), { query, depth: lexicalDepth }),
    wordsOnly ? null : findSimilarMemories(deps, { query, filter, limit, required: mode === 'SEMANTIC' }),
  ]);
  const ran = similar ? mode : 'LEXICAL';
  const close = (similar?.[0]?.similarity ?? 0) >= MIN_SIMILARITY ? (similar ?? []) : [];
  const ranking = rankBy(ran, lexical, close);
  const onPage = slicePage(ranking, page).map((hit) => ({ ...hit, id: hit.memoryId }));
  const hits = (await lexical.highlight(onPage)).map(({ id: _, ...hit }) => hit);
  return {
    hits,
    mode: ran,
    found: lexical.found || close.length > 0,
    features: lexical.features,
    isPassing: lexical.namesTime || (!wordsOnly && ran !== mode),
    tookMs: performance.now() - startedAt,
  };
}

type RankedMemory = Pick<MemoryHit, 'memoryId' | 'score' | 'explanation'>;

/** Returns the ranking of a mode, as far as it goes. What shares words alone, and not enough, is not mixed with what means the same. */
function rankBy(mode: SearchMode, lexical: LexicalSearch, close: readonly SimilarMemory[]): RankedMemory[] {
  const byWords = lexical.ranking.map(explainWords);
  const byMeaning = close.map(explainMeaning);
  if (mode === 'LEXICAL') return byWords;
  if (mode === 'SEMANTIC') return byMeaning;
  return fuse(lexical.found || close.length === 0 ? byWords.slice(0, FUSION_DEPTH) : [], byMeaning);
}

function explainWords({ id, score, words, neighbours, boost, recency, importance }: Ranked): RankedMemory {
  const explanation = { lexical: (words + neighbours) * boost, words, neighbours, boost, recency, importance };
  return { memoryId: id, score, explanation };
}

function explainMeaning({ memoryId, similarity }: SimilarMemory): RankedMemory {
  return { memoryId, score: similarity, explanation: { lexical: 0, semantic: similarity } };
}
