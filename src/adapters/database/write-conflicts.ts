import { sqlStateOf } from './outages.ts';

/**
 * SQLSTATEs of a statement that lost against another at the same time, and was rolled back: a deadlock, transactions that
 * have no order, a row that was deleted while something began to refer to it.
 */
const CONFLICTS = new Set(['40P01', '40001', '23503']);
/** Prisma's code for a row that was there, and is not when it is to be changed. */
const ROW_GONE = 'P2025';
/** How often what loses is run before its error is thrown. */
const ATTEMPTS = 5;

/** Whether an error says that another write at the same time got in the way: run again, it succeeds, or finds out why not. */
export function isWriteConflict(error: unknown): boolean {
  return (
    error instanceof Error && (CONFLICTS.has(sqlStateOf(error)) || (error as { code?: unknown }).code === ROW_GONE)
  );
}

/** Whether a row could not be stored because another with the same values of a unique index is there. */
export const isTaken = (error: unknown, index: string): boolean =>
  error instanceof Error && sqlStateOf(error) === '23505' && (error as { constraint?: unknown }).constraint === index;

/** Runs a statement or a transaction, and runs it again where it loses against another, as `isConflict` tells. */
export async function retryWriteConflicts<T>(run: () => Promise<T>, isConflict = isWriteConflict): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt === ATTEMPTS || !isConflict(error)) throw error;
    }
  }
}
