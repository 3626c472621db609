import { FairQueue } from '#adapters/threads/fair-queue.ts';

/** Runs a task for its owner once there is a free place. Throws the signal's reason if that comes first. */
export type FairPlaces = <T>(owner: string, signal: AbortSignal, task: () => Promise<T>) => Promise<T>;

const NOBODY: ReadonlySet<string> = new Set();

/** Creates a number of places for which owners wait in turns, however many tasks each of them has. */
export function createFairPlaces(size: number): FairPlaces {
  const queue = new FairQueue<{ owner: string; begin: () => void }>();
  let free = size;

  function beginNext(): void {
    while (free > 0) {
      const next = queue.take(NOBODY);
      if (!next) return;
      free -= 1;
      queue.endTurn(next.owner);
      next.begin();
    }
  }

  async function waitForPlace(owner: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting = { owner, begin: resolve };
    const onAbort = () => queue.remove(waiting) && reject(signal.reason);
    signal.addEventListener('abort', onAbort);
    queue.push(waiting);
    beginNext();
    await promise.finally(() => signal.removeEventListener('abort', onAbort));
  }

  return async (owner, signal, task) => {
    await waitForPlace(owner, signal);
    try {
      return await task();
    } finally {
      free += 1;
      queue.endTurn(owner);
      beginNext();
    }
  };
}
