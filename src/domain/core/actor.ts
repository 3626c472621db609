import type { ApiKeyScope, Role } from '#generated/prisma/enums.ts';

/** Who acts: the viewer, on whose behalf it is done, and the API key that acts for them. */
export type Actor = {
  userId: string;
  role: Role;
  /** Null where the server acts by itself, on the CLI or in a job. */
  apiKeyId: string | null;
  scopes: readonly ApiKeyScope[];
  requestId: string | null;
  ip: string | null;
  /** How many of the user's points the key may spend per minute; all of them if omitted. */
  pointsPerMinute?: number | null;
  /** How many points the user may spend per minute; RATE_LIMIT_POINTS if omitted. */
  userPointsPerMinute?: number | null;
};

/** The id of no user. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** The server itself: for scheduled work, and for work that belongs to no single user. */
export const SYSTEM_ACTOR: Actor = {
  userId: NOBODY,
  role: 'ADMIN',
  apiKeyId: null,
  scopes: ['READ', 'WRITE', 'ADMIN'],
  requestId: null,
  ip: null,
};

/** Returns the user on whose behalf the actor acts; null where the server acts for itself. */
export const userOf = ({ userId }: Actor): string | null => (userId === NOBODY ? null : userId);

/** Whether the actor has admin rights: the user is an ADMIN, and the key has the scope ADMIN. */
export const isAdmin = ({ role, scopes }: Actor): boolean => role === 'ADMIN' && scopes.includes('ADMIN');
