import type { MemoryHit } from './memory-hit.ts';

/** Reciprocal rank fusion, with the constant of Cormack, Clarke and Büttcher (SIGIR 2009). */
const K = 60;

/**
 * Two lists as one: a hit's score is the sum of 1 / (60 + its place) over the lists it is in. Scores of words and of
 * meanings cannot be compared, places can. `explanation` has the parts of both, and the places.
 */
export function fuse(lexical: readonly MemoryHit[], semantic: readonly MemoryHit[]): MemoryHit[] {
  const fused = new Map<string, MemoryHit>();
  const add = (hits: readonly MemoryHit[], place: string) => {
    for (const [index, hit] of hits.entries()) {
      const other = fused.get(hit.memoryId);
      const explanation = { ...other?.explanation, ...hit.explanation, [place]: index + 1 };
      fused.set(hit.memoryId, { ...hit, ...other, score: (other?.score ?? 0) + 1 / (K + index + 1), explanation });
    }
  };
  add(lexical, 'lexicalPlace');
  add(semantic, 'semanticPlace');
  return [...fused.values()].sort((a, b) => b.score - a.score);
}
