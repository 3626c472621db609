import { sqlStateOf } from './outages.ts';

/**
 * SQLSTATEs of a statement that lost against a concurrent one, and was rolled back: a deadlock, a serialization failure, a row that was
 * deleted while another began to refer to it.
 */
const CONFLICTS = new Set(['40P01', '40001', '23503']);
/** Prisma's code for a row that was deleted before it could be changed. */
const ROW_GONE = 'P2025';
/** How often a losing statement is run before its error is thrown. */
const ATTEMPTS = 5;

/** Whether an error means that a concurrent write got in the way: run again, the statement succeeds, or finds out why not. */
export function isWriteConflict(error: unknown): boolean {
  return (
    error instanceof Error && (CONFLICTS.has(sqlStateOf(error)) || (error as { code?: unknown }).code === ROW_GONE)
  );
}

/** Whether a row could not be stored because there is another with the same values of a unique index. */
export const isTaken = (error: unknown, index: string): boolean =>
  error instanceof Error && sqlStateOf(error) === '23505' && (error as { constraint?: unknown }).constraint === index;

/** Runs a statement or a transaction, and repeats it if it loses against another, according to `isConflict`. */
export async function retryWriteConflicts<T>(run: () => Promise<T>, isConflict = isWriteConflict): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt === ATTEMPTS || !isConflict(error)) throw error;
    }
  }
}
