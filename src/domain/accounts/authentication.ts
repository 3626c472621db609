import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { createBatcher } from '#adapters/database/batching.ts';
import type { Database } from '#adapters/database/database.ts';
import { DomainError, Forbidden, Unauthenticated, UserSuspended } from '#domain/core/errors.ts';
import type { ApiKeyScope, Role } from '#generated/prisma/enums.ts';
import { hashSecret } from './api-keys.ts';
import { isUsername } from './users.ts';

/** The identity behind a key, at most a second old. */
export type Identity = {
  apiKeyId: string;
  userId: string;
  role: Role;
  scopes: readonly ApiKeyScope[];
  expiresAt: Date | null;
  /** How many of its user's points the key may spend per minute; null for all of them. */
  pointsPerMinute: number | null;
};

/** The credentials of a request: the key, and the name of the user that it acts for. */
export type Credentials = { secret: string; actAs: string | null };

/** Returns a cache key that is unique to the credentials. */
export const keyOfCredentials = ({ secret, actAs }: Credentials): string => `${secret} ${actAs ?? ''}`;

/** Resolves API keys to identities. */
export type Authentication = {
  /**
   * Throws Unauthenticated, UserSuspended, or Forbidden if the key may not act as the named user. Keys of a `suspect` that are not cached
   * are looked up together, a few times a second, however many they are.
   */
  identify(credentials: Credentials, suspect?: boolean): Promise<Identity>;
  /** Clears the caches, after keys have changed. */
  forget(): void;
};

/** For how long an identity is cached, which bounds how long a revoked key works if a wake is lost. */
const KNOWN_FOR_MS = 1_000;
/** From what age on a cached identity is refreshed in the background when it is used, so that no request waits for it. */
const RENEWED_AFTER_MS = 500;
/** For how long an invalid key, or one of a suspended user, is rejected without a lookup. */
const INVALID_FOR_MS = 10_000;
/** The size of each cache. Invalid keys have one of their own, so that they cannot evict valid ones. */
const KEYS_KEPT = 10_000;
/** The maximum number of keys in one statement; all lookups of a process are batched. */
const MAX_KEYS_A_STATEMENT = 20_000;
/** For how long keys of suspects are collected for one lookup. */
const SUSPECT_DELAY_MS = 250;
const SECRET = /^prl_[A-Za-z0-9_-]{43}$/;

/** Creates the authentication by the table of keys. */
export function createAuthentication(database: Pick<Database, 'sql'>, now: () => Date): Authentication {
  const valid = new LRUCache<string, Identity>({ max: KEYS_KEPT, ttl: KNOWN_FOR_MS });
  const invalid = new LRUCache<string, DomainError>({ max: KEYS_KEPT, ttl: INVALID_FOR_MS });
  const pending = new Map<string, Promise<Identity>>();
  /** Raised by `forget`: results of lookups that began earlier may be stale, and are not cached. */
  let version = 0;
  const lookup = createBatcher<Credentials, Identity>((keys) => findIdentities(database, keys), {
    maxBatchSize: MAX_KEYS_A_STATEMENT,
  });
  let round: Promise<void> | undefined;
  const waitForRound = () => {
    round ??= sleep(SUSPECT_DELAY_MS).then(() => {
      round = undefined;
    });
    return round;
  };

  async function lookUp(key: string, credentials: Credentials, suspect: boolean): Promise<Identity> {
    const begunAt = version;
    try {
      if (suspect) await waitForRound();
      const found = await lookup.load(credentials);
      if (begunAt === version) valid.set(key, found);
      return found;
    } catch (error) {
      if (begunAt === version && error instanceof DomainError) {
        valid.delete(key);
        if (error instanceof Unauthenticated || error instanceof UserSuspended) invalid.set(key, error);
      }
      throw error;
    } finally {
      if (begunAt === version) pending.delete(key);
    }
  }

  function lookUpOnce(key: string, credentials: Credentials, suspect: boolean): Promise<Identity> {
    const lookingUp = pending.get(key) ?? lookUp(key, credentials, suspect);
    pending.set(key, lookingUp);
    return lookingUp;
  }

  function findKnown(key: string, credentials: Credentials): Identity | undefined {
    const known = valid.get(key);
    if (known && valid.getRemainingTTL(key) < KNOWN_FOR_MS - RENEWED_AFTER_MS)
      lookUpOnce(key, credentials, false).catch(() => {}); // an error reaches the next request
    return known;
  }

  return {
    async identify(credentials, suspect = false) {
      assertPlausible(credentials);
      const key = keyOfCredentials(credentials);
      const refusal = invalid.get(key);
      if (refusal) throw refusal;
      const identity = findKnown(key, credentials) ?? (await lookUpOnce(key, credentials, suspect));
      const { expiresAt } = identity;
      if (expiresAt && expiresAt <= now()) throw new Unauthenticated('This API key has expired; make a new one.');
      return identity;
    },
    forget() {
      for (const known of [valid, invalid, pending]) known.clear();
      version += 1;
    },
  };
}

