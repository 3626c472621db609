import { withinTransaction } from '#adapters/database/attributed-pool.ts';
import type { Database } from '#adapters/database/database.ts';
import { isLockTimeout, isOutcomeUnknown } from '#adapters/database/outages.ts';
import { retryWriteConflicts } from '#adapters/database/write-conflicts.ts';
import type { PubSub } from '#adapters/redis/pubsub.ts';
import { Prisma } from '#generated/prisma/client.ts';
import { type ChangedEntity, type RevisedOwner, recordChanges } from './changes.ts';
import { changesChannel } from './channels.ts';
import { OutcomeUnknown, RowsLocked } from './errors.ts';

/** A running transaction, with the models of the database. */
export type Tx = Prisma.TransactionClient;

/** What a JSON column takes. */
export type Json = Prisma.InputJsonValue;

/** The row that a change or a job is about, by its GraphQL type and its own id. */
export type Subject = { type: string; id: string };

/** What transactions need. */
export type TransactionServices = {
  database: Pick<Database, 'kind' | 'prisma'>;
  pubsub: Pick<PubSub, 'publish'>;
};

/** A transaction that is under way, and what is to be known of it after its commit. */
export type TransactionChange = {
  tx: Tx;
  /** Wakes the channel's readers after the commit. */
  publish(channel: string): void;
  /** Says what of a user's it changes, creates or deletes, so that all who follow that user's changes learn of it. */
  changed(entity: ChangedEntity): void;
  /**
   * Says that it changes something of a user's that `changed` has no type for: what is kept of answers to that user is no longer
   * served (docs/decisions/response-cache.md).
   */
  revise(ownerId: string): void;
};

/** How long a transaction may take, and each of its statements wait for a lock: milliseconds. */
export type TransactionLimits = { timeoutMs: number; lockWaitMs: number };

/** For what somebody waits for: longer than twenty writes of a user, one after the other, take on a slow disk. */
export const AWAITED = { timeoutMs: 10_000, lockWaitMs: 5_000 } satisfies TransactionLimits;
/** For what runs in the background: it comes again by itself, and gives up early for those who are waited for. */
export const IN_BACKGROUND = { timeoutMs: 10_000, lockWaitMs: 2_000 } satisfies TransactionLimits;

/**
 * A process that is frozen in the middle of a transaction loses it, and its locks, after this time: milliseconds. One that is
 * only busy, preparing a large import on a loaded machine, must not.
 */
const MAX_IDLE_MS = 10_000;

/**
 * Runs a transaction, and runs it again where it loses against another: a deadlock, a row that was deleted meanwhile. Whoever
 * locks more than one thing does so in the order of docs/decisions/locks.md. Records what it has changed, and wakes readers
 * after its commit. Throws RowsLocked, and OutcomeUnknown where the database did not say whether it has committed.
 */
export async function runTransaction<T>(
  { database: { kind, prisma }, pubsub }: TransactionServices,
  { timeoutMs, lockWaitMs }: TransactionLimits,
  run: (change: TransactionChange) => Promise<T>,
): Promise<T> {
  const channels = new Set<string>();
  const result = await retryWriteConflicts(async () => {
    let committing = false;
    channels.clear();
    const publish = (channel: string) => void channels.add(channel);
    const runToCommit = async (tx: Tx) => {
      const entities: (ChangedEntity | RevisedOwner)[] = [];
      const changed = (entity: ChangedEntity) => {
        entities.push(entity);
        publish(changesChannel(entity.ownerId));
      };
      const revise = (ownerId: string) => void entities.push({ ownerId, type: null, id: ownerId });
      if (kind === 'postgres') await boundWaits(tx, lockWaitMs);
      const result = await run({ tx, publish, changed, revise });
      await recordChanges(tx, entities);
      committing = true;
      return result;
    };
    try {
      return await prisma.$transaction((tx) => withinTransaction(() => runToCommit(tx)), {
        maxWait: timeoutMs,
        timeout: timeoutMs,
      });
    } catch (error) {
      throw explainFailedWrite(error, committing);
    }
  });
  for (const channel of channels) pubsub.publish(channel);
  return result;
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
