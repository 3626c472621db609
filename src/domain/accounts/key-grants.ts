import { isAdmin } from '#domain/core/actor.ts';
import type { Deps } from '#domain/core/deps.ts';
import { DomainError, Forbidden, NotFound, Unauthenticated } from '#domain/core/errors.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import type { Tx } from '#domain/core/transaction.ts';
import type { ApiKey } from '#generated/prisma/client.ts';
import type { ApiKeyScope } from '#generated/prisma/enums.ts';

/** The maximum number of a user's keys that are neither expired nor revoked. */
export const MAX_KEYS_PER_USER = 100;

/**
 * Returns when the actor's own key expires; null for never, and for the server itself. Locks the key, so that it cannot be revoked before
 * the transaction ends. Throws Unauthenticated if it was revoked by then, and Forbidden if it acts for another user, whose keys it must not
 * manage.
 */
export async function readOwnExpiry(tx: Tx, { actor }: Deps): Promise<Date | null> {
  if (!actor.apiKeyId) return null;
  await lockRow(tx, 'api_keys', actor.apiKeyId);
  const own = await tx.apiKey.findUnique({ where: { id: actor.apiKeyId } });
  if (!own || own.revokedAt) throw new Unauthenticated('This API key was revoked; make a new one.');
  if (own.userId === actor.userId) return own.expiresAt;
  throw new Forbidden(
    "A key that acts for another user manages none of that user's keys; use a key of the user, or of an ADMIN without x-act-as.",
  );
}

/** Returns the expiry of a new key: at the latest that of the key which creates it (`own`). Throws Forbidden. */
export function boundExpiry(own: Date | null, wanted: Date | null): Date | null {
  if (own && wanted && wanted > own)
    throw new Forbidden(`A key makes none that outlives it; this one expires at ${own.toISOString()}.`);
  return wanted ?? own;
}

/** Returns the scopes without duplicates. Throws Forbidden for one that the actor's key lacks. */
export function assertGrantableScopes({ actor }: Deps, scopes: readonly ApiKeyScope[]): ApiKeyScope[] {
  const missing = scopes.filter((scope) => !actor.scopes.includes(scope));
  if (missing.length > 0)
    throw new Forbidden(`A key hands out only scopes that it has itself; this one lacks ${missing.join(', ')}.`);
  return [...new Set(scopes)];
}

/** Locks the user against concurrent new keys, and checks that one more is allowed. Throws NotFound, LIMIT_EXCEEDED. */
export async function reserveKey(tx: Tx, { now }: Deps, userId: string): Promise<void> {
  if (!(await lockRow(tx, 'users', userId))) throw new NotFound('user');
  const live = await tx.apiKey.count({
    where: { userId, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now() } }] },
  });
  if (live < MAX_KEYS_PER_USER) return;
  throw new DomainError(
    'LIMIT_EXCEEDED',
    `A user has at most ${MAX_KEYS_PER_USER} API keys; revoke one that is not needed.`,
    { limit: MAX_KEYS_PER_USER, limited: 'API keys', actual: live },
  );
}

/** Locks a key: the actor's own, or for an ADMIN any. Throws NotFound. */
export async function lockApiKey(tx: Tx, { actor }: Deps, id: string): Promise<ApiKey> {
  await tx.$queryRaw`SELECT id FROM api_keys WHERE id = ${id}::uuid FOR UPDATE`;
  const key = await tx.apiKey.findUnique({ where: { id } });
  if (!key || (key.userId !== actor.userId && !isAdmin(actor))) throw new NotFound('API key');
  return key;
}
