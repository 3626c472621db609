import { createHash, randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { isAdmin } from '#domain/core/actor.ts';
import { API_KEYS_CHANNEL } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, Forbidden } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { TransactionChange, Tx } from '#domain/core/transaction.ts';
import { checkText } from '#domain/core/validation.ts';
import { write, writeAndLoad } from '#domain/core/write.ts';
import type { ApiKey } from '#generated/prisma/client.ts';
import type { ApiKeyScope } from '#generated/prisma/enums.ts';
import { assertGrantableScopes, boundExpiry, lockApiKey, readOwnExpiry, reserveKey } from './key-grants.ts';

const SECRET_BYTES = 32;
/** What all keys begin with. */
export const KEY_START = 'prl_';
/** The length of the visible prefix: this and 8 characters, 48 of the 256 bits. */
const PREFIX_LENGTH = 12;
const DAY_SECONDS = 24 * 3600;
/** For how many days at most an old secret works after a rotation. */
export const MAX_GRACE_DAYS = 30;
const MAX_GRACE_SECONDS = MAX_GRACE_DAYS * DAY_SECONDS;
/** The maximum length of a key's name, in UTF-16 units. */
export const MAX_KEY_NAME_LENGTH = 200;

/** Returns a new secret: KEY_START and 256 random bits in base64url. */
export function newSecret(): string {
  return `${KEY_START}${randomBytes(SECRET_BYTES).toString('base64url')}`;
}

/** Hashes a secret with SHA-256. Only the hash is stored, and keys are looked up by it. */
export function hashSecret(secret: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(secret).digest());
}

/** Returns the prefix of a secret by which people recognize it. */
export const prefixOf = (secret: string) => secret.slice(0, PREFIX_LENGTH);

/** A key to be created, for the actor unless `userId` is given. */
export type NewApiKey = {
  name: string;
  scopes: readonly ApiKeyScope[];
  expiresAt?: Date | null | undefined;
  userId?: string | null | undefined;
  pointsPerMinute?: number | null | undefined;
};

/** A new key with its secret, which is stored nowhere. */
export type IssuedKey = { apiKey: ApiKey; secret: string };

/**
 * Creates a key for the actor, or, as an ADMIN, for another user. A key can neither grant a scope that it lacks, nor create a key that
 * outlives it. Throws BadUserInput, Forbidden, NotFound (user), LIMIT_EXCEEDED.
 */
export async function createApiKey(deps: Deps, input: NewApiKey): Promise<IssuedKey> {
  if (input.scopes.length === 0) throw new BadUserInput('input.scopes', 'Give at least one scope.');
  const scopes = assertGrantableScopes(deps, input.scopes);
  const userId = input.userId ?? deps.actor.userId;
  if (userId !== deps.actor.userId && !isAdmin(deps.actor))
    throw new Forbidden('Only an ADMIN makes keys for other users.');
  const wantedExpiry = input.expiresAt ?? null;
  if (wantedExpiry && wantedExpiry <= deps.now()) throw new BadUserInput('input.expiresAt', 'This lies in the past.');
  const pointsPerMinute = input.pointsPerMinute ?? null;
  if (input.pointsPerMinute !== undefined && !isAdmin(deps.actor))
    throw new Forbidden('Only an ADMIN sets what a key may spend.');
  const name = checkText('input.name', input.name, { max: MAX_KEY_NAME_LENGTH });
  const secret = newSecret();
  const apiKey = await write(deps, {
    action: 'api-key.create',
    async run({ about, ...change }) {
      const { tx } = change;
      const expiresAt = boundExpiry(await readOwnExpiry(tx, deps), wantedExpiry);
      await reserveKey(tx, deps, userId);
      await assertPoints(tx, deps, userId, pointsPerMinute);
      const row = await insertApiKey(change, { name, scopes, userId, expiresAt, pointsPerMinute }, secret);
      about(
        { type: 'ApiKey', id: row.id },
        { name, scopes, prefix: row.prefix, ...(pointsPerMinute && { pointsPerMinute }) },
      );
      return row;
    },
  });
  return { apiKey, secret };
}

/**
 * Creates a key with a new secret and the same name, scopes and expiry; the old one still works for `graceSeconds`. Throws BadUserInput,
 * NotFound, Forbidden, LIMIT_EXCEEDED.
 */
export async function rotateApiKey(
  deps: Deps,
  { apiKeyId: id, graceSeconds }: { apiKeyId: string; graceSeconds: number },
): Promise<IssuedKey> {
  if (graceSeconds < 0 || graceSeconds > MAX_GRACE_SECONDS) {
    throw new BadUserInput(
      'input.graceSeconds',
      `This must be a number of seconds from 0 to ${MAX_GRACE_SECONDS}, ${MAX_GRACE_DAYS} days.`,
    );
  }
  const secret = newSecret();
  const apiKey = await write(deps, {
    action: 'api-key.rotate',
    async run({ about, ...change }) {
      const { tx, publish, changed } = change;
      const ownExpiry = await readOwnExpiry(tx, deps);
      const old = await lockApiKey(tx, deps, id);
      if (old.revokedAt || (old.expiresAt && old.expiresAt <= deps.now()))
        throw new BadUserInput('input.apiKeyId', 'This key has ended; make a new one.');
      assertGrantableScopes(deps, old.scopes);
      const { name, scopes, userId, pointsPerMinute } = old;
      const expiresAt = boundExpiry(ownExpiry, old.expiresAt);
      await tx.apiKey.update({ where: { id }, data: endAfterGrace(old, deps.now(), graceSeconds) });
      await reserveKey(tx, deps, userId);
      changed({ ownerId: userId, type: 'API_KEY', id });
      const row = await insertApiKey(change, { name, scopes, userId, expiresAt, pointsPerMinute }, secret);
      about({ type: 'ApiKey', id }, { newKey: row.prefix, graceSeconds });
      publish(API_KEYS_CHANNEL);
      return row;
    },
  });
  return { apiKey, secret };
}

