import { readFileSync } from 'node:fs';
import type { Parley } from './parley.ts';

/** How often it is asked what processes have waited: one that ends is not told of any more. */
const SAMPLE_MS = 50;

/**
 * Starts to measure; returns what tells the milliseconds since then, without those for which this process, or one of those given,
 * was ready to run and had no CPU (Linux): other work on the machine must not fail a test.
 */
export function startStopwatch(...parleys: Pick<Parley, 'process'>[]): () => number {
  const pids = [process.pid, ...parleys.map((parley) => parley.process.pid)];
  const startedAt = performance.now();
  const before = pids.map(waitedForCpuMs);
  let now = before;
  const sample = () => {
    now = pids.map((pid, index) => Math.max(now[index] as number, waitedForCpuMs(pid)));
  };
  const timer = setInterval(sample, SAMPLE_MS).unref();
  return () => {
    clearInterval(timer);
    sample();
    const waitedMs = now.reduce((sum, ms, index) => sum + ms - (before[index] as number), 0);
    return performance.now() - startedAt - waitedMs;
  };
}

/** Of the main thread, since it began; 0 of a process that has ended, and where the system does not say. */
function waitedForCpuMs(pid: number | undefined): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}
