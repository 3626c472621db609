import { LRUCache } from 'lru-cache';
import type { Database } from '#adapters/database/database.ts';
import { Forbidden, Unauthenticated } from '#domain/core/errors.ts';
import type { ApiKeyScope, Role } from '#generated/prisma/enums.ts';
import { hashSecret } from './api-keys.ts';
import { isUsername } from './users.ts';

/** Whom a key stands for, as it was at most a second ago. */
export type Identity = {
  apiKeyId: string;
  userId: string;
  role: Role;
  scopes: readonly ApiKeyScope[];
  expiresAt: Date | null;
};

/** What a request shows of who it is: the key, and the name of the user that it acts for. */
export type Credentials = { secret: string; actAs: string | null };

/** Finds out who stands behind a key. */
export type Authentication = {
  /** Throws Unauthenticated; Forbidden where the key may not act as the user that is named. */
  identify(credentials: Credentials): Promise<Identity>;
  /** Forgets what it knew: keys have changed. */
  forget(): void;
};

/** How long an identity is used before it is read again: a bound on how long a revoked key works where no wake comes. */
const KNOWN_FOR_MS = 1_000;
/** Identities kept at a time. */
const KEYS_KEPT = 10_000;
const SECRET = /^prl_[A-Za-z0-9_-]{43}$/;

type KeyRow = Identity & { revoked: boolean };

/** Authentication by the table of keys, remembered for a second. */
export function createAuthentication(database: Pick<Database, 'sql'>, now: () => Date): Authentication {
  const known = new LRUCache<string, Promise<Identity>>({ max: KEYS_KEPT, ttl: KNOWN_FOR_MS });
  const keyOf = ({ secret, actAs }: Credentials) => `${secret}\0${actAs ?? ''}`;
  return {
    async identify(credentials) {
      const { secret, actAs } = credentials;
      const cacheKey = keyOf(credentials);
      let found = known.get(cacheKey);
      if (!found) {
        if (!SECRET.test(secret)) throw new Unauthenticated();
        if (actAs !== null && !isUsername(actAs)) throw unknownUserError(actAs);
        found = findIdentity(database, secret, actAs);
        known.set(cacheKey, found);
        // A key that is wrong stays wrong; whatever else went wrong may be right the next time.
        found.catch((error) => error instanceof Unauthenticated || known.delete(cacheKey));
      }
      const identity = await found;
      if (identity.expiresAt && identity.expiresAt <= now())
        throw new Unauthenticated('This API key has expired; make a new one.');
      return identity;
    },
    forget: () => known.clear(),
  };
}

async function findIdentity(database: Pick<Database, 'sql'>, secret: string, actAs: string | null): Promise<Identity> {
  const [key] = await database.sql<KeyRow>(FIND_KEY, [Buffer.from(hashSecret(secret))]);
  if (!key) throw new Unauthenticated();
  if (key.revoked) throw new Unauthenticated('This API key was revoked; make a new one.');
  return actAs === null ? key : identityActingAs(database, key, actAs);
}

/** A key that acts for another user takes READ and WRITE along, and nothing that is above that user. */
async function identityActingAs(database: Pick<Database, 'sql'>, key: Identity, username: string): Promise<Identity> {
  if (!key.scopes.includes('ACT_AS'))
    throw new Forbidden('Acting for another user (x-act-as) takes an API key with the scope ACT_AS.');
  const [user] = await database.sql<{ id: string }>('SELECT id FROM users WHERE username = $1', [username]);
  if (!user) throw unknownUserError(username);
  const scopes = key.scopes.filter((scope) => scope === 'READ' || scope === 'WRITE');
  return { ...key, userId: user.id, role: 'USER', scopes };
}

const unknownUserError = (username: string) =>
  new Forbidden(`There is no user named ${JSON.stringify(username)} to act as.`);

/** Finds a key by its hash; its last use and its user's last login are written at most once a minute. */
const FIND_KEY = /* sql */ `
WITH found AS (
  SELECT k.id, k.user_id, u.role, k.scopes, k.expires_at, k.revoked_at IS NOT NULL AS revoked
  FROM api_keys k JOIN users u ON u.id = k.user_id WHERE k.hash = $1
), live AS (
  SELECT * FROM found WHERE NOT revoked AND (expires_at IS NULL OR expires_at > now())
), used AS (
  UPDATE api_keys k SET last_used_at = now() FROM live
  WHERE k.id = live.id AND (k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute')
), seen AS (
  UPDATE users u SET last_login_at = now() FROM live
  WHERE u.id = live.user_id AND (u.last_login_at IS NULL OR u.last_login_at < now() - interval '1 minute')
)
SELECT id AS "apiKeyId", user_id AS "userId", role, scopes::text[] AS scopes, expires_at AS "expiresAt", revoked FROM found`;