function assertPlausible({ secret, actAs }: Credentials): void {
  if (!SECRET.test(secret)) throw new Unauthenticated();
  if (actAs !== null && !isUsername(actAs)) throw unknownUserError(actAs);
}

type FoundKey = Identity & {
  ordinal: number;
  revoked: boolean;
  suspended: boolean;
  actedUserId: string | null;
  actedUserSuspended: boolean;
};

/** Looks up identities, or the reasons why there are none, in the order of the credentials. One statement. */
async function findIdentities(
  database: Pick<Database, 'sql'>,
  credentials: readonly Credentials[],
): Promise<(Identity | DomainError)[]> {
  const rows = await database.sql<FoundKey>(FIND_KEYS, [
    credentials.map(({ secret }) => Buffer.from(hashSecret(secret))),
    credentials.map(({ actAs }) => actAs),
  ]);
  const found: (Identity | DomainError)[] = credentials.map(() => new Unauthenticated());
  for (const row of rows) found[row.ordinal - 1] = identityOf(row, credentials[row.ordinal - 1] as Credentials);
  return found;
}

function identityOf(row: FoundKey, { actAs }: Credentials): Identity | DomainError {
  const { revoked, suspended, actedUserId, actedUserSuspended, ordinal: _ordinal, ...key } = row;
  if (revoked) return new Unauthenticated('This API key was revoked; make a new one.');
  if (suspended) return new UserSuspended();
  if (actAs === null) return key;
  const acting = identityActingAs(key, actAs, actedUserId);
  return actedUserSuspended && !(acting instanceof DomainError) ? new UserSuspended() : acting;
}

/** A key that acts for another user only has the scopes READ and WRITE, and no rights above that user's. */
function identityActingAs(key: Identity, username: string, userId: string | null): Identity | DomainError {
  if (!key.scopes.includes('ACT_AS'))
    return new Forbidden('Acting for another user (x-act-as) takes an API key with the scope ACT_AS.');
  if (!userId) return unknownUserError(username);
  const scopes = key.scopes.filter((scope) => scope === 'READ' || scope === 'WRITE');
  return { ...key, userId, role: 'USER', scopes };
}

const unknownUserError = (username: string) =>
  new Forbidden(`There is no user named ${JSON.stringify(username)} to act as.`);

/**
 * Finds keys by their hashes ($1), and the users to act as by their names ($2). The last use of a key and the last login of its user are
 * updated at most once a minute, and not while another transaction has locked them.
 */
const FIND_KEYS = /* sql */ `
WITH found AS MATERIALIZED (
  SELECT w.ordinal, w.act_as, k.id, k.user_id, u.role, k.scopes, k.expires_at, k.revoked_at IS NOT NULL AS revoked, k.points_per_minute,
    u.suspended_at IS NOT NULL AS suspended, a.id AS acted_user_id, a.suspended_at IS NOT NULL AS acted_user_suspended, k.last_used_at, u.last_login_at
  FROM unnest($1::bytea[], $2::text[]) WITH ORDINALITY AS w(hash, act_as, ordinal)
  JOIN api_keys k ON k.hash = w.hash JOIN users u ON u.id = k.user_id LEFT JOIN users a ON a.username = w.act_as
), live AS (
  SELECT * FROM found WHERE NOT revoked AND NOT suspended AND (expires_at IS NULL OR expires_at > now())
), unused AS (
  SELECT id FROM api_keys WHERE id IN (SELECT id FROM live WHERE last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
  FOR NO KEY UPDATE SKIP LOCKED
), used AS (
  UPDATE api_keys k SET last_used_at = now() FROM unused WHERE k.id = unused.id
), absent AS (
  SELECT id FROM users WHERE id IN (SELECT user_id FROM live WHERE last_login_at IS NULL OR last_login_at < now() - interval '1 minute')
  FOR NO KEY UPDATE SKIP LOCKED
), seen AS (
  UPDATE users u SET last_login_at = now() FROM absent WHERE u.id = absent.id
)
SELECT ordinal::int, id AS "apiKeyId", user_id AS "userId", role, scopes::text[] AS scopes, expires_at AS "expiresAt", revoked, suspended,
  acted_user_id AS "actedUserId", acted_user_suspended AS "actedUserSuspended", points_per_minute AS "pointsPerMinute" FROM found`;
