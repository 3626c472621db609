import { createBatcher } from '#adapters/database/batching.ts';
import type { Database } from '#adapters/database/database.ts';

/** The state of all that is a user's, at a moment. */
export type PresentRevision = {
  /** Equal only where nothing has been changed in between: of one database, since one start of it, at one revision. */
  stamp: string;
  /** The moment, by the clock of the database: milliseconds since 1970. */
  readAt: number;
  /** The user's revision; 0 where nothing of theirs has changed yet. */
  number: bigint;
  /** When the server of the database was started: seconds since 1970. */
  serverStartedAt: number;
};

/** Reads the present revision of a user, from the database; null where there is no such user. */
export type ReadPresentRevision = (userId: string) => Promise<PresentRevision | null>;

/**
 * Creates the reader of a process, which asks once for all who ask at about the same time. Its statement begins after the call, so
 * it sees whatever was committed before: never from a copy, nor from a replica of the database, which may lag behind.
 */
export function createPresentRevisions({ sql }: Pick<Database, 'sql'>): ReadPresentRevision {
  const batcher = createBatcher<string, PresentRevision | null>(async (userIds) => {
    const rows = await sql<PresentRevision & { userId: string }>(PRESENT, [[...new Set(userIds)]]);
    const found = new Map(rows.map(({ userId, ...present }) => [userId, present]));
    return userIds.map((userId) => found.get(userId) ?? null);
  });
  return (userId) => batcher.load(userId);
}

/**
 * A restored backup has another epoch. A server that took over from one whose last commits it lacks has started at another time:
 * both may count the same revisions again. Without a row nothing of the user's has changed yet.
 */
const PRESENT = /* sql */ `
SELECT u.id AS "userId", (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "readAt",
  coalesce(r.number, 0)::bigint AS number, extract(epoch FROM pg_postmaster_start_time())::float8 AS "serverStartedAt",
  concat_ws('.', encode(s.value, 'base64'), extract(epoch FROM pg_postmaster_start_time()), coalesce(r.number, 0)) AS stamp
FROM users u LEFT JOIN revisions r ON r.user_id = u.id, server_settings s
WHERE u.id = ANY($1::uuid[]) AND s.name = 'epoch'`;
