import type { Sql } from '#adapters/database/named-statements.ts';

/** Where the log of a primary is: bytes since it began, on which timeline, and of which database. */
type PrimaryPosition = { position: string; timeline: number; epoch: string; startedAt: number; clockMs: number };

/** How far a replica has come in that log; `replayedMs` is when what it showed last was committed, by the primary's clock. */
type ReplicaPosition = {
  isReplica: boolean;
  position: string | null;
  timeline: number;
  epoch: string | null;
  replayedMs: number | null;
  clockMs: number;
};

/** How a replica stands to its primary. */
export type Standing = {
  /** All that was committed so long ago is there: milliseconds. Infinity where that is not known. */
  lagMs: number;
  /** Why it is no replica of this primary, as a clause; null where it is one. */
  stranger: string | null;
  /** How far its clock is from that of the primary, at least: milliseconds. */
  skewMs: number;
  /** When the primary was started: one that took over since is another. Seconds since 1970. */
  primaryStartedAt: number;
};

/** Positions that are remembered for a replica to reach; it may be away for long. */
const MAX_AWAITED = 60;

/** Says that it was the primary which did not answer. */
export class PrimarySilent extends Error {
  override name = 'PrimarySilent';
}

/**
 * Creates what compares a replica with its primary; that throws PrimarySilent, or what the replica answered. A position that the primary had at a moment, once it is reached, says that all
 * from before that moment is there, whichever clock the machines have; the time of the last commit is more exact where one is under way.
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

/** Each told its clock at some moment of the comparison, one after the other: between them was anything up to all of its time. */
function measureSkew(differenceMs: number, halfMs: number): number {
  return Math.max(0, Math.abs(differenceMs - halfMs) - halfMs);
}

/**
 * A replica of a server that has lost to another holds what the other never had, under the same revisions. It is known by its
 * timeline, which after each promotion is a new one; replicas that follow tell theirs from the next checkpoint on.
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
