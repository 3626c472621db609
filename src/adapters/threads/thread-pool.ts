import { FairQueue } from './fair-queue.ts';
import type { Tasks } from './serve-tasks.ts';
import { TaskThread, ThreadLost, type ThreadTask } from './task-thread.ts';

/** The owner of a task, the signal that ends it, and the receiver of its progress. */
export type TaskOptions = Pick<ThreadTask, 'signal' | 'onProgress'> & { owner: string };

/** A file that serves tasks, at most `size` at a time, each in a thread with a heap of `heapMb` MiB. */
export type ThreadFile<Served extends Tasks> = {
  url: URL;
  size: number;
  heapMb: number;
  /** Never set: the type of what the file serves, as `typeof tasks`. */
  served?: Served;
};

/** The threads of one file, which are started when needed. */
export type ThreadPool = {
  /** Runs a task; see Threads. */
  run(name: string, input: unknown, options: TaskOptions): Promise<unknown>;
  /** Ends all threads. Tasks that run or wait throw ThreadLost. */
  close(): Promise<void>;
};

/**
 * The maximum size of a heap in bytes with which a thread is kept for another task: a larger one, for example from a transcript of six
 * hours, would take memory in addition to the heaps of later tasks, which costs more than a new thread.
 */
const KEPT_HEAP_BYTES = 48 * 2 ** 20;

/** How long a thread waits for another task before it ends and frees its memory. */
const IDLE_MS = 30_000;

type Waiting = ThreadTask & { owner: string; resolve: (result: unknown) => void; reject: (error: unknown) => void };

/** Creates the threads of a file. */
export function createThreadPool({ url, size, heapMb }: Omit<ThreadFile<Tasks>, 'served'>): ThreadPool {
  const queue = new FairQueue<Waiting>();
  const running = new Map<string, TaskThread>();
  const idle = new Map<TaskThread, NodeJS.Timeout>();

  function startNext(): void {
    while (running.size < size) {
      const task = queue.take(new Set(running.keys()));
      if (!task) return;
      const thread = takeIdle() ?? new TaskThread(url, heapMb);
      running.set(task.owner, thread);
      void runTask(task, thread);
    }
  }

  async function runTask(task: Waiting, thread: TaskThread): Promise<void> {
    await thread.run(task).then(task.resolve, task.reject);
    running.delete(task.owner);
    queue.endTurn(task.owner);
    if (thread.heapBytes > KEPT_HEAP_BYTES) void thread.end();
    else if (!thread.isLost) keepIdle(thread);
    startNext();
  }

  function keepIdle(thread: TaskThread): void {
    const end = () => {
      idle.delete(thread);
      void thread.end();
    };
    idle.set(thread, setTimeout(end, IDLE_MS).unref());
  }

  function takeIdle(): TaskThread | undefined {
    for (const [thread, timer] of idle) {
      clearTimeout(timer);
      idle.delete(thread);
      if (!thread.isLost) return thread;
    }
    return undefined;
  }

  return {
    async run(name, input, { signal, ...options }) {
      signal?.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const task: Waiting = { ...options, name, input, signal, resolve, reject };
      const onAbort = () => queue.remove(task) && reject(signal?.reason);
      signal?.addEventListener('abort', onAbort);
      queue.push(task);
      startNext();
      return promise.finally(() => signal?.removeEventListener('abort', onAbort));
    },
    async close() {
      for (const { reject } of queue.drain()) reject(new ThreadLost());
      await Promise.all([...running.values(), ...idle.keys()].map((thread) => thread.end()));
    },
  };
}
