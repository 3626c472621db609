import { setImmediate } from 'node:timers/promises';

export type Watch = {
  /** Told how much is done, 0 to 1, never less than before. */
  onProgress?: ((fraction: number) => void) | undefined;
  /** Its reason is thrown at the next rest. */
  signal?: AbortSignal | undefined;
};

/** Work stops for other events this often: under the 25 ms that a waiting request may lose to it. */
const WORK_MS = 12;

/**
 * Walks over `items`, giving the event loop its turn every 12 ms. One visit must be short. Progress goes from the first
 * to the second of `progressRange`. Throws the signal's reason soon after an abort.
 */
export async function visitInSlices<T>(
  items: readonly T[],
  visit: (item: T, index: number) => void,
  { onProgress, signal }: Watch,
  [from, to]: readonly [number, number],
): Promise<void> {
  let sliceEnd = performance.now() + WORK_MS;
  signal?.throwIfAborted();
  for (const [index, item] of items.entries()) {
    visit(item, index);
    if (performance.now() < sliceEnd) continue;
    onProgress?.(from + ((to - from) * (index + 1)) / items.length);
    await setImmediate();
    signal?.throwIfAborted();
    sliceEnd = performance.now() + WORK_MS;
  }
  onProgress?.(to);
}
