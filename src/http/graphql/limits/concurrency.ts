import { createSemaphore, type Semaphore } from '#domain/core/semaphore.ts';
import { createRateLimitError } from '#http/rate-limits.ts';
import { MAX_COST } from './budget.ts';

/**
 * The total cost of one payer's operations that run at once in this process, or whose answers are not sent yet; further ones wait. It
 * bounds their share of memory and of the database, so that enough is left for others.
 */
const MAX_RUNNING_COST = MAX_COST;

/** Operations of one key that run at once; further ones wait. */
const MAX_RUNNING_OF_KEY = 100;

/** Operations of one payer that may wait. */
const MAX_WAITING = 1_000;

/** Runs as many operations of each payer at once as their cost allows, and the others after them. */
export type Concurrency = {
  /**
   * Resolves when an operation may run, with a function to call once its answer has been sent. Throws RATE_LIMITED if too many wait.
   */
  acquire(payer: string, cost: number, apiKeyId: string | null): Promise<() => void>;
};

/** Creates the limits of a process. */
export function createConcurrency(): Concurrency {
  const byPayer = createSemaphores(MAX_RUNNING_COST);
  const byKey = createSemaphores(MAX_RUNNING_OF_KEY);
  return {
    async acquire(payer, cost, apiKeyId) {
      const key = apiKeyId ?? payer;
      if (byPayer.waiting(payer) + byKey.waiting(key) >= MAX_WAITING)
        throw createRateLimitError(`${MAX_WAITING} operations of yours wait for others of yours`, 1);
      const releaseKey = await byKey.take(key, 1);
      const release = await byPayer.take(payer, Math.max(1, cost));
      return () => {
        release();
        releaseKey();
      };
    },
  };
}

/** Creates semaphores by name; each exists for as long as somebody uses it. */
function createSemaphores(capacity: number) {
  const byName = new Map<string, Semaphore>();
  return {
    waiting: (name: string) => byName.get(name)?.waiting() ?? 0,
    async take(name: string, amount: number): Promise<() => void> {
      const semaphore = byName.get(name) ?? createSemaphore(capacity);
      byName.set(name, semaphore);
      const release = await semaphore.take(amount);
      return () => {
        release();
        if (semaphore.isIdle() && semaphore.waiting() === 0 && byName.get(name) === semaphore) byName.delete(name);
      };
    },
  };
}
