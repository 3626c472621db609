import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress, RunningJob } from '#domain/jobs/running-job.ts';

/** The minimum interval between writes of progress: four a second. */
const INTERVAL_MS = 250;

/** Writes progress to the job's row. */
export type ProgressWriter = {
  report: RunningJob['reportProgress'];
  /** Stops writing; resolves when a write in flight is done. */
  stop(): Promise<void>;
  /** Stops writing, after what was reported last. */
  flush(): Promise<void>;
};

/** Throttles writes of progress, which never decreases. Progress that is reported between two writes replaces the one before. */
export function createProgressWriter(write: (progress: Progress) => Promise<void>): ProgressWriter {
  let latest: Progress = { fraction: 0, stage: null, message: null };
  let unwritten = false;
  let writing: Promise<void> | undefined;
  let writtenAt = -INTERVAL_MS;
  const stopping = new AbortController();

  const writeLatest = async () => {
    while (unwritten && !stopping.signal.aborted) {
      const pauseMs = writtenAt + INTERVAL_MS - performance.now();
      if (pauseMs > 0) await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) break;
      unwritten = false;
      writtenAt = performance.now();
      await write(latest);
    }
    writing = undefined;
  };
  const stop = async () => {
    stopping.abort();
    await writing;
  };
  return {
    report({ fraction, stage, message }) {
      latest = {
        fraction: fraction > latest.fraction ? Math.min(fraction, 1) : latest.fraction,
        stage: stage ?? latest.stage,
        message: message ?? null,
      };
      unwritten = true;
      writing ??= writeLatest();
    },
    stop,
    async flush() {
      await stop();
      if (unwritten) await write(latest);
    },
  };
}
