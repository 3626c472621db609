/** `explanation`: the parts that the score is made of. */
export type MemoryHit = { memoryId: string; score: number; snippet: string; explanation: Record<string, number> };
