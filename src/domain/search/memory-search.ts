import type { Deps } from '#domain/core/deps.ts';
import type { MemoryFilter } from '#domain/memories/filter.ts';
import { fuse } from './fusion.ts';
import { memories, memoryScope } from './memory-corpus.ts';
import type { MemoryHit } from './memory-hit.ts';
import type { Ranked } from './rank.ts';
import { type Search, search } from './search.ts';
import { type Similar, similarMemories } from './semantic.ts';

export type SearchMode = 'LEXICAL' | 'SEMANTIC' | 'HYBRID';
export type MemorySearch = { query: string; filter: MemoryFilter; mode: SearchMode; limit: number };

export type FoundMemories = { hits: MemoryHit[]; mode: SearchMode; found: boolean; tookMs: number };

/** So many of either list are fused: a row further down would not come to the top of both. */
const FUSED = 100;
/** So close (cosine) the best has to be. How close unrelated texts are depends on the model: 0.1 to 0.3 with many, more with some. */
const CLOSE = 0.4;

/**
 * The viewer's memories that answer a query, best first; none where nothing is close enough. `mode` is what ran: LEXICAL
 * where there is no embedder, and instead of HYBRID where it does not answer. Throws BadUserInput, and Unavailable where
 * it does not answer in mode SEMANTIC.
 */
export async function searchMemories(deps: Deps, { query, filter, mode, limit }: MemorySearch): Promise<FoundMemories> {
  const startedAt = performance.now();
  const byWords = mode === 'LEXICAL' || !deps.embedder;
  const [lexical, similar] = await Promise.all([
    search(deps, memories, memoryScope(deps, filter), {
      query,
      limit: byWords ? limit : mode === 'HYBRID' ? FUSED : 0,
    }),
    byWords ? null : similarMemories(deps, { query, filter, limit: FUSED, mustAnswer: mode === 'SEMANTIC' }),
  ]);
  const ran = similar ? mode : 'LEXICAL';
  const hits = hitsOf(ran, lexical, similar ?? []).slice(0, limit);
  return { hits, mode: ran, found: hits.length > 0, tookMs: performance.now() - startedAt };
}

function hitsOf(mode: SearchMode, lexical: Search, similar: readonly Similar[]): MemoryHit[] {
  const said = lexical.found ? lexical.hits : [];
  const meant = (similar[0]?.similarity ?? 0) >= CLOSE ? similar : [];
  if (mode === 'HYBRID') return fuse(said.map(bySaying), meant.map(byMeaning));
  return mode === 'LEXICAL' ? said.map(bySaying) : meant.map(byMeaning);

  function bySaying({ id, score, text, words, neighbours, raised, recency, importance }: Ranked): MemoryHit {
    const explanation = { lexical: (words + neighbours) * raised, words, neighbours, raised, recency, importance };
    return { memoryId: id, score, snippet: lexical.snippet(text), explanation };
  }
  function byMeaning({ memoryId, similarity, content }: Similar): MemoryHit {
    return { memoryId, score: similarity, snippet: lexical.snippet(content), explanation: { semantic: similarity } };
  }
}
