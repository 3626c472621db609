import type { Database } from '#adapters/database/database.ts';
import { DomainError, Forbidden, Unauthenticated, UserSuspended } from '#domain/core/errors.ts';
import type { ApiKeyScope, Role } from '#generated/prisma/enums.ts';
import { hashSecret } from './api-keys.ts';

/** The identity behind a key, at most a second old. */
export type Identity = {
  apiKeyId: string;
  userId: string;
  role: Role;
  scopes: readonly ApiKeyScope[];
  expiresAt: Date | null;
  /** How many of its user's points the key may spend per minute; null for all of them. */
  pointsPerMinute: number | null;
  /** How many points its user may spend per minute; null for RATE_LIMIT_POINTS. */
  userPointsPerMinute: number | null;
};

/** The credentials of a request: the key, and the name of the user that it acts for. */
export type Credentials = { secret: string; actAs: string | null };

type FoundKey = Identity & {
  ordinal: number;
  revoked: boolean;
  suspended: boolean;
  actedUserId: string | null;
  actedUserSuspended: boolean;
  actedUserPointsPerMinute: number | null;
};

/** Looks up identities, or the reasons why there are none, in the order of the credentials. One statement. */
export async function findIdentities(
  database: Pick<Database, 'sql'>,
  credentials: readonly Credentials[],
): Promise<(Identity | DomainError)[]> {
  const rows = await database.sql<FoundKey>(FIND_KEYS, [
    credentials.map(({ secret }) => Buffer.from(hashSecret(secret))),
    credentials.map(({ actAs }) => actAs),
  ]);
  const found = new Map(rows.map((row) => [row.ordinal - 1, row]));
  return credentials.map((each, index) => {
    const row = found.get(index);
    return row ? identityOf(row, each) : new Unauthenticated();
  });
}

function identityOf(row: FoundKey, { actAs }: Credentials): Identity | DomainError {
  const {
    revoked,
    suspended,
    actedUserId,
    actedUserSuspended,
    actedUserPointsPerMinute,
    ordinal: _ordinal,
    ...key
  } = row;
  if (revoked) return new Unauthenticated('This API key was revoked; make a new one.');
  if (suspended) return new UserSuspended();
  if (actAs === null) return key;
  const acting = identityActingAs({ ...key, userPointsPerMinute: actedUserPointsPerMinute }, actAs, actedUserId);
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

export const unknownUserError = (username: string) =>
  new Forbidden(
    `There is no user named ${JSON.stringify(username)} to act as; an ADMIN creates users with \`createUser\`.`,
  );

/**
 * Finds keys by their hashes ($1), and the users to act as by their names ($2). The last use of a key and the last login of its user are
 * updated at most once a minute, and not while another transaction has locked them.
 */
const FIND_KEYS = /* sql */ `
WITH found AS MATERIALIZED (
  SELECT w.ordinal, w.act_as, k.id, k.user_id, u.role, k.scopes, k.expires_at, k.revoked_at IS NOT NULL AS revoked, k.points_per_minute,
    u.suspended_at IS NOT NULL AS suspended, a.id AS acted_user_id, a.suspended_at IS NOT NULL AS acted_user_suspended,
    u.points_per_minute AS user_points_per_minute, a.points_per_minute AS acted_user_points_per_minute, k.last_used_at, u.last_login_at
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
  acted_user_id AS "actedUserId", acted_user_suspended AS "actedUserSuspended", points_per_minute AS "pointsPerMinute",
  user_points_per_minute AS "userPointsPerMinute", acted_user_points_per_minute AS "actedUserPointsPerMinute" FROM found`;
