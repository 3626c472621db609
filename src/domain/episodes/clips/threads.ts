import type { ThreadFile } from '#adapters/threads/thread-pool.ts';
import type { ClipTasks } from './thread.ts';

/** Where clips are found, for two users at a time. The heap takes every transcript of 20 MB that was tried. */
export const CLIP_THREADS: ThreadFile<ClipTasks> = {
  url: new URL('./thread.ts', import.meta.url),
  size: 2,
  heapMb: 512,
};
