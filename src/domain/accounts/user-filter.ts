import type { Role } from '#generated/prisma/enums.ts';

/** A filter for users; null matches any. */
export type UserFilter = {
  /** A part of the username. */
  usernameContains: string | null;
  role: Role | null;
  suspended: boolean | null;
};
