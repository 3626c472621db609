import { createHistogram } from 'node:perf_hooks';

/** Counts the SQL statements of this process since it started, and their durations. */
export class QueryStats {
  slowCount = 0;
  count = 0;
  failed = 0;
  /** Set once the process has started: until then it migrates and installs, and no statement counts as slow. */
  started = false;
  /** Microseconds: a histogram holds whole numbers only. */
  readonly #durations = createHistogram({ lowest: 1, highest: 3_600_000_000, figures: 2 });
  readonly #slowMs: number;

  constructor(slowMs: number) {
    this.#slowMs = slowMs;
  }

  /** Counts a statement, and returns whether it was a slow one. */
  record(durationMs: number, failed: boolean): boolean {
    this.count += 1;
    if (failed) this.failed += 1;
    this.#durations.record(Math.max(1, Math.round(durationMs * 1000)));
    if (durationMs < this.#slowMs || !this.started) return false;
    this.slowCount += 1;
    return true;
  }

  get averageMs(): number {
    return this.count === 0 ? 0 : this.#durations.mean / 1000;
  }

  get p95Ms(): number {
    return this.count === 0 ? 0 : this.#durations.percentile(95) / 1000;
  }
}
