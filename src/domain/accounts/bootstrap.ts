import { randomBytes } from 'node:crypto';
import type { Database } from '#adapters/database/database.ts';
import type { Services } from '#domain/core/deps.ts';
import { runTransaction, type TransactionDatabase, type Tx } from '#domain/core/transaction.ts';
import type { User } from '#generated/prisma/client.ts';
import { createApiKey, hashSecret, insertApiKey, newSecret, prefixOf } from './api-keys.ts';
import { validateUser } from './users.ts';

/** A start waits longer than a user does: other processes may be making their keys, too. */
const LIMITS = { timeoutMs: 10_000, lockWaitMs: 10_000 };
const ALL_SCOPES = ['READ', 'WRITE', 'ADMIN', 'ACT_AS'] as const;

/** Ensures that the key of BOOTSTRAP_ADMIN_KEY is one of an ADMIN. Any number of processes may do so at once. */
export async function ensureGivenKey(database: TransactionDatabase, secret: string): Promise<void> {
  await withLockedKeys(database, async (tx) => {
    if (await tx.apiKey.findUnique({ where: { hash: hashSecret(secret) }, select: { id: true } })) return;
    await insertAdminKey(tx, `BOOTSTRAP_ADMIN_KEY ${prefixOf(secret)}`, secret);
  });
}

/**
 * Makes a key of an ADMIN on an installation without any key, and returns its secret this once; null otherwise. Any number of
 * processes may do so at once.
 */
export async function createFirstKey(database: TransactionDatabase): Promise<string | null> {
  return withLockedKeys(database, async (tx) => {
    if (await tx.apiKey.findFirst({ select: { id: true } })) return null;
    const secret = newSecret();
    await insertAdminKey(tx, 'first key', secret);
    return secret;
  });
}

/** Makes one more key of the ADMIN whom the first key has, for an operator who has lost theirs. Returns its secret. */
export async function createAdminKey(services: Services): Promise<string> {
  const { id: userId, role } = await withLockedKeys(services.database, findOrCreateAdmin);
  const actor = { userId, role, apiKeyId: null, scopes: ALL_SCOPES, requestId: null, ip: null };
  return (await createApiKey({ ...services, actor }, { name: 'npm run keys', scopes: ALL_SCOPES })).secret;
}

/** Runs a transaction in which nobody else makes a key. */
function withLockedKeys<T>(database: TransactionDatabase, run: (tx: Tx) => Promise<T>): Promise<T> {
  return runTransaction(database, LIMITS, async (tx) => {
    await tx.$executeRaw`LOCK TABLE api_keys IN SHARE ROW EXCLUSIVE MODE`;
    return run(tx);
  });
}

async function insertAdminKey(tx: Tx, name: string, secret: string): Promise<void> {
  const { id: userId } = await findOrCreateAdmin(tx);
  await insertApiKey(tx, { name, scopes: [...ALL_SCOPES], userId, expiresAt: null }, secret);
}

async function findOrCreateAdmin(tx: Tx): Promise<User> {
  return (
    (await tx.user.findUnique({ where: { username: 'admin' } })) ??
    (await tx.user.create({ data: validateUser({ username: 'admin', role: 'ADMIN' }) }))
  );
}

/** Returns 32 random bytes that all processes of the installation share: the same whoever asks, from the first start on. */
export async function sharedSecret({ prisma }: Pick<Database, 'prisma'>, name: string): Promise<Uint8Array> {
  await prisma.serverSetting.createMany({
    data: [{ name, value: new Uint8Array(randomBytes(32)) }],
    skipDuplicates: true,
  });
  const { value } = await prisma.serverSetting.findUniqueOrThrow({ where: { name } });
  return value;
}
