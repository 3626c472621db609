/**
 * Returns a function that returns the latest result of `look` to all callers, and looks again where that was begun `everyMs`
 * milliseconds ago, or failed.
 */
export function rarely<T>(everyMs: number, look: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | undefined;
  let lookAgainAt = 0;
  return () => {
    if (found && performance.now() < lookAgainAt) return found;
    lookAgainAt = performance.now() + everyMs;
    found = look();
    found.catch(() => (lookAgainAt = 0));
    return found;
  };
}
