/** Hits and lookups of one operation in the response cache. */
export type OperationHits = { operation: string; hits: number; lookups: number };

/** How many operation names are counted separately. Clients choose the names, so all others share one entry. */
const MAX_NAMES = 100;
const OTHER = 'other';

/** Counts the hits and the size of a process's response cache. */
export class CacheStats {
  /** Approximate size in bytes. */
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

  /** Returns the operations, those with the most lookups first. */
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
