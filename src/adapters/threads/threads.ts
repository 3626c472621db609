import type { Tasks } from './serve-tasks.ts';
import { createThreadPool, type TaskOptions, type ThreadFile, type ThreadPool } from './thread-pool.ts';

/** Threads for calculations that would block the event loop. */
export type Threads = {
  /**
   * Runs a task of a file. Owners take turns, and each has one task of a file running at a time. Byte arrays in the input are
   * transferred, not copied, if they are whole buffers. An abort ends the task in the middle of a calculation. Throws what the task
   * throws, as a plain Error; the signal's reason; ThreadLost.
   */
  run<Served extends Tasks, Name extends keyof Served & string>(
    file: ThreadFile<Served>,
    name: Name,
    input: Parameters<Served[Name]>[0],
    options: TaskOptions,
  ): Promise<Awaited<ReturnType<Served[Name]>>>;
  /** Ends all threads. Tasks that run or wait throw ThreadLost. */
  close(): Promise<void>;
};

/** Opens the threads of a process, none of which is running yet. */
export function openThreads(): Threads {
  const pools = new Map<string, ThreadPool>();
  const poolOf = (file: ThreadFile<Tasks>) => {
    const pool = pools.get(file.url.href) ?? createThreadPool(file);
    pools.set(file.url.href, pool);
    return pool;
  };
  return {
    run: async (file, name, input, options) => (await poolOf(file).run(name, input, options)) as never,
    async close() {
      await Promise.all(Array.from(pools.values(), (pool) => pool.close()));
    },
  };
}
