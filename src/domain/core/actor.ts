import type { ApiKeyScope, Role } from '#generated/prisma/enums.ts';

/** Who does it: the viewer (the user it is done for), and the key that acts for them. */
export type Actor = {
  userId: string;
  role: Role;
  /** Null for what the server does by itself, on the CLI or in a job. */
  apiKeyId: string | null;
  scopes: readonly ApiKeyScope[];
  requestId: string | null;
  ip: string | null;
  /** What the key may spend of the user's points in a minute; all of them where it is left out. */
  pointsPerMinute?: number | null;
};

/** The id of no user. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** The server itself, for what it does by schedule and what concerns no single user. */
export const SYSTEM_ACTOR: Actor = {
  userId: NOBODY,
  role: 'ADMIN',
  apiKeyId: null,
  scopes: ['READ', 'WRITE', 'ADMIN'],
  requestId: null,
  ip: null,
};

/** Returns the user for whom it is done; null for what the server does for itself. */
export const userOf = ({ userId }: Actor): string | null => (userId === NOBODY ? null : userId);

/** Whether the actor may do what is for ADMINs: their user is one, and their key has the scope ADMIN. */
export const isAdmin = ({ role, scopes }: Actor): boolean => role === 'ADMIN' && scopes.includes('ADMIN');
