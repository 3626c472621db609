import { createBatcher } from '#adapters/database/batching.ts';
import type { Database } from '#adapters/database/database.ts';

/** The state of everything that belongs to a user, at a moment. */
export type PresentRevision = {
  /** Equal only if nothing was changed in between: it covers the database, its start and the revision. */
  stamp: string;
  /** The moment by the database's clock, in milliseconds since 1970. */
  readAt: number;
  /** The user's revision; 0 if nothing of theirs has changed yet. */
  number: bigint;
  /** When the database server was started, in seconds since 1970. */
  serverStartedAt: number;
};

/** Reads the present revision of a user from the database; null if there is no such user. */
export type ReadPresentRevision = (userId: string) => Promise<PresentRevision | null>;

/**
 * Creates a process's reader, which batches concurrent reads. Its statement begins after the call, so it sees everything that was committed
 * before. It never reads from a cache, nor from a replica, which may lag behind.
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
 * A restored backup has another epoch. A server that took over without the last commits of the previous one has another start time. Either
 * may reuse the same revision numbers. A user without a row has no changes yet.
 */
const PRESENT = /* sql */ `
SELECT u.id AS "userId", (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "readAt",
  coalesce(r.number, 0)::bigint AS number, extract(epoch FROM pg_postmaster_start_time())::float8 AS "serverStartedAt",
  concat_ws('.', encode(s.value, 'base64'), extract(epoch FROM pg_postmaster_start_time()), coalesce(r.number, 0)) AS stamp
FROM users u LEFT JOIN revisions r ON r.user_id = u.id, server_settings s
WHERE u.id = ANY($1::uuid[]) AND s.name = 'epoch'`;
