import { createHistogram } from 'node:perf_hooks';
import { bucketOf, createBuckets } from './duration-buckets.ts';

/** A statement slower than SLOW_QUERY_MS, without its parameters, and the operations that it ran for. */
export type SlowStatement = { sql: string; durationMs: number; operationName: string | null };

/** The counts of a period. */
export type StatementCounts = { statements: number; slow: number; totalMs: number; buckets: number[] };

/** Creates empty counts. */
export const noStatements = (): StatementCounts => ({ statements: 0, slow: 0, totalMs: 0, buckets: createBuckets() });

/** Counts the SQL statements of this process since it started, and their durations. */
export class QueryStats {
  slowCount = 0;
  count = 0;
  failed = 0;
  /** Set once the process has started: before, it migrates and installs, and no statement counts as slow. */
  started = false;
  /** Called with the duration of each statement in milliseconds. */
  onRecorded: ((durationMs: number) => void) | undefined;
  /** Called with each slow statement. */
  onSlow: ((statement: SlowStatement) => void) | undefined;
  /** Called after a statement of a request or a job, unlike those of an idle process. */
  onAsked: (() => void) | undefined;
  #recent = noStatements();
  /** In microseconds, because a histogram only holds whole numbers. */
  readonly #durations = createHistogram({ lowest: 1, highest: 3_600_000_000, figures: 2 });
  readonly #slowMs: number;

  constructor(slowMs: number) {
    this.#slowMs = slowMs;
  }

  /** Counts a statement, and returns whether it was slow. */
  record(durationMs: number, failed: boolean, asked: boolean): boolean {
    this.count += 1;
    if (failed) this.failed += 1;
    this.onRecorded?.(durationMs);
    this.#durations.record(Math.max(1, Math.round(durationMs * 1000)));
    if (!this.started) return false;
    const recent = this.#recent;
    const bucket = bucketOf(durationMs);
    recent.statements += 1;
    recent.totalMs += durationMs;
    recent.buckets[bucket] = (recent.buckets[bucket] ?? 0) + 1;
    if (asked) this.onAsked?.();
    if (durationMs < this.#slowMs) return false;
    this.slowCount += 1;
    recent.slow += 1;
    return true;
  }

  /** Returns the counts since the last call, or since the process started. */
  takeRecent(): StatementCounts {
    const recent = this.#recent;
    this.#recent = noStatements();
    return recent;
  }

  get averageMs(): number {
    return this.count === 0 ? 0 : this.#durations.mean / 1000;
  }

  get p95Ms(): number {
    return this.count === 0 ? 0 : this.#durations.percentile(95) / 1000;
  }
}
