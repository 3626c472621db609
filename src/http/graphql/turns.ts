import { createSemaphore, type Semaphore } from '#domain/core/semaphore.ts';
import { MAX_COST } from './budget.ts';

/**
 * The cost of the operations of one payer that run at once in this process, or whose answers wait to be read; others of
 * theirs wait. It bounds what they hold of memory and of the database, so that others find some.
 */
const MAX_RUNNING_COST = 2 * MAX_COST;

/** Lets the operations of each payer run, as many at once as their cost allows, the others after them. */
export type Turns = {
  /** Resolves when an operation may run; returns how to say that its answer has been sent. */
  take(payer: string, cost: number): Promise<() => void>;
};

/** Creates the turns of a process. */
export function createTurns(): Turns {
  const byPayer = new Map<string, Semaphore>();
  return {
    async take(payer, cost) {
      const turns = byPayer.get(payer) ?? createSemaphore(MAX_RUNNING_COST);
      byPayer.set(payer, turns);
      const release = await turns.take(Math.max(1, cost));
      return () => {
        release();
        if (turns.isIdle() && byPayer.get(payer) === turns) byPayer.delete(payer);
      };
    },
  };
}
