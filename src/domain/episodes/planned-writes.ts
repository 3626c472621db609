import { Conflict } from '#domain/core/errors.ts';
import { createSemaphore, type Semaphore } from '#domain/core/semaphore.ts';

/** Thrown within a write: the transcript is no longer the one for which the write was planned. */
export class PlanOutdated extends Error {}

/** How often a write is planned again, because others have changed the transcript meanwhile. */
const MAX_PLANS = 5;

/**
 * Runs a write that reads a whole transcript before its transaction, again from the beginning as long as it throws PlanOutdated. Those of
 * one user run one after another in a process, so they hold up nobody else's and seldom outdate each other. Throws Conflict after
 * MAX_PLANS attempts, and what the write throws.
 */
export async function writeAsPlanned<Result>(userId: string, planAndWrite: () => Promise<Result>): Promise<Result> {
  const release = await takeTurn(userId);
  try {
    for (let plans = 1; ; plans += 1) {
      try {
        return await planAndWrite();
      } catch (error) {
        if (!(error instanceof PlanOutdated)) throw error;
        if (plans === MAX_PLANS)
          throw new Conflict('This transcript is being changed by others at the same time; send this again.');
      }
    }
  } finally {
    release();
  }
}

const turns = new Map<string, Semaphore>();

/** Resolves when it is the user's turn; returns how to end it. */
async function takeTurn(userId: string): Promise<() => void> {
  const turn = turns.get(userId) ?? createSemaphore(1);
  turns.set(userId, turn);
  const release = await turn.take();
  return () => {
    release();
    if (turn.isIdle()) turns.delete(userId);
  };
}
