import type { MatchExplanation } from './search-result.ts';

type Ranked = { memoryId: string; score: number; explanation: MatchExplanation };

/** The constant of reciprocal rank fusion, from Cormack, Clarke and Büttcher (SIGIR 2009). */
export const FUSION_CONSTANT = 60;

/**
 * Merges two rankings by reciprocal rank fusion: a hit's score is the sum of 1 / (60 + its rank) over the rankings that contain it, because
 * lexical and semantic scores are not comparable. Ties put lexical hits first. `explanation` combines both explanations, and has the ranks.
 */
export function fuse<Hit extends Ranked>(lexical: readonly Hit[], semantic: readonly Hit[]): Hit[] {
  const fused = new Map<string, Hit>();
  const add = (hits: readonly Hit[], rankName: 'lexicalRank' | 'semanticRank') => {
    for (const [index, hit] of hits.entries()) {
      const other = fused.get(hit.memoryId);
      const explanation = { ...hit.explanation, ...other?.explanation, [rankName]: index + 1 };
      fused.set(hit.memoryId, {
        ...hit,
        ...other,
        score: (other?.score ?? 0) + 1 / (FUSION_CONSTANT + index + 1),
        explanation,
      });
    }
  };
  add(lexical, 'lexicalRank');
  add(semantic, 'semanticRank');
  return [...fused.values()].sort((a, b) => b.score - a.score);
}
