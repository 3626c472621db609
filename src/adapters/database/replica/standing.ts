import type { Sql } from '#adapters/database/named-statements.ts';

/** A position in a primary's WAL: bytes since its beginning, the timeline, and the database that it belongs to. */
type PrimaryPosition = { position: string; timeline: number; epoch: string; startedAt: number; clockMs: number };

/**
 * How far a replica has replayed the WAL; `replayedMs` is the commit time of the last transaction that it shows, by the primary's clock.
 */
type ReplicaPosition = {
  isReplica: boolean;
  position: string | null;
  timeline: number;
  epoch: string | null;
  replayedMs: number | null;
  clockMs: number;
};

/** The state of a replica relative to its primary. */
export type Standing = {
  /** The lag in milliseconds: everything that was committed earlier is there. Infinity if it is unknown. */
  lagMs: number;
  /** Why it is not a replica of this primary, as a clause; null if it is one. */
  stranger: string | null;
  /** The minimum difference between its clock and the primary's in milliseconds. */
  skewMs: number;
  /** When the primary was started, in seconds since 1970: a server that has taken over since has another start time. */
  primaryStartedAt: number;
};

/** How many positions are remembered for a replica to reach; it may be down for long. */
const MAX_AWAITED = 60;

/** Means that it was the primary which did not answer. */
export class PrimarySilent extends Error {
  override name = 'PrimarySilent';
}

/**
 * Creates a function that compares a replica with its primary. It throws PrimarySilent, or the error of the replica. Once the replica has
 * reached a position that the primary had at some moment, everything from before that moment is there, whatever the clocks of the
 * machines say; if a commit is in progress, the time of the last commit is more accurate.
 */
export function createComparison(primary: Sql, replica: Sql): () => Promise<Standing> {
  const awaited: { position: bigint; at: number }[] = [];
  let completeAt = Number.NEGATIVE_INFINITY;
  let reached = 0n;
  return async () => {
    const at = performance.now();
    const [here] = await primary<PrimaryPosition>(PRIMARY_POSITION).catch((cause: unknown) => {
      throw new PrimarySilent('The primary did not say where it is.', { cause });
    });
    const [there] = await replica<ReplicaPosition>(REPLICA_POSITION);
    const answeredAt = performance.now();
    if (!here || !there) throw new Error('A database has one position.');
    const position = BigInt(here.position);
    const isAhead = reached > position;
    if (awaited.length < MAX_AWAITED) awaited.push({ position, at });
    reached = BigInt(there.position ?? 0);
    while (awaited[0] && awaited[0].position <= reached) completeAt = awaited.shift()?.at as number;
    const sinceCommit = there.replayedMs === null ? Number.POSITIVE_INFINITY : here.clockMs - there.replayedMs;
    const lagMs = reached >= position ? 0 : Math.max(0, Math.min(performance.now() - completeAt, sinceCommit));
    return {
      lagMs,
      stranger: findStrangeness(here, there, isAhead),
      skewMs: measureSkew(there.clockMs - here.clockMs, (answeredAt - at) / 2),
      primaryStartedAt: here.startedAt,
    };
  };
}

/** Each returned its clock at some moment of the comparison, one after the other, so up to its whole duration lies between them. */
function measureSkew(differenceMs: number, halfMs: number): number {
  return Math.max(0, Math.abs(differenceMs - halfMs) - halfMs);
}

/**
 * A replica of a server that has lost a failover may have data that the winner never had, under the same revisions. It is recognized by
 * its timeline, which is a new one after each promotion; replicas that follow report theirs from the next checkpoint on.
 */
function findStrangeness(here: PrimaryPosition, there: ReplicaPosition, isAhead: boolean): string | null {
  if (!there.isReplica) return 'it is no replica: it takes writes itself';
  if (there.epoch !== here.epoch) return 'it is of another database';
  if (there.timeline !== here.timeline) return `it is on timeline ${there.timeline}, the primary on ${here.timeline}`;
  return isAhead ? 'it is ahead of the primary' : null;
}

const EPOCH = `(SELECT encode(value, 'base64') FROM server_settings WHERE name = 'epoch')`;

const PRIMARY_POSITION = /* sql */ `
SELECT (pg_current_wal_lsn() - '0/0')::text AS position,
  ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int AS timeline, ${EPOCH} AS epoch,
  extract(epoch FROM pg_postmaster_start_time())::float8 AS "startedAt",
  (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "clockMs"`;

const REPLICA_POSITION = /* sql */ `
SELECT pg_is_in_recovery() AS "isReplica", (pg_last_wal_replay_lsn() - '0/0')::text AS position,
  (SELECT timeline_id FROM pg_control_checkpoint()) AS timeline, ${EPOCH} AS epoch,
  (extract(epoch FROM pg_last_xact_replay_timestamp()) * 1000)::float8 AS "replayedMs",
  (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "clockMs"`;
