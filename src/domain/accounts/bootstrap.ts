import { randomBytes } from 'node:crypto';
import type { Database } from '#adapters/database/database.ts';
import type { Services } from '#domain/core/deps.ts';
import { Conflict } from '#domain/core/errors.ts';
import { runTransaction, type TransactionChange, type TransactionServices, type Tx } from '#domain/core/transaction.ts';
import type { User } from '#generated/prisma/client.ts';
import { createApiKey, hashSecret, insertApiKey, newSecret, prefixOf } from './api-keys.ts';
import { validateUser } from './users.ts';

/** Longer than for a user's request, because other processes may be creating their keys at the same time. */
const LIMITS = { timeoutMs: 10_000, lockWaitMs: 10_000 };
const ALL_SCOPES = ['READ', 'WRITE', 'ADMIN', 'ACT_AS'] as const;

/** Ensures that the key in BOOTSTRAP_ADMIN_KEY exists and belongs to an ADMIN. Safe to run in several processes at once. */
export async function ensureGivenKey(services: TransactionServices, secret: string): Promise<void> {
  await withLockedKeys(services, async (change) => {
    if (await change.tx.apiKey.findUnique({ where: { hash: hashSecret(secret) }, select: { id: true } })) return;
    await insertAdminKey(change, `BOOTSTRAP_ADMIN_KEY ${prefixOf(secret)}`, secret);
  });
}

/**
 * Creates an ADMIN key on an installation without any keys, and returns its secret this once; otherwise null. Safe to run in several
 * processes at once.
 */
export async function createFirstKey(services: TransactionServices): Promise<string | null> {
  return withLockedKeys(services, async (change) => {
    if (await change.tx.apiKey.findFirst({ select: { id: true } })) return null;
    const secret = newSecret();
    await insertAdminKey(change, 'first key', secret);
    return secret;
  });
}

/**
 * Creates another key of the ADMIN who has the first key, for an operator who has lost theirs. Returns its secret. Throws Conflict if that
 * ADMIN is suspended.
 */
export async function createAdminKey(services: Services): Promise<string> {
  const { id: userId, role, username, suspendedAt } = await withLockedKeys(services, ({ tx }) => findOrCreateAdmin(tx));
  if (suspendedAt)
    throw new Conflict(`${username} is suspended; \`npx parley users unsuspend ${username}\` lifts that.`);
  const actor = { userId, role, apiKeyId: null, scopes: ALL_SCOPES, requestId: null, ip: null };
  return (await createApiKey({ ...services, actor }, { name: 'npm run keys', scopes: ALL_SCOPES })).secret;
}

/** Runs a transaction during which nobody else can create a key. */
function withLockedKeys<T>(services: TransactionServices, run: (change: TransactionChange) => Promise<T>): Promise<T> {
  return runTransaction(services, LIMITS, async (change) => {
    await change.tx.$executeRaw`LOCK TABLE api_keys IN SHARE ROW EXCLUSIVE MODE`;
    return run(change);
  });
}

async function insertAdminKey(change: TransactionChange, name: string, secret: string): Promise<void> {
  const { id: userId } = await findOrCreateAdmin(change.tx);
  await insertApiKey(change, { name, scopes: [...ALL_SCOPES], userId, expiresAt: null }, secret);
}

async function findOrCreateAdmin(tx: Tx): Promise<User> {
  return (
    (await tx.user.findUnique({ where: { username: 'admin' } })) ??
    (await tx.user.create({ data: validateUser({ username: 'admin', role: 'ADMIN' }) }))
  );
}

/** Returns 32 random bytes that all processes of the installation share. They are created on first use and never change. */
export async function sharedSecret({ prisma }: Pick<Database, 'prisma'>, name: string): Promise<Uint8Array> {
  await prisma.serverSetting.createMany({
    data: [{ name, value: new Uint8Array(randomBytes(32)) }],
    skipDuplicates: true,
  });
  const { value } = await prisma.serverSetting.findUniqueOrThrow({ where: { name } });
  return value;
}
