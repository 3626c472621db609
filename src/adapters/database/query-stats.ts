import { createHistogram } from 'node:perf_hooks';

/** A statement that took SLOW_QUERY_MS or longer. */
export type SlowQuery = { at: Date; durationMs: number; sql: string };

/** The newest are kept, for reports. */
const SLOW_QUERIES_KEPT = 50;

/** Counts the SQL statements of this process since it started, and their durations. */
export class QueryStats {
  readonly since = new Date();
  readonly slow: SlowQuery[] = [];
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
  record(sql: string, durationMs: number, failed: boolean): boolean {
    this.count += 1;
    if (failed) this.failed += 1;
    this.#durations.record(Math.max(1, Math.round(durationMs * 1000)));
    if (durationMs < this.#slowMs || !this.started) return false;
    this.slowCount += 1;
    this.slow.push({ at: new Date(), durationMs, sql });
    if (this.slow.length > SLOW_QUERIES_KEPT) this.slow.shift();
    return true;
  }

  get averageMs(): number {
    return this.count === 0 ? 0 : this.#durations.mean / 1000;
  }

  get p95Ms(): number {
    return this.count === 0 ? 0 : this.#durations.percentile(95) / 1000;
  }
}
