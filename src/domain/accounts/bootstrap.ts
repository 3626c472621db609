import { randomBytes } from 'node:crypto';
import type { Database } from '#adapters/database/database.ts';
import type { Services } from '#domain/core/deps.ts';
import type { Tx } from '#domain/core/transaction.ts';
import type { User } from '#generated/prisma/client.ts';
import { createApiKey, hashSecret, insertApiKey, newSecret, prefixOf } from './api-keys.ts';
import { validateUser } from './users.ts';

const ALL_SCOPES = ['READ', 'WRITE', 'ADMIN', 'ACT_AS'] as const;

/** Ensures that the key of BOOTSTRAP_ADMIN_KEY is one of an ADMIN. Any number of processes may do so at once. */
export async function ensureGivenKey({ prisma }: Pick<Database, 'prisma'>, secret: string): Promise<void> {
  await prisma.$transaction(async (tx) => {
    await lockKeys(tx);
    if (await tx.apiKey.findUnique({ where: { hash: hashSecret(secret) }, select: { id: true } })) return;
    await insertAdminKey(tx, `BOOTSTRAP_ADMIN_KEY ${prefixOf(secret)}`, secret);
  });
}

/**
 * Makes a key of an ADMIN on an installation without any key, and returns its secret this once; null otherwise. Any number of
 * processes may do so at once.
 */
export async function createFirstKey({ prisma }: Pick<Database, 'prisma'>): Promise<string | null> {
  return prisma.$transaction(async (tx) => {
    await lockKeys(tx);
    if (await tx.apiKey.findFirst({ select: { id: true } })) return null;
    const secret = newSecret();
    await insertAdminKey(tx, 'first key', secret);
    return secret;
  });
}

/** Makes one more key of the ADMIN whom the first key has, for an operator who has lost theirs. Returns its secret. */
export async function createAdminKey(services: Services): Promise<string> {
  const { id: userId, role } = await services.database.prisma.$transaction(async (tx) => {
    await lockKeys(tx);
    return findOrCreateAdmin(tx);
  });
  const actor = { userId, role, apiKeyId: null, scopes: ALL_SCOPES, requestId: null, ip: null };
  return (await createApiKey({ ...services, actor }, { name: 'npm run keys', scopes: ALL_SCOPES })).secret;
}

async function lockKeys(tx: Tx): Promise<void> {
  await tx.$executeRaw`LOCK TABLE api_keys IN SHARE ROW EXCLUSIVE MODE`;
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
