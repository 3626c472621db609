import { threadId } from 'node:worker_threads';
import { serveTasks } from '#adapters/threads/serve-tasks.ts';

const tasks = {
  double: (value: number) => 2 * value,
  /** Returns the first bytes of what it was handed, and hands the rest back. */
  bytes: (bytes: Uint8Array) => ({ first: bytes[0], bytes }),
  fail: (why: string) => {
    throw new RangeError(why);
  },
  count: (to: number, report: (progress: unknown) => void) => {
    for (let at = 1; at <= to; at += 1) report(at);
  },
  /** Returns which thread it runs in, once it has needed so many short texts. */
  grow: (texts: number) => ({
    texts: Array.from({ length: texts }, (_, index) => `${index} of ${texts}`).length,
    threadId,
  }),
  /** Calculates without end. */
  spin: (begun: string, report: (progress: unknown) => void) => {
    report(begun);
    for (;;);
  },
  /** Takes memory without end. */
  eat: () => {
    const eaten: string[][] = [];
    for (;;)
      eaten.push(
        Array(100_000)
          .fill('')
          .map((_, index) => `${eaten.length} ${index}`),
      );
  },
};

export type TestTasks = typeof tasks;

serveTasks(tasks);
