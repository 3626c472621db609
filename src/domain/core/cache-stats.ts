/** How often answers to an operation were found in the response cache, of all times that it was looked for. */
export type OperationHits = { operation: string; hits: number; lookups: number };

/** Operations that are told apart by their names, which clients choose; the rest is counted together. */
const MAX_NAMES = 100;
const OTHER = 'other';

/** Counts what a process finds in its response cache, and how large that is. */
export class CacheStats {
  /** Bytes that it holds, about. */
  bytes = () => 0;
  readonly #byOperation = new Map<string, { hits: number; lookups: number }>();

  count(operation: string | null, isHit: boolean): void {
    const isKnown = operation !== null && this.#byOperation.has(operation);
    const name = operation !== null && (isKnown || this.#byOperation.size < MAX_NAMES) ? operation : OTHER;
    const counts = this.#byOperation.get(name) ?? { hits: 0, lookups: 0 };
    this.#byOperation.set(name, counts);
    counts.lookups += 1;
    if (isHit) counts.hits += 1;
  }

  /** Returns the operations, the most looked for first. */
  byOperation(): OperationHits[] {
    const all = Array.from(this.#byOperation, ([operation, counts]) => ({ operation, ...counts }));
    return all.sort((a, b) => b.lookups - a.lookups);
  }

  get lookups(): number {
    return this.#sum(({ lookups }) => lookups);
  }

  /** From 0 to 1; null before the first lookup. */
  get hitRate(): number | null {
    return this.lookups === 0 ? null : this.#sum(({ hits }) => hits) / this.lookups;
  }

  #sum(figure: (counts: { hits: number; lookups: number }) => number): number {
    return this.#byOperation.values().reduce((sum, counts) => sum + figure(counts), 0);
  }
}
