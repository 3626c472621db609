import type { Services } from '#domain/core/deps.ts';
import { JobKind } from '#generated/prisma/enums.ts';
import { percentile, RECENT_DURATIONS } from './estimates.ts';

/** The queue of one kind. Durations are those of the newest 50 successful jobs; null if there are fewer than three. */
export type KindStats = {
  kind: JobKind;
  queued: number;
  running: number;
  medianSeconds: number | null;
  p95Seconds: number | null;
};
/** The queue as a whole. */
export type QueueStats = {
  queued: number;
  running: number;
  retrying: number;
  succeededLastHour: number;
  failedLastHour: number;
  /** For how long the oldest waiting job has waited; null if none waits. */
  oldestQueuedSeconds: number | null;
  kinds: KindStats[];
};

type StatsRow = Omit<QueueStats, 'kinds'> & KindStats;

/** Counts the jobs of all users, for ADMINs; those being cancelled count as running. One statement. */
export async function queueStats({ database, now }: Services): Promise<QueueStats> {
  const rows = await database.sql<StatsRow>(
    `SELECT kinds.kind, open.*, ended.*, ${percentile(0.5)} AS "medianSeconds", ${percentile(0.95)} AS "p95Seconds"
     FROM unnest($1::job_kind[]) AS kinds (kind)
     CROSS JOIN LATERAL (
       SELECT count(*) FILTER (WHERE status = 'QUEUED')::int AS queued,
         count(*) FILTER (WHERE status = 'RETRYING')::int AS retrying,
         count(*) FILTER (WHERE status IN ('RUNNING', 'CANCELLING'))::int AS running,
         extract(epoch FROM $2::timestamptz - min(queued_at) FILTER (WHERE status = 'QUEUED'))::float8 AS "oldestQueuedSeconds"
       FROM jobs WHERE kind = kinds.kind AND status IN ('QUEUED', 'RETRYING', 'RUNNING', 'CANCELLING')
     ) open
     CROSS JOIN LATERAL (
       SELECT count(*) FILTER (WHERE status = 'SUCCEEDED')::int AS "succeededLastHour",
         count(*) FILTER (WHERE status = 'FAILED')::int AS "failedLastHour"
       FROM jobs WHERE kind = kinds.kind AND status IN ('SUCCEEDED', 'FAILED') AND finished_at > $2::timestamptz - interval '1 hour'
     ) ended
     LEFT JOIN ${RECENT_DURATIONS} ON true
     GROUP BY kinds.kind, open.queued, open.retrying, open.running, open."oldestQueuedSeconds",
       ended."succeededLastHour", ended."failedLastHour"
     ORDER BY kinds.kind`,
    [Object.values(JobKind), now()],
  );
  return sumUp(rows);
}

function sumUp(rows: readonly StatsRow[]): QueueStats {
  const total = (count: (row: StatsRow) => number) => rows.reduce((sum, row) => sum + count(row), 0);
  const waits = rows.flatMap((row) => row.oldestQueuedSeconds ?? []);
  return {
    queued: total((row) => row.queued),
    running: total((row) => row.running),
    retrying: total((row) => row.retrying),
    succeededLastHour: total((row) => row.succeededLastHour),
    failedLastHour: total((row) => row.failedLastHour),
    oldestQueuedSeconds: waits.length > 0 ? Math.max(...waits) : null,
    kinds: rows.map(({ kind, queued, running, medianSeconds, p95Seconds }) => ({
      kind,
      queued,
      running,
      medianSeconds,
      p95Seconds,
    })),
  };
}

/** The statistics of one user and kind, without kinds that have no jobs. Indexes cover the open jobs and the user's newest. */
const OWN = `SELECT requested_by_id AS owner, kind, count(*) FILTER (WHERE status = 'QUEUED')::int AS queued,
    count(*) FILTER (WHERE status = 'RETRYING')::int AS retrying,
    count(*) FILTER (WHERE status IN ('RUNNING', 'CANCELLING'))::int AS running,
    extract(epoch FROM $2::timestamptz - min(queued_at) FILTER (WHERE status = 'QUEUED'))::float8 AS "oldestQueuedSeconds",
    count(*) FILTER (WHERE status = 'SUCCEEDED')::int AS "succeededLastHour",
    count(*) FILTER (WHERE status = 'FAILED')::int AS "failedLastHour"
  FROM (
    SELECT requested_by_id, kind, status, queued_at FROM jobs
    WHERE status IN ('QUEUED', 'RETRYING', 'RUNNING', 'CANCELLING') AND requested_by_id = ANY($1)
    UNION ALL
    SELECT requested_by_id, kind, status, queued_at FROM jobs
    WHERE requested_by_id = ANY($1) AND updated_at > $2::timestamptz - interval '1 hour'
      AND status IN ('SUCCEEDED', 'FAILED') AND finished_at > $2::timestamptz - interval '1 hour'
  ) own GROUP BY requested_by_id, kind`;

const NONE = {
  queued: 0,
  running: 0,
  retrying: 0,
  succeededLastHour: 0,
  failedLastHour: 0,
  oldestQueuedSeconds: null,
};

/**
 * Counts the jobs of each of the users. That is all a user learns of the queue: what others do is not theirs to know. The durations of a
 * kind are those of all users, as in estimates. Two statements.
 */
export async function queueStatsOf({ database, now }: Services, owners: readonly string[]): Promise<QueueStats[]> {
  const [rows, durations] = await Promise.all([
    database.sql<StatsRow & { owner: string }>(OWN, [[...new Set(owners)], now()]),
    database.sql<Pick<StatsRow, 'kind' | 'medianSeconds' | 'p95Seconds'>>(
      `SELECT kinds.kind, ${percentile(0.5)} AS "medianSeconds", ${percentile(0.95)} AS "p95Seconds"
       FROM unnest($1::job_kind[]) AS kinds (kind) LEFT JOIN ${RECENT_DURATIONS} ON true GROUP BY kinds.kind ORDER BY kinds.kind`,
      [Object.values(JobKind)],
    ),
  ]);
  const counts = new Map(rows.map((row) => [`${row.owner} ${row.kind}`, row]));
  return owners.map((owner) =>
    sumUp(durations.map((kind) => ({ ...NONE, ...counts.get(`${owner} ${kind.kind}`), ...kind }))),
  );
}
