import type { ThreadFile } from '#adapters/threads/thread-pool.ts';
import type { Deps } from '#domain/core/deps.ts';
import { runInThread } from '#domain/core/threads.ts';
import type { FileTasks } from './file-thread.ts';

/** Where files are read, two at a time; they are streamed. */
const THREADS: ThreadFile<FileTasks> = { url: new URL('./file-thread.ts', import.meta.url), size: 2, heapMb: 64 };

/** Returns the SHA-256 of a local file in hexadecimal, computed off the event loop. Throws Unavailable, the signal's reason. */
export const hashFile = (
  deps: Pick<Deps, 'threads' | 'actor'>,
  localPath: string,
  signal?: AbortSignal,
): Promise<string> => runInThread(deps, THREADS, 'hash', localPath, { signal });
