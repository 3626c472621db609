import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '#adapters/database/database.ts';
import { Prisma } from '#generated/prisma/client.ts';
import type { Actor, Deps } from './deps.ts';
import { enqueue, type NewJob } from './enqueue.ts';
import { BadUserInput, IdempotencyConflict } from './errors.ts';

export type Tx = Prisma.TransactionClient;
export type Json = Prisma.InputJsonValue;
export type Subject = { type: string; id: string };

/** What a change may do beside its own statements; all of it is part of the one transaction, except `publish`. */
export type Write = {
  tx: Tx;
  /** Says what the change was about; the audit row tells it. */
  about(subject: Subject, detail?: Record<string, unknown>): void;
  enqueue(job: NewJob): Promise<{ id: string }>;
  /** Wakes the channel's readers after the commit. */
  publish(channel: string): void;
};

export type Change<Result> = {
  /** As `conversation.create`: the audit row's action, and what an idempotency key is bound to. */
  action: string;
  /** With a key: the same key and input answer the first result again, which then must be JSON. */
  once?: { key: string | null | undefined; input: unknown };
  /** For what takes longer than a request may: milliseconds. */
  timeoutMs?: number;
  run(write: Write): Promise<Result>;
};

const MAX_KEY_LENGTH = 255;
const TRANSACTION_TIMEOUT_MS = 10_000;
const DEADLOCK_ATTEMPTS = 3;

/**
 * Runs every write: one transaction holds the change, its audit row, its idempotency key and its jobs; readers are woken
 * after the commit. A transaction that lost a deadlock is run again.
 */
export async function write<Result>(deps: Deps, change: Change<Result>): Promise<Result> {
  const key = validateIdempotencyKey(change.once?.key);
  for (let attempt = 1; ; attempt += 1) {
    const channels = new Set<string>();
    try {
      const result = await deps.database.prisma.$transaction((tx) => runInside(tx, deps, change, key, channels), {
        maxWait: TRANSACTION_TIMEOUT_MS,
        timeout: change.timeoutMs ?? TRANSACTION_TIMEOUT_MS,
      });
      for (const channel of channels) deps.pubsub.publish(channel);
      return result;
    } catch (error) {
      if (attempt === DEADLOCK_ATTEMPTS || !isDeadlock(error)) throw error;
    }
  }
}

async function runInside<Result>(
  tx: Tx,
  deps: Deps,
  change: Change<Result>,
  key: string | null,
  channels: Set<string>,
): Promise<Result> {
  const claim = key && {
    userId: deps.actor.userId,
    key,
    action: change.action,
    inputHash: inputHash(change.once?.input),
  };
  if (claim) {
    const first = await firstAnswer<Result>(tx, claim);
    if (first) return first.result;
  }
  let about: { subject?: Subject; detail?: Record<string, unknown> } = {};
  const publish = (channel: string) => void channels.add(channel);
  const result = await change.run({
    tx,
    about: (subject, detail) => {
      about = { subject, ...(detail ? { detail } : {}) };
    },
    enqueue: (job) => enqueue(tx, deps, job, publish),
    publish,
  });
  await tx.auditEntry.create({ data: auditRow(deps.actor, change.action, about.subject, about.detail) });
  if (claim) {
    await tx.idempotencyKey.update({
      where: { userId_key: { userId: claim.userId, key: claim.key } },
      data: { result: result as Json },
    });
  }
  return result;
}

type Claim = { userId: string; key: string; action: string; inputHash: Uint8Array<ArrayBuffer> };

/** Claims the key, waiting for whoever is about to; answers the first answer where somebody was before. */
async function firstAnswer<Result>(tx: Tx, claim: Claim): Promise<{ result: Result } | null> {
  const { count } = await tx.idempotencyKey.createMany({ data: [claim], skipDuplicates: true });
  if (count === 1) return null;
  const { userId, key } = claim;
  const first = await tx.idempotencyKey.findUniqueOrThrow({ where: { userId_key: { userId, key } } });
  return { result: assertSameRequest(first, claim).result as Result };
}

/** The first claim, where the repeated one asks for the same thing; throws IdempotencyConflict where not. */
export function assertSameRequest<First extends Omit<Claim, 'userId' | 'key'>>(
  first: First,
  claim: Omit<Claim, 'userId' | 'key'>,
): First {
  if (first.action !== claim.action || Buffer.compare(first.inputHash, claim.inputHash) !== 0)
    throw new IdempotencyConflict();
  return first;
}

/** Keys answer for 24 hours at least. */
export async function forgetOldIdempotencyKeys({ prisma }: Pick<Database, 'prisma'>): Promise<void> {
  await prisma.$executeRaw`DELETE FROM idempotency_keys WHERE created_at < now() - interval '48 hours'`;
}

export function validateIdempotencyKey(key: string | null | undefined): string | null {
  if (key == null) return null;
  const usable = key.length > 0 && key.length <= MAX_KEY_LENGTH && key.isWellFormed() && !key.includes('\0');
  if (!usable)
    throw new BadUserInput(
      'input.idempotencyKey',
      `An idempotency key has 1 to ${MAX_KEY_LENGTH} characters, none of them NUL.`,
    );
  return key;
}

export function inputHash(input: unknown): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(JSON.stringify(input, sortedKeys)).digest());
}

/** Two spellings of one input hash alike, whatever order their fields came in; `metadata` keeps its own. */
function sortedKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function auditRow(actor: Actor, action: string, subject?: Subject, detail?: Record<string, unknown>) {
  return {
    id: uuidv7(),
    actorId: actor.userId,
    apiKeyId: actor.apiKeyId,
    action,
    subjectType: subject?.type ?? null,
    subjectId: subject?.id ?? null,
    requestId: actor.requestId,
    ip: actor.ip,
    ...(detail ? { detail: detail as Json } : {}),
  };
}

/** PostgreSQL chose this transaction to end a deadlock (40P01), or could not order it with another (40001). */
function isDeadlock(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2034';
}
