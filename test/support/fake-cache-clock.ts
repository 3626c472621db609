import { vi } from 'vitest';

/** The one that lru-cache took when it was loaded. */
const real = performance;

/**
 * Lets caches that forget (lru-cache) go by the fake timers, which have to be on, with `performance` and `setTimeout`: such a cache
 * keeps the time that it read for a moment. Undone by `vi.restoreAllMocks()`.
 */
export function fakeCacheClock(): void {
  // A cache takes a time of 0 for none.
  vi.spyOn(real, 'now').mockImplementation(() => 1 + performance.now());
}
