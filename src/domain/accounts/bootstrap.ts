import { randomBytes } from 'node:crypto';
import type { Database } from '#adapters/database/database.ts';
import { hashSecret, insertApiKey, newSecret, prefixOf } from './api-keys.ts';
import { validateUser } from './users.ts';

const ALL_SCOPES = ['READ', 'WRITE', 'ADMIN', 'ACT_AS'] as const;

/**
 * Ensures that there is a first ADMIN key: the one of BOOTSTRAP_ADMIN_KEY, or else, on an installation without any
 * key, a new one, whose secret is returned this once; null otherwise. Any number of processes may start at the same time.
 */
export async function ensureAdminKey(
  { prisma }: Pick<Database, 'prisma'>,
  given: string | undefined,
): Promise<string | null> {
  return prisma.$transaction(async (tx) => {
    await tx.$executeRaw`LOCK TABLE api_keys IN SHARE ROW EXCLUSIVE MODE`;
    const existing = given
      ? await tx.apiKey.findUnique({ where: { hash: hashSecret(given) }, select: { id: true } })
      : await tx.apiKey.findFirst({ select: { id: true } });
    if (existing) return null;
    const user =
      (await tx.user.findUnique({ where: { username: 'admin' } })) ??
      (await tx.user.create({ data: validateUser({ username: 'admin', role: 'ADMIN' }) }));
    const secret = given ?? newSecret();
    const name = given ? `BOOTSTRAP_ADMIN_KEY ${prefixOf(secret)}` : 'first key';
    await insertApiKey(tx, { name, scopes: [...ALL_SCOPES], userId: user.id, expiresAt: null }, secret);
    return given ? null : secret;
  });
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
