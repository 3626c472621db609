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

/** How many hits of each ranking are fused, whatever page is requested: hits further down would not reach the top of the fused ranking. */
export const FUSION_DEPTH = 100;

/**
 * The minimum cosine similarity of the closest memory. The similarity of unrelated texts depends on the model: 0.1 to 0.3 for many, higher
 * for some.
 */
const MIN_SIMILARITY = 0.4;

/**
 * Searches the viewer's memories. If `found` is false, the hits are the nearest lexical ones, though none is close. `mode` is the mode that
 * was used: LEXICAL if there is no embedder, and instead of HYBRID while the embedder does not answer. Throws BadUserInput, and Unavailable
 * if the embedder does not answer in mode SEMANTIC.
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

/** Returns the ranking of a mode. Weak lexical hits are not mixed with close semantic ones. */
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