/**
 * Revokes a key at once, and closes its live sockets in every process. Repeating it changes nothing. Throws NotFound, Forbidden,
 * IdempotencyConflict.
 */
export function revokeApiKey(
  deps: Deps,
  { apiKeyId: id, idempotencyKey }: WithIdempotencyKey & { apiKeyId: string },
): Promise<ApiKey> {
  return writeAndLoad(deps, {
    action: 'api-key.revoke',
    once: { key: idempotencyKey, input: { apiKeyId: id } },
    async run({ tx, about, publish, changed }) {
      await readOwnExpiry(tx, deps);
      const key = await lockApiKey(tx, deps, id);
      if (key.revokedAt) return;
      await tx.apiKey.update({ where: { id }, data: { revokedAt: deps.now() } });
      about({ type: 'ApiKey', id }, { name: key.name });
      changed({ ownerId: key.userId, type: 'API_KEY', id });
      publish(API_KEYS_CHANNEL);
    },
    what: 'API key',
    load: (_, tx) => tx.apiKey.findUnique({ where: { id } }),
  });
}

/**
 * Sets how many of its user's points a key may spend per minute; null for all of them. ADMINs only, for the keys of any user. Takes effect
 * within a second. Throws Forbidden, NotFound, BadUserInput, IdempotencyConflict.
 */
export function updateApiKey(
  deps: Deps,
  { apiKeyId: id, pointsPerMinute, idempotencyKey }: ApiKeyChange,
): Promise<ApiKey> {
  return writeAndLoad(deps, {
    action: 'api-key.update',
    once: { key: idempotencyKey, input: { apiKeyId: id, pointsPerMinute } },
    async run({ tx, about, publish, changed }) {
      await readOwnExpiry(tx, deps);
      const key = await lockApiKey(tx, deps, id);
      await assertPoints(tx, deps, key.userId, pointsPerMinute ?? null);
      if (pointsPerMinute === undefined || key.pointsPerMinute === pointsPerMinute) return;
      await tx.apiKey.update({ where: { id }, data: { pointsPerMinute } });
      about({ type: 'ApiKey', id }, { pointsPerMinute });
      changed({ ownerId: key.userId, type: 'API_KEY', id });
      publish(API_KEYS_CHANNEL);
    },
    what: 'API key',
    load: (_, tx) => tx.apiKey.findUnique({ where: { id } }),
  });
}

/** A change of a key; omitted fields stay unchanged. */
export type ApiKeyChange = WithIdempotencyKey & {
  apiKeyId: string;
  pointsPerMinute?: number | null | undefined;
};

/** Throws BadUserInput for a limit of a key that is higher than that of its user. */
async function assertPoints(tx: Tx, { limits }: Deps, userId: string, points: number | null): Promise<void> {
  if (points === null) return;
  const user = await tx.user.findUniqueOrThrow({ where: { id: userId }, select: { pointsPerMinute: true } });
  const max = user.pointsPerMinute ?? limits.rateLimitPoints;
  if (points >= 1 && points <= max) return;
  throw new BadUserInput(
    'input.pointsPerMinute',
    `This must be a number of points from 1 to ${max}, as many as the user has.`,
  );
}

/** The maximum length of a user's list of keys, which includes expired and revoked ones. */
export const MAX_KEYS_LISTED = 500;

/** Lists the viewer's own keys, newest first, including expired and revoked ones. */
export function listOwnApiKeys({ database, actor }: Deps): Promise<ApiKey[]> {
  return database.prisma.apiKey.findMany({
    where: { userId: actor.userId },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: MAX_KEYS_LISTED,
  });
}

/** Stores a key as part of a transaction. */
export async function insertApiKey(
  { tx, changed }: TransactionChange,
  key: Pick<ApiKey, 'name' | 'scopes' | 'userId' | 'expiresAt'> & { pointsPerMinute?: number | null },
  secret: string,
): Promise<ApiKey> {
  const id = uuidv7();
  changed({ ownerId: key.userId, type: 'API_KEY', id });
  return tx.apiKey.create({ data: { id, ...key, prefix: prefixOf(secret), hash: hashSecret(secret) } });
}

function endAfterGrace(key: ApiKey, now: Date, graceSeconds: number): { revokedAt: Date } | { expiresAt: Date } {
  if (graceSeconds === 0) return { revokedAt: now };
  const end = new Date(now.getTime() + graceSeconds * 1000);
  return { expiresAt: key.expiresAt && key.expiresAt < end ? key.expiresAt : end };
}
