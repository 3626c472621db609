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
};

/** Whether the actor may do what is for ADMINs: their user is one, and their key has the scope ADMIN. */
export const isAdmin = ({ role, scopes }: Actor): boolean => role === 'ADMIN' && scopes.includes('ADMIN');
