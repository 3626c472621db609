import { withinTransaction } from '#adapters/database/attributed-pool.ts';
import type { Database } from '#adapters/database/database.ts';
import { isLockTimeout, isOutcomeUnknown } from '#adapters/database/outages.ts';
import { retryWriteConflicts } from '#adapters/database/write-conflicts.ts';
import type { PubSub } from '#adapters/redis/pubsub.ts';
import { Prisma } from '#generated/prisma/client.ts';
import { type ChangedEntity, type RevisedOwner, recordChanges } from './changes.ts';
import { changesChannel, WEBHOOKS_CHANNEL } from './channels.ts';
import { OutcomeUnknown, RowsLocked } from './errors.ts';
import type { WebhookEvent } from './webhook-events.ts';

/** A running transaction, with the models of the database. */
export type Tx = Prisma.TransactionClient;

/** A value that a JSON column accepts. */
export type Json = Prisma.InputJsonValue;

/** The row that a change or a job is about, by its GraphQL type and its own id. */
export type Subject = { type: string; id: string };

/** What transactions need. */
export type TransactionServices = {
  database: Pick<Database, 'kind' | 'prisma'>;
  pubsub: Pick<PubSub, 'publish'>;
};

/** A running transaction, and what is announced after its commit. */
export type TransactionChange = {
  tx: Tx;
  /** Wakes the channel's readers after the commit. */
  publish(channel: string): void;
  /** Records that an entity of a user is changed, created or deleted, for everybody who follows that user's `changes`. */
  changed(entity: ChangedEntity): void;
  /**
   * Records that something of a user changes for which `changed` has no type: cached answers to that user are no longer served
   * (docs/decisions/response-cache.md).
   */
  revise(ownerId: string): void;
  /** Tells the webhooks of the event's owner that ask for it, once the transaction is committed. */
  emit(event: WebhookEvent): void;
};

/** How long a transaction may take, and each of its statements wait for a lock: milliseconds. */
export type TransactionLimits = { timeoutMs: number; lockWaitMs: number };

/** For writes that a user waits for: longer than twenty consecutive writes take on a slow disk. */
export const AWAITED = { timeoutMs: 10_000, lockWaitMs: 5_000 } satisfies TransactionLimits;
/** For background work, which is retried anyway, and gives way early to writes that a user waits for. */
export const IN_BACKGROUND = { timeoutMs: 10_000, lockWaitMs: 2_000 } satisfies TransactionLimits;

/**
 * Milliseconds after which a process that is frozen within a transaction loses the transaction and its locks. Long enough for one
 * that is merely busy, preparing a large import on a loaded machine.
 */
const MAX_IDLE_MS = 10_000;

/**
 * Runs a transaction, and repeats it if it loses against another one: a deadlock, or a row that was deleted meanwhile. Code that takes
 * several locks takes them in the order of docs/decisions/locks.md. Records the changes, and wakes readers after the commit.
 * Throws RowsLocked, and OutcomeUnknown if the database did not confirm the commit.
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
      const events: WebhookEvent[] = [];
      const emit = (event: WebhookEvent) => void events.push(event);
      if (kind === 'postgres') await boundWaits(tx, lockWaitMs);
      const result = await run({ tx, publish, changed, revise, emit });
      const deliveries = await recordChanges(tx, entities, events);
      // PostgreSQL is told by NOTIFY.
      if (deliveries > 0 && kind === 'embedded') publish(WEBHOOKS_CHANNEL);
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
 * Sets the timeouts of a transaction. Not on the embedded database, where transactions run one at a time: the idle timeout would end
 * its only session, and PGlite cannot start another one.
 */
async function boundWaits(tx: Tx, lockWaitMs: number): Promise<void> {
  await tx.$executeRaw`SELECT set_config('lock_timeout', ${String(lockWaitMs)}, true),
    set_config('idle_in_transaction_session_timeout', ${String(MAX_IDLE_MS)}, true)`;
}

/** Translates an error to RowsLocked or OutcomeUnknown if it means that, else returns it. `committing`: whether COMMIT was sent. */
export function explainFailedWrite(error: unknown, committing: boolean): unknown {
  if (isLockTimeout(error)) return new RowsLocked();
  return committing && isOutcomeUnknown(error) ? new OutcomeUnknown() : error;
}

/** Returns a value for a JSON column: SQL NULL for null. */
export function jsonColumn(value: unknown): Json | typeof Prisma.DbNull {
  return value == null ? Prisma.DbNull : (value as Json);
}
