import { v7 as uuidv7 } from 'uuid';
import { type Actor, userOf } from './actor.ts';
import type { Deps } from './deps.ts';
import { enqueue } from './enqueue.ts';
import { NotFound, RowsLocked, Unavailable } from './errors.ts';
import {
  type Begun,
  beginIdempotencyKey,
  claimIdempotencyKey,
  createIdempotencyClaim,
  type IdempotencyClaim,
  keepFirstResult,
} from './idempotency.ts';
import type { NewJob } from './new-job.ts';
import { AWAITED, type Json, runTransaction, type Subject, type TransactionChange, type Tx } from './transaction.ts';

/**
 * What a change may do besides running statements. All of it is part of the transaction, except that `publish` takes effect after the
 * commit.
 */
export type Write = TransactionChange & {
  /** Names what was changed, for the audit row. A change that never calls it counts as none, and leaves no audit row. */
  about(subject: Subject | null, detail?: Record<string, unknown>): void;
  enqueue(job: NewJob): Promise<{ id: string }>;
};

/** A change to be written: its name, and what it does. */
export type Change<Result> = {
  /** Such as `conversation.create`: the action in the audit row, to which idempotency keys are bound too. */
  action: string;
  /** If it has a key, the same key and input return the first result again, which therefore has to be JSON. */
  once?: { key: string | null | undefined; input: unknown };
  /** Milliseconds, for a change that takes longer than a request may. */
  timeoutMs?: number;
  run(write: Write): Promise<Result>;
};

/** A change that results in ids, by which the row is read when it is done. */
export type ChangeOfRow<Result, Row> = Change<Result> & {
  /** What NotFound names if the row was deleted since the first request with the idempotency key. */
  what: string;
  /** Reads the row, in the transaction that has written it: after that, others of the same user may come before for seconds. */
  load(result: Result, tx: Tx): Promise<Row | null>;
};

/**
 * Runs a write: one transaction holds the change, its audit row, its idempotency key and its jobs; readers are woken
 * after the commit. Throws what `run` throws, and what `runTransaction` does.
 */
export async function write<Result>(deps: Deps, change: Change<Result>): Promise<Result> {
  const { result } = await commit(deps, change, async () => null);
  return result;
}

/**
 * Runs a write, and returns the current row of what it wrote: the same for the first request with an idempotency key and for its
 * repetitions. Throws NotFound if the row was deleted since.
 */
export async function writeAndLoad<Result, Row>(
  deps: Deps,
  { what, load, ...change }: ChangeOfRow<Result, Row>,
): Promise<Row> {
  const { loaded } = await commit(deps, change, load);
  if (loaded === null) throw new NotFound(what);
  return loaded;
}

/**
 * Begins a request that is written in several transactions, before the first of them: one with the same key and another input is refused
 * before it changes anything. Its last transaction is a `write` with the same action and key. Without a key, the plan is returned as it is.
 * Throws IdempotencyConflict.
 */
export async function beginOnce<Plan>(
  deps: Deps,
  { action, once }: Pick<Change<unknown>, 'action' | 'once'>,
  plan: Plan,
): Promise<Begun<Plan>> {
  const claim = createIdempotencyClaim(deps.actor, action, once);
  if (!claim) return { plan, isDone: false };
  return runTransaction(deps, AWAITED, ({ tx }) => beginIdempotencyKey(tx, claim, plan));
}

/**
 * Rethrows what has interrupted a request that is written in several transactions, such as a slice each: of RowsLocked, which says that
 * nothing was changed, it makes another Unavailable.
 */
export function explainInterruption(error: unknown): never {
  throw error instanceof RowsLocked ? new Unavailable(INTERRUPTED) : error;
}

const INTERRUPTED =
  'Another request is changing the same at the moment. A part of this one may be done already; try again shortly, which does the rest.';

async function commit<Result, Loaded>(
  deps: Deps,
  change: Change<Result>,
  load: (result: Result, tx: Tx) => Promise<Loaded>,
): Promise<{ result: Result; loaded: Loaded }> {
  const claim = createIdempotencyClaim(deps.actor, change.action, change.once);
  const limits = { ...AWAITED, timeoutMs: change.timeoutMs ?? AWAITED.timeoutMs };
  const written = await runTransaction(deps, limits, async (transaction) => {
    const result = await runInside(transaction, deps, change, claim);
    return { result, loaded: await load(result, transaction.tx) };
  });
  deps.auditSeals.wake();
  return written;
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

/** Adds an audit row within a transaction. `write` does so by itself for its own change. */
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
