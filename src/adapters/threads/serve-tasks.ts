import { constants, setPriority } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { parentPort } from 'node:worker_threads';

/** What a task reports while it runs. */
export type Report = (progress: unknown) => void;

/** What a thread can do, by name. A task's input and result are what structured clone copies; its errors end the task only. */
// biome-ignore lint/suspicious/noExplicitAny: each task has an input of its own, which `run` of the pool checks
export type Tasks = Record<string, (input: any, report: Report) => unknown>;

/** What the pool posts to a thread: one task at a time. */
export type TaskRequest = { name: string; input: unknown };

/** What a thread posts back: any number of reports, then how the task has ended, and how large its heap is. */
export type TaskReply = { progress: unknown } | ({ heapBytes: number } & ({ result: unknown } | { error: unknown }));

/**
 * Serves tasks in a worker thread that createThreadPool has started: the last call of its file. Where the system can, the
 * thread gets less of a busy processor than the one that answers requests.
 */
export function serveTasks(tasks: Tasks): void {
  const port = parentPort;
  if (!port) throw new Error('This file is a worker: start it with createThreadPool.');
  // On Linux a priority is one thread's; elsewhere it would be the process's.
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

/** The heap of this thread, with what of it is free. */
const heapBytes = () => getHeapStatistics().total_heap_size;

/**
 * Returns the buffers that a message can hand over rather than copy: those of all typed arrays in it that have one to
 * themselves.
 */
export function buffersOf(message: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(message)) {
    const { buffer, byteLength } = message;
    return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
  }
  return typeof message === 'object' && message !== null ? Object.values(message).flatMap(buffersOf) : [];
}
