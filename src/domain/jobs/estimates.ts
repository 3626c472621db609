import type { Services } from '#domain/core/deps.ts';
import { isWaiting } from '#domain/core/job-states.ts';
import type { Job } from '#generated/prisma/client.ts';
import type { JobKind } from '#generated/prisma/enums.ts';

/** Returns how many jobs of the same kind are delivered before each; null for those that are not QUEUED. One statement. */
export async function queuePositions({ database }: Services, jobIds: readonly string[]): Promise<(number | null)[]> {
  const rows = await database.sql<{ ahead: number | null }>(
    `SELECT CASE WHEN job.id IS NOT NULL THEN (
       SELECT count(*)::int FROM jobs other
       WHERE other.kind = job.kind AND other.status IN ('QUEUED', 'RETRYING')
         AND (other.priority > job.priority
           OR (other.priority = job.priority
             AND (other.turn, other.queued_at, other.id) < (job.turn, job.queued_at, job.id)))
     ) END AS ahead
     FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (id, n)
     LEFT JOIN jobs job ON job.id = asked.id AND job.status = 'QUEUED'
     ORDER BY asked.n`,
    [jobIds],
  );
  return rows.map((row) => row.ahead);
}

/** Durations of the newest successes of kind `kinds.kind`; too few of them tell nothing. */
export const RECENT_DURATIONS = `LATERAL (
  SELECT extract(epoch FROM finished_at - started_at)::float8 AS seconds FROM jobs
  WHERE kind = kinds.kind AND status = 'SUCCEEDED' AND finished_at IS NOT NULL
  ORDER BY finished_at DESC LIMIT 50
) recent`;
/** Returns what selects the duration that such a share of them took at most; null below three. */
export const percentile = (share: number) =>
  `CASE WHEN count(recent.seconds) >= 3 THEN percentile_cont(${share}) WITHIN GROUP (ORDER BY recent.seconds) END`;

/**
 * Returns the seconds until each job is done, counted from its start while it waits; null while there are too few to compare with, and
 * for one that has ended or is being cancelled. One statement.
 *
 * The whole is (1 - p) × what such jobs took (their median) + p × what this one's pace promises (elapsed / p), which
 * trusts the pace as much as there is of it; less what has elapsed, (1 - p) × the median is left.
 */
export async function expectedSecondsLeft(
  { database }: Services,
  jobs: readonly Pick<Job, 'kind' | 'status' | 'progress'>[],
): Promise<(number | null)[]> {
  const open = jobs.filter(isOpen);
  if (open.length === 0) return jobs.map(() => null);
  const rows = await database.sql<{ kind: JobKind; median: number | null }>(
    `SELECT kinds.kind, ${percentile(0.5)} AS median
     FROM unnest($1::job_kind[]) AS kinds (kind) LEFT JOIN ${RECENT_DURATIONS} ON true GROUP BY kinds.kind`,
    [[...new Set(open.map((job) => job.kind))]],
  );
  const medians = new Map(rows.map((row) => [row.kind, row.median]));
  return jobs.map((job) => {
    const median = isOpen(job) ? (medians.get(job.kind) ?? null) : null;
    return median === null ? null : median * (1 - (job.status === 'RUNNING' ? job.progress : 0));
  });
}

const isOpen = ({ status }: Pick<Job, 'status'>) => status === 'RUNNING' || isWaiting(status);
