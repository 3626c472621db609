import { createHash } from 'node:crypto';
import { type IdempotencyKey, Prisma } from '#generated/prisma/client.ts';
import type { Actor } from './actor.ts';
import { BadUserInput, IdempotencyConflict } from './errors.ts';
import { daysBefore, deleteSliceOf, type RetentionRule } from './retention.ts';
import { jsonColumn, type Tx } from './transaction.ts';

/** An idempotency key that a client has sent, and what its first result is bound to. */
export type IdempotencyClaim = {
  userId: string;
  key: string;
  action: string;
  inputHash: Uint8Array<ArrayBuffer>;
};

/** A request that may carry an idempotency key: repeated with the same key and input, it returns its first result and does nothing. */
export type WithIdempotencyKey = { idempotencyKey?: string | null | undefined };

/** UTF-16 units. */
export const MAX_IDEMPOTENCY_KEY_LENGTH = 255;

/** Returns the key, or null if none is given. Throws BadUserInput. */
function validateIdempotencyKey(key: string | null | undefined): string | null {
  if (key == null) return null;
  const usable =
    key.length > 0 && key.length <= MAX_IDEMPOTENCY_KEY_LENGTH && key.isWellFormed() && !key.includes('\0');
  if (usable) return key;
  throw new BadUserInput(
    'input.idempotencyKey',
    `An idempotency key must have 1 to ${MAX_IDEMPOTENCY_KEY_LENGTH} characters, none of them NUL.`,
  );
}

/** Returns what a first result is bound to: key, action and input. Null if no key is given. Throws BadUserInput. */
export function createIdempotencyClaim(
  { userId }: Actor,
  action: string,
  request: { key: string | null | undefined; input: unknown } | undefined,
): IdempotencyClaim | null {
  const key = validateIdempotencyKey(request?.key);
  return key === null ? null : { userId, key, action, inputHash: inputHash(request?.input) };
}

/**
 * Claims a key, and waits for a concurrent request with the same key. Returns null if the key is new, or its request unfinished, else the
 * first result. Throws IdempotencyConflict if it was used with another input.
 */
export async function claimIdempotencyKey<Result>(tx: Tx, claim: IdempotencyClaim): Promise<{ result: Result } | null> {
  const { count } = await tx.idempotencyKey.createMany({ data: [claim], skipDuplicates: true });
  if (count === 1) return null;
  const begun = await tx.idempotencyKey.updateMany({
    where: { ...claim, unfinished: true },
    data: { unfinished: false },
  });
  return begun.count === 1 ? null : { result: await findFirstResult<Result>(tx, claim) };
}

/** What a request of several transactions is to do, and whether it was done before: then `plan` is its first result. */
export type Begun<Plan> = { plan: Plan; isDone: boolean };

/**
 * Claims a key before the first of a request's transactions, and stores what is to be done. Returns what was stored first: a repetition
 * goes on with that. Throws IdempotencyConflict if the key was used with another input.
 */
export async function beginIdempotencyKey<Plan>(tx: Tx, claim: IdempotencyClaim, plan: Plan): Promise<Begun<Plan>> {
  const data = { ...claim, result: jsonColumn(plan), unfinished: true };
  await tx.idempotencyKey.createMany({ data: [data], skipDuplicates: true });
  const { result, unfinished } = await findFirst(tx, claim);
  return { plan: result as Plan, isDone: !unfinished };
}

/** Returns the first result of a key that is taken. Throws IdempotencyConflict if it was used with another input. */
export async function findFirstResult<Result>(
  db: Pick<Tx, 'idempotencyKey'>,
  claim: IdempotencyClaim,
): Promise<Result> {
  return (await findFirst(db, claim)).result as Result;
}

async function findFirst(
  db: Pick<Tx, 'idempotencyKey'>,
  { userId, key, action, inputHash }: IdempotencyClaim,
): Promise<IdempotencyKey> {
  const first = await db.idempotencyKey.findUniqueOrThrow({ where: { userId_key: { userId, key } } });
  if (first.action !== action || Buffer.compare(first.inputHash, inputHash) !== 0) throw new IdempotencyConflict();
  return first;
}

/**
 * Whether the request of a key has ended. It only saves preparations that would be in vain; `claimIdempotencyKey` decides.
 * Throws BadUserInput.
 */
export async function isRequestDone(
  db: Pick<Tx, 'idempotencyKey'>,
  { userId }: Actor,
  given: string | null | undefined,
): Promise<boolean> {
  const key = validateIdempotencyKey(given);
  return key !== null && (await db.idempotencyKey.count({ where: { userId, key, unfinished: false } })) > 0;
}

/** Stores the result that repeated requests get. It has to be JSON. */
export async function keepFirstResult(tx: Tx, { userId, key }: IdempotencyClaim, result: unknown): Promise<void> {
  await tx.idempotencyKey.update({ where: { userId_key: { userId, key } }, data: { result: jsonColumn(result) } });
}

/** Hashes an input, regardless of the order of its fields. */
function inputHash(input: unknown): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(JSON.stringify(input, sortKeys)).digest());
}

function sortKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** For how long, at least, a key returns its first answer. */
export const IDEMPOTENCY_HOURS = 24;

/** Keys are kept for twice as long as promised. */
export const idempotencyKeyRetention: RetentionRule = {
  rows: 'idempotency keys',
  deleteSlice: (change, now) =>
    deleteSliceOf(
      change,
      'idempotency_keys',
      Prisma.sql`created_at < ${daysBefore(now, (2 * IDEMPOTENCY_HOURS) / 24)}`,
    ),
};
