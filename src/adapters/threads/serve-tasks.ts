import { constants, setPriority } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { parentPort } from 'node:worker_threads';

/** What a task reports while it runs. */
export type Report = (progress: unknown) => void;

/** The tasks of a thread, by name. Their inputs and results have to be structured-cloneable; an error only ends its task. */
// biome-ignore lint/suspicious/noExplicitAny: each task has an input of its own, which `run` of the pool checks
export type Tasks = Record<string, (input: any, report: Report) => unknown>;

/** What the pool posts to a thread: one task at a time. */
export type TaskRequest = { name: string; input: unknown };

/** What a thread posts back: any number of reports, then how the task ended, and the size of its heap. */
export type TaskReply = { progress: unknown } | ({ heapBytes: number } & ({ result: unknown } | { error: unknown }));

/**
 * Serves tasks in a worker thread that createThreadPool has started: the last call of its file. If the system supports it, the thread has
 * a lower priority than the one that answers requests.
 */
export function serveTasks(tasks: Tasks): void {
  const port = parentPort;
  if (!port) throw new Error('This file is a worker: start it with createThreadPool.');
  // On Linux the priority is that of a thread; elsewhere it would be that of the process.
  if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const reply = (message: TaskReply) => port.postMessage(message, buffersOf(message));
  port.on('message', async ({ name, input }: TaskRequest) => {
    try {
      const result = await tasks[name]?.(input, (progress) => reply({ progress }));
      reply({ result, heapBytes: heapBytes() });
    } catch (error) {
      reply({ error, heapBytes: heapBytes() });
    }
  });
}

/** The size of this thread's heap, including free space. */
const heapBytes = () => getHeapStatistics().total_heap_size;

/** Returns the buffers that a message can transfer instead of copying: those of all typed arrays in it that have a buffer to themselves. */
export function buffersOf(message: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(message)) {
    const { buffer, byteLength } = message;
    return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
  }
  return typeof message === 'object' && message !== null ? Object.values(message).flatMap(buffersOf) : [];
}
