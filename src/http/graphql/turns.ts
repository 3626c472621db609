import { createSemaphore, type Semaphore } from '#domain/core/semaphore.ts';
import { createRateLimitError } from '#http/rate-limits.ts';
import { MAX_COST } from './budget.ts';

/**
 * The cost of the operations of one payer that run at once in this process, or whose answers wait to be read; others of
 * theirs wait. It bounds what they hold of memory and of the database, so that others find some.
 */
const MAX_RUNNING_COST = 2 * MAX_COST;

/** Operations of one payer that wait for their turn. */
const MAX_WAITING = 1_000;

/** Lets the operations of each payer run, as many at once as their cost allows, the others after them. */
export type Turns = {
  /**
   * Resolves when an operation may run; returns how to say that its answer has been sent. Throws RATE_LIMITED where too
   * many wait.
   */
  take(payer: string, cost: number): Promise<() => void>;
};

/** Creates the turns of a process. */
export function createTurns(): Turns {
  const byPayer = new Map<string, Semaphore>();
  return {
    async take(payer, cost) {
      const turns = byPayer.get(payer) ?? createSemaphore(MAX_RUNNING_COST);
      byPayer.set(payer, turns);
      if (turns.waiting() >= MAX_WAITING)
        throw createRateLimitError(`${MAX_WAITING} operations of yours wait for others of yours`, 1);
      const release = await turns.take(Math.max(1, cost));
      return () => {
        release();
        if (turns.isIdle() && byPayer.get(payer) === turns) byPayer.delete(payer);
      };
    },
  };
}
