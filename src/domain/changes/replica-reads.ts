import { createBatcher } from '#adapters/database/batching.ts';
import type { Sql } from '#adapters/database/named-statements.ts';
import type { Replica, ReplicaReader } from '#adapters/database/replica/replica.ts';
import type { PresentRevision } from './present-revision.ts';

/** How many milliseconds longer than the primary the replica may take to return a revision, before the primary is used. */
const LATEST_MS = 100;

/** Returns a reader of the replica for a user if the replica has all changes of that user; else null. Never rejects. */
export type FindReader = (userId: string, present: Promise<PresentRevision | null>) => Promise<ReplicaReader | null>;

/**
 * Creates the function that decides whether a user's own data are read from the replica. Both servers are asked for the user's revision at
 * the same time, after the request has arrived. If they agree, the replica has everything that was acknowledged before, and keeps it. If
 * they differ, whether because of a write in flight or because of a failover, the primary is used. A primary that took over since the
 * replica was last compared with it may reuse the same revision numbers.
 */
export function createReplicaReads(replica: Replica): FindReader {
  const readRevisions = new WeakMap<ReplicaReader, (userId: string) => Promise<bigint>>();
  const revisionsOf = (reader: ReplicaReader) => {
    const known = readRevisions.get(reader) ?? createRevisions(reader.sql);
    readRevisions.set(reader, known);
    return known;
  };
  const find = async (userId: string, present: Promise<PresentRevision | null>) => {
    const reader = replica.reader();
    if (!reader) return null;
    const revisionRead = revisionsOf(reader)(userId).catch(() => null);
    const primary = await present;
    const replicaRevision = primary && (await orTimeout(revisionRead));
    const isCurrent =
      primary !== null && replicaRevision === primary.number && primary.serverStartedAt === reader.primaryStartedAt;
    return isCurrent ? reader : null;
  };
  return async (userId, present) => {
    const reader = await find(userId, present).catch(() => null);
    replica.reads[reader ? 'replica' : 'primary'] += 1;
    return reader;
  };
}

/** Resolves as the promise does, or with null after LATEST_MS. */
async function orTimeout<T>(promise: Promise<T>): Promise<T | null> {
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(resolve, LATEST_MS, null);
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function createRevisions(sql: Sql): (userId: string) => Promise<bigint> {
  const batcher = createBatcher<string, bigint>(async (userIds) => {
    const rows = await sql<{ userId: string; number: bigint }>(
      'SELECT user_id AS "userId", number FROM revisions WHERE user_id = ANY($1::uuid[])',
      [[...new Set(userIds)]],
    );
    const found = new Map(rows.map(({ userId, number }) => [userId, number]));
    return userIds.map((userId) => found.get(userId) ?? 0n);
  });
  return (userId) => batcher.load(userId);
}
