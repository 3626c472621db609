import type { Database } from '#adapters/database/database.ts';
import { isLockTimeout, isOutcomeUnknown } from '#adapters/database/outages.ts';
import { retryWriteConflicts } from '#adapters/database/write-conflicts.ts';
import { Prisma } from '#generated/prisma/client.ts';
import { OutcomeUnknown, RowsLocked } from './errors.ts';

/** A running transaction, with the models of the database. */
export type Tx = Prisma.TransactionClient;

/** What a JSON column takes. */
export type Json = Prisma.InputJsonValue;

/** The row that a change or a job is about, by its GraphQL type and its own id. */
export type Subject = { type: string; id: string };

/** Where transactions run. */
export type TransactionDatabase = Pick<Database, 'kind' | 'prisma'>;

/** How long a transaction may take, and each of its statements wait for a lock: milliseconds. */
export type TransactionLimits = { timeoutMs: number; lockWaitMs: number };

/**
 * A process that is frozen in the middle of a transaction loses it, and its locks, after this time: milliseconds. One that is
 * only busy, preparing a large import on a loaded machine, must not.
 */
const MAX_IDLE_MS = 10_000;

/**
 * Runs a transaction, and runs it again where it loses against another: a deadlock, a row that was deleted meanwhile. Whoever
 * locks more than one thing does so in the order of docs/decisions/locks.md. Throws RowsLocked, and OutcomeUnknown where the
 * database did not say whether it has committed.
 */
export function runTransaction<T>(
  { kind, prisma }: TransactionDatabase,
  { timeoutMs, lockWaitMs }: TransactionLimits,
  run: (tx: Tx) => Promise<T>,
): Promise<T> {
  return retryWriteConflicts(async () => {
    let committing = false;
    const runToCommit = async (tx: Tx) => {
      if (kind === 'postgres') await boundWaits(tx, lockWaitMs);
      const result = await run(tx);
      committing = true;
      return result;
    };
    try {
      return await prisma.$transaction(runToCommit, { maxWait: timeoutMs, timeout: timeoutMs });
    } catch (error) {
      throw explainFailedWrite(error, committing);
    }
  });
}

/**
 * Bounds the waits of a transaction. Not on the embedded database, where transactions run one by one: its only session would end
 * with an idle transaction, and PGlite, which cannot start another, answer nobody any more.
 */
async function boundWaits(tx: Tx, lockWaitMs: number): Promise<void> {
  await tx.$executeRaw`SELECT set_config('lock_timeout', ${String(lockWaitMs)}, true),
    set_config('idle_in_transaction_session_timeout', ${String(MAX_IDLE_MS)}, true)`;
}

/** Returns RowsLocked or OutcomeUnknown where the error means that, else the error; `committing`: whether it was asked to commit. */
export function explainFailedWrite(error: unknown, committing: boolean): unknown {
  if (isLockTimeout(error)) return new RowsLocked();
  return committing && isOutcomeUnknown(error) ? new OutcomeUnknown() : error;
}

/** A value for a JSON column: SQL NULL where there is none. */
export function jsonColumn(value: unknown): Json | typeof Prisma.DbNull {
  return value == null ? Prisma.DbNull : (value as Json);
}
