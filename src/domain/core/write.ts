import { v7 as uuidv7 } from 'uuid';
import { isOutage } from '#adapters/database/outages.ts';
import { type Actor, userOf } from './actor.ts';
import type { Deps } from './deps.ts';
import { enqueue } from './enqueue.ts';
import { NotFound, OutcomeUnknown } from './errors.ts';
import { claimIdempotencyKey, createIdempotencyClaim, type IdempotencyClaim, keepFirstResult } from './idempotency.ts';
import type { NewJob } from './new-job.ts';
import { AWAITED, type Json, runTransaction, type Subject, type TransactionChange, type Tx } from './transaction.ts';

/** What a change may do beside its own statements; all of it is part of the one transaction, except `publish`. */
export type Write = TransactionChange & {
  /** Says what was changed; the audit row tells it. A change that never says so has changed nothing, and leaves no row. */
  about(subject: Subject | null, detail?: Record<string, unknown>): void;
  enqueue(job: NewJob): Promise<{ id: string }>;
};

/** A change to be written: what it is called, and what it does. */
export type Change<Result> = {
  /** As `conversation.create`: the audit row's action, and what an idempotency key is bound to. */
  action: string;
  /** With a key: the same key and input get the first result again, which then must be JSON. */
  once?: { key: string | null | undefined; input: unknown };
  /** For what takes longer than a request may: milliseconds. */
  timeoutMs?: number;
  run(write: Write): Promise<Result>;
};

/** A change whose result, as ids, says which row to read when it is done. */
export type ChangeOfRow<Result, Row> = Change<Result> & {
  /** What NotFound names where the row is gone by then. */
  what: string;
  load(result: Result): Promise<Row | null>;
};

/**
 * Runs a write: one transaction holds the change, its audit row, its idempotency key and its jobs; readers are woken
 * after the commit. Throws what `run` throws, and what `runTransaction` does.
 */
export async function write<Result>(deps: Deps, change: Change<Result>): Promise<Result> {
  const claim = createIdempotencyClaim(deps.actor, change.action, change.once);
  const limits = { ...AWAITED, timeoutMs: change.timeoutMs ?? AWAITED.timeoutMs };
  const result = await runTransaction(deps, limits, (transaction) => runInside(transaction, deps, change, claim));
  deps.auditSeals.wake();
  return result;
}

/**
 * Runs a write, and returns the row that it was about as it is then: the same for the first request with an idempotency
 * key and for its repetitions. Throws NotFound where it was deleted since, OutcomeUnknown where it cannot be read.
 */
export async function writeAndLoad<Result, Row>(
  deps: Deps,
  { what, load, ...change }: ChangeOfRow<Result, Row>,
): Promise<Row> {
  const result = await write(deps, change);
  const row = await load(result).catch((error: unknown) => {
    throw isOutage(error) ? new OutcomeUnknown() : error;
  });
  if (row === null) throw new NotFound(what);
  return row;
}

async function runInside<Result>(
  transaction: TransactionChange,
  deps: Deps,
  change: Change<Result>,
  claim: IdempotencyClaim | null,
): Promise<Result> {
  const { tx } = transaction;
  const first = claim && (await claimIdempotencyKey<Result>(tx, claim));
  if (first) return first.result;
  let told: { subject: Subject | null; detail?: Record<string, unknown> | undefined } | undefined;
  const result = await change.run({
    ...transaction,
    about: (subject, detail) => {
      told = { subject, detail };
    },
    enqueue: (job) => enqueue(transaction, deps, job),
  });
  if (told) await recordAudit(tx, deps.actor, change.action, told.subject, told.detail);
  if (claim) await keepFirstResult(tx, claim, result);
  return result;
}

/** Records in a transaction what an actor did: `write` does so itself, for what its change is about. */
export async function recordAudit(
  tx: Tx,
  actor: Actor,
  action: string,
  subject: Subject | null,
  detail?: Record<string, unknown>,
): Promise<void> {
  const data = {
    id: uuidv7(),
    actorId: userOf(actor),
    apiKeyId: actor.apiKeyId,
    action,
    subjectType: subject?.type ?? null,
    subjectId: subject?.id ?? null,
    requestId: actor.requestId,
    ip: actor.ip,
    ...(detail ? { detail: detail as Json } : {}),
  };
  await tx.auditEntry.create({ data });
}
