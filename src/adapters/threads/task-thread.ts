import { Worker } from 'node:worker_threads';
import { buffersOf, type TaskReply, type TaskRequest } from './serve-tasks.ts';

/** The thread of a task ended before the task did: the task took more memory than a thread may have, or the pool was closed. */
export class ThreadLost extends Error {
  override name = 'ThreadLost';
  readonly outOfMemory: boolean;

  constructor(cause?: unknown) {
    super('The thread of this task has ended.', { cause });
    this.outOfMemory = (cause as { code?: unknown } | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
  }
}

/** A task, the signal that ends it, and the receiver of its progress. */
export type ThreadTask = TaskRequest & {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: never) => void) | undefined;
};

/** A worker thread that runs one task at a time. It keeps the process alive only while it does. */
export class TaskThread {
  readonly #worker: Worker;
  /** The size of its heap after its last task. */
  heapBytes = 0;
  #lost: ThreadLost | null = null;
  #onLost: (error: ThreadLost) => void = () => {};

  /** Starts the file `url`, which calls serveTasks, with a heap of `heapMb` MiB. */
  constructor(url: URL, heapMb: number) {
    this.#worker = new Worker(url, { resourceLimits: { maxOldGenerationSizeMb: heapMb } });
    this.#worker.unref();
    this.#worker.on('error', (error) => this.#lose(new ThreadLost(error)));
    this.#worker.on('exit', () => this.#lose(new ThreadLost()));
  }

  /** Whether it has ended, so that it can run no more tasks. */
  get isLost(): boolean {
    return this.#lost !== null;
  }

  /** Runs a task. Throws what the task throws, the signal's reason (the thread ends then, too) and ThreadLost. */
  async run({ name, input, signal, onProgress }: ThreadTask): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const onAbort = () => {
      reject(signal?.reason);
      void this.end();
    };
    const onMessage = (reply: TaskReply) => {
      if ('progress' in reply) return onProgress?.(reply.progress as never);
      this.heapBytes = reply.heapBytes;
      if ('result' in reply) resolve(reply.result);
      else reject(reply.error);
    };
    this.#onLost = reject;
    if (this.#lost) reject(this.#lost);
    this.#worker.ref();
    this.#worker.on('message', onMessage);
    signal?.addEventListener('abort', onAbort);
    try {
      this.#worker.postMessage({ name, input } satisfies TaskRequest, buffersOf(input));
      return await promise;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      this.#worker.off('message', onMessage);
      this.#worker.unref();
    }
  }

  /** Ends the thread, even in the middle of a calculation. */
  async end(): Promise<void> {
    this.#lose(new ThreadLost());
    await this.#worker.terminate();
  }

  #lose(error: ThreadLost): void {
    this.#lost ??= error;
    this.#onLost(this.#lost);
  }
}
